/**
 * What other libraries see of the network: nodes by their `NodeId`, and bytes.
 *
 * Every connection is authenticated: a `NodeId` that this interface names has proved that it holds the key. Nothing
 * here knows what the bytes mean, nor who is admitted; it asks `roleOf`.
 */
import type { Digest, NodeId, PrivateSeed } from "@guts/primitives";

/** What an admitted node is in the network. A node without a role is a stranger. */
export type NodeRole = "validator" | "node";

/** How a node takes part in the network. */
export interface NetworkOptions {
  /** The seed of the node key, which is also the key of its TLS certificates. Never the consensus key. */
  readonly seed: PrivateSeed;
  /** Hash of genesis. Nodes of different networks do not understand each other. */
  readonly networkId: Digest;
  /** Where to accept connections; port 0 takes any free one. Undefined: only dials. */
  readonly listen: { readonly host: string; readonly port: number } | undefined;
  /**
   * Multiaddrs with `/p2p/` of nodes to stay connected with: the bootstrap list. Naming a node here admits its
   * connection, for a newcomer cannot know who is admitted before it has spoken with someone; it gives no role.
   */
  readonly peers: readonly string[];
  /** What the ledger says now of a node. Asked at every connection and request: cheap, and never throws. */
  readonly roleOf: (nodeId: NodeId) => NodeRole | undefined;
  /** The topics of gossip that exist; 1 to 64 of `a-z 0-9 / . -` each. Others are not subscribed to, published or stored. */
  readonly topics?: readonly string[];
  /** Multiaddrs told to others instead of those listened on. */
  readonly announce?: readonly string[];
  /** Told of every penalty. Never throws. */
  readonly onMisbehaviour?: (report: MisbehaviourReport) => void;
  /** Told of what an operator may want to see. Constant messages; never bytes of peers. */
  readonly log?: NetworkLog;
  /** A number from 0 up to 1, for jitter. */
  readonly random?: () => number;
  /** Called before anybody can connect: handlers of frames, requests, streams and peers are registered here. */
  readonly prepare?: (network: Pick<Network, "onFrame" | "onRequest" | "onStream" | "onPeers">) => void;
}

/** Where the network says what it does; a pino logger is one. */
export interface NetworkLog {
  debug(fields: object, message: string): void;
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

/** A penalty and what it led to. */
export interface MisbehaviourReport {
  readonly nodeId: NodeId;
  readonly points: number;
  readonly reason: string;
  /** Whether the node is now disconnected and kept away for a while. */
  readonly isBanned: boolean;
}

/** A connected node. */
export interface PeerInfo {
  readonly nodeId: NodeId;
  /** Undefined for a node of the bootstrap list that the ledger does not know (yet). */
  readonly role: NodeRole | undefined;
  /** Milliseconds since 1970 by this node's clock. */
  readonly connectedSince: number;
  /** Round trip of the last ping, in milliseconds; undefined before the first. */
  readonly rttMs: number | undefined;
  /** False while it leaves pings unanswered and says nothing else, which ends in its disconnection. */
  readonly isAnswering: boolean;
  /** The multiaddr of the connection. */
  readonly address: string;
  /** Payload bytes of the direct stream since it was opened. */
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly framesIn: number;
  readonly framesOut: number;
  /** Frames that `send` refused because the queue was full. */
  readonly framesRefused: number;
  /** Bytes that wait to be sent. */
  readonly queuedBytes: number;
  /** 0 is spotless; penalties make it negative and fade. */
  readonly score: number;
}

/** Sums since the network was opened. */
export interface NetworkMetrics {
  readonly peerCount: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly framesIn: number;
  readonly framesOut: number;
  readonly framesRefused: number;
  /** Times that reading from a peer was paused because it sent faster than its rate. */
  readonly throttles: number;
  readonly requestsOut: number;
  readonly requestsOutFailed: number;
  readonly requestsIn: number;
  /** Requests and streams of peers that were answered `busy` or `refused`. */
  readonly requestsInRefused: number;
  readonly streamsIn: number;
  readonly streamsOut: number;
  readonly streamBytesIn: number;
  readonly streamBytesOut: number;
  readonly dials: number;
  readonly dialsFailed: number;
  /** Connections of strangers and of banned nodes that were turned away. */
  readonly connectionsRefused: number;
  readonly disconnects: number;
  readonly penalties: number;
  readonly bans: number;
}

/** Who may call a protocol and what it may cost. */
export interface RequestOptions {
  readonly requestBytesMax: number;
  /** Requests of this protocol in work at once; one more is answered `busy`. A peer gets at most half, and at least one. */
  readonly concurrencyMax: number;
  readonly roles: readonly NodeRole[];
}

/** What a gossiped message deserves: pass it on; keep it to ourselves; or keep it and blame the peer. */
export type GossipVerdict = "accept" | "ignore" | "reject";

/** A node's view of its network. Dispose it to leave; that takes less than a second. */
export interface Network extends AsyncDisposable {
  /** This node. */
  readonly nodeId: NodeId;
  /** Multiaddrs with `/p2p/` that others can dial. */
  readonly addresses: readonly string[];
  /** Nodes with an open direct stream, in the order of their ids. */
  peers(): readonly PeerInfo[];
  /** Tells of every direct stream that opens or ends. */
  onPeers(listener: (change: { readonly nodeId: NodeId; readonly isConnected: boolean }) => void): void;
  metrics(): NetworkMetrics;

  /**
   * Sends a frame over the direct stream: ordered, at most once, not acknowledged. The bytes must not change
   * afterwards. False when the node is not connected or its queue is full; nothing was sent then.
   */
  send(to: NodeId, channel: number, frame: Uint8Array): boolean;
  /**
   * Receives the frames of a channel, 1 to 255. A frame above `frameBytesMax` or of a channel without handler
   * ends the connection and costs the sender points. `frame` is the handler's own.
   */
  onFrame(channel: number, frameBytesMax: number, handler: (from: NodeId, frame: Uint8Array) => void): void;

  /** Asks a connected node, over a stream of its own. Throws `NetworkError`, or the signal's reason. */
  request(
    to: NodeId,
    protocol: string,
    body: Uint8Array,
    options: { readonly signal: AbortSignal; readonly responseBytesMax: number },
  ): Promise<Uint8Array>;
  /** Answers requests. What the handler throws is told to the caller as `failed`, without details. */
  onRequest(
    protocol: string,
    options: RequestOptions,
    handler: (from: NodeId, body: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>,
  ): void;

  /**
   * Asks for a stream of bytes. It is read only as fast as it is consumed; leaving the loop closes it. Throws in
   * the loop when the stream did not end as the sender meant it to.
   */
  openStream(
    to: NodeId,
    protocol: string,
    body: Uint8Array,
    options: { readonly signal: AbortSignal },
  ): AsyncIterable<Uint8Array>;
  /** Answers with streams of bytes; pulls from the handler only as fast as the peer reads. */
  onStream(
    protocol: string,
    options: RequestOptions,
    handler: (from: NodeId, body: Uint8Array, signal: AbortSignal) => AsyncIterable<Uint8Array>,
  ): void;

  /** Gossips to everyone who subscribed; best effort. The same bytes are delivered once. */
  publish(topic: string, bytes: Uint8Array): void;
  /** Receives gossip, from the neighbour `from` who need not be its author. What was not accepted is not passed on. */
  subscribe(topic: string, bytesMax: number, handler: (from: NodeId, bytes: Uint8Array) => GossipVerdict): void;

  /** Announces in the distributed hash table that this node holds what `key` names. */
  provide(key: Uint8Array, signal: AbortSignal): Promise<void>;
  /** Admitted nodes that announced `key`. A hint: they may not hold it. */
  findProviders(key: Uint8Array, signal: AbortSignal): AsyncIterable<NodeId>;
  /** Multiaddrs with `/p2p/` under which others know the node; empty when nobody does. */
  findPeer(nodeId: NodeId, signal: AbortSignal): Promise<readonly string[]>;

  /** Takes points off a node's score; they fade by half a minute's half-life. Below the threshold it is banned for a while. */
  penalize(nodeId: NodeId, points: number, reason: string): void;
  /** Learns where a node may be. Throws `bad-address`. */
  addAddress(multiaddr: string): void;
  /** Resolves when the direct stream with the node is open. Throws `not-connected`, or the signal's reason. */
  connect(nodeId: NodeId, signal: AbortSignal): Promise<void>;
  /**
   * The nodes to stay connected with, besides those of the bootstrap list; replaces the earlier ones. Also asks
   * `roleOf` again for every connected node: call it whenever the ledger's set of validators or nodes changed.
   */
  keepConnected(nodes: Iterable<NodeId>): void;
}
