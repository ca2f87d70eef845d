import type { Libp2p } from "@libp2p/interface";

import { assert, type NodeId } from "@guts/primitives";

import { CallClient } from "./call-client.ts";
import { isProtocolName } from "./call-format.ts";
import { CallServer } from "./call-server.ts";
import { createCounters } from "./counters.ts";
import type { NetworkServices } from "./create-libp2p.ts";
import { Dialer } from "./dialer.ts";
import { NetworkError } from "./errors.ts";
import { Gossip, type GossipOptions } from "./gossip.ts";
import { parseNodeAddress, type NodeAddress } from "./identity.ts";
import type { NetworkLimits } from "./limits.ts";
import type { Channel, Link } from "./link.ts";
import { Links } from "./links.ts";
import type { Membership } from "./membership.ts";
import type {
  GossipVerdict,
  Network,
  NetworkLog,
  NetworkMetrics,
  NetworkOptions,
  PeerInfo,
  RequestOptions,
} from "./network.ts";
import { Routing } from "./routing.ts";

/** Points for breaking the rules of frames or of gossip. Two frames in half a minute ban a node, or many messages. */
const framePoints = 60;
const gossipPoints = 10;

/** What a network stands on. */
export interface Foundation {
  readonly self: NodeId;
  /** Begins the names of all protocols of this network. */
  readonly prefix: string;
  readonly options: NetworkOptions;
  readonly bootstrap: readonly NodeAddress[];
  readonly limits: NetworkLimits;
  readonly membership: Membership;
  readonly log: NetworkLog;
}

/** What exists once libp2p runs. */
interface Running {
  readonly libp2p: Libp2p<NetworkServices>;
  readonly dialer: Dialer;
  readonly gossip: Gossip;
  readonly routing: Routing;
}

/** A network over one libp2p node. Made and started by `openNetwork`. */
export class OpenNetwork implements Network {
  readonly nodeId: NodeId;
  readonly #foundation: Foundation;
  readonly #counters = createCounters();
  readonly #channels = new Map<number, Channel>();
  readonly #listeners: ((change: { readonly nodeId: NodeId; readonly isConnected: boolean }) => void)[] = [];
  readonly #closed = new AbortController();
  readonly #links: Links;
  readonly #callClient: CallClient;
  readonly #callServer: CallServer;
  #state: Running | undefined;

  constructor(foundation: Foundation) {
    const { self, prefix, limits, log, membership } = foundation;
    const counters = this.#counters;
    this.nodeId = self;
    this.#foundation = foundation;
    this.#links = new Links({
      self,
      protocol: `/${prefix}/link/1`,
      channels: this.#channels,
      limits,
      counters,
      log,
      isAdmitted: membership.isAdmitted,
      onChange: this.#onChange,
      onViolation: (nodeId, violation) => this.penalize(nodeId, framePoints, violation.code),
    });
    this.#callClient = new CallClient({
      protocol: this.#callProtocol,
      limits,
      counters,
      connectionTo: (nodeId) => this.#linkWith(nodeId).connection,
    });
    this.#callServer = new CallServer({
      limits,
      counters,
      log,
      roleOf: membership.roleOf,
      closed: this.#closed.signal,
    });
  }

  /** Clears the way for a connection, or refuses it; see `Links`. */
  readonly makeWay = (nodeId: NodeId): boolean => this.#links.makeWay(nodeId);

  /** Counts a stranger that was turned away. */
  readonly onConnectionRefused = (): void => {
    this.#counters.connectionsRefused += 1;
  };

  gossipOptions(prefix: string): GossipOptions {
    const { options, limits, log } = this.#foundation;
    const topics = options.topics ?? [];
    for (const topic of topics) assert(isProtocolName(topic), "a topic is 1 to 64 of a-z 0-9 / . -");
    const onRejected = (from: NodeId, topic: string) => this.penalize(from, gossipPoints, `rejected-gossip ${topic}`);
    return { prefix, topics, limits, log, onRejected };
  }

  /** Takes over a libp2p node, starts it and begins to dial. */
  async start(libp2p: Libp2p<NetworkServices>, gossip: GossipOptions): Promise<void> {
    const { self, options, bootstrap, limits, membership, log } = this.#foundation;
    const routing = new Routing(libp2p.contentRouting, libp2p.peerRouting, membership.isAdmitted);
    const dialer = new Dialer({
      self,
      libp2p,
      links: this.#links,
      limits,
      counters: this.#counters,
      log,
      random: options.random ?? Math.random,
      findPeer: (nodeId, signal) => this.findPeer(nodeId, signal),
    });
    this.#state = { libp2p, dialer, routing, gossip: new Gossip(libp2p.services.gossip, gossip) };
    await libp2p.handle(this.#callProtocol, this.#callServer.onStream, {
      maxInboundStreams: limits.callStreamCountMax,
    });
    await this.#links.start(libp2p);
    await libp2p.start();
    for (const address of bootstrap) dialer.addAddress(address);
    this.keepConnected([]);
  }

  get addresses(): readonly string[] {
    return this.#running.libp2p.getMultiaddrs().map((address) => address.toString());
  }

  peers(): readonly PeerInfo[] {
    return [...this.#links.all()].map((link) => this.#describe(link)).sort((a, b) => (a.nodeId < b.nodeId ? -1 : 1));
  }

  onPeers(listener: (change: { readonly nodeId: NodeId; readonly isConnected: boolean }) => void): void {
    this.#listeners.push(listener);
  }

  metrics(): NetworkMetrics {
    return { ...this.#counters, peerCount: [...this.#links.all()].length };
  }

  send(to: NodeId, channel: number, frame: Uint8Array): boolean {
    return this.#links.get(to)?.send(channel, frame) ?? false;
  }

  onFrame(channel: number, frameBytesMax: number, handler: (from: NodeId, frame: Uint8Array) => void): void {
    assert(Number.isInteger(channel) && channel >= 1 && channel <= 255, "a channel is 1 to 255");
    assert(frameBytesMax <= this.#foundation.limits.frameBytesMax, "above the cap of all frames");
    assert(!this.#channels.has(channel), "a channel has one handler");
    this.#channels.set(channel, { frameBytesMax, handler });
  }

  async request(
    to: NodeId,
    protocol: string,
    body: Uint8Array,
    { signal, responseBytesMax }: { readonly signal: AbortSignal; readonly responseBytesMax: number },
  ): Promise<Uint8Array> {
    return this.#callClient.request({ to, name: protocol, body, signal }, responseBytesMax);
  }

  onRequest(
    protocol: string,
    options: RequestOptions,
    handler: (from: NodeId, body: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>,
  ): void {
    this.#callServer.register(protocol, { ...options, isStream: false }, async function* (from, body, signal) {
      yield await handler(from, body, signal);
    });
  }

  openStream(
    to: NodeId,
    protocol: string,
    body: Uint8Array,
    { signal }: { readonly signal: AbortSignal },
  ): AsyncIterable<Uint8Array> {
    return this.#callClient.stream({ to, name: protocol, body, signal });
  }

  onStream(
    protocol: string,
    options: RequestOptions,
    handler: (from: NodeId, body: Uint8Array, signal: AbortSignal) => AsyncIterable<Uint8Array>,
  ): void {
    this.#callServer.register(protocol, { ...options, isStream: true }, handler);
  }

  publish(topic: string, bytes: Uint8Array): void {
    this.#running.gossip.publish(topic, bytes);
  }

  subscribe(topic: string, bytesMax: number, handler: (from: NodeId, bytes: Uint8Array) => GossipVerdict): void {
    this.#running.gossip.subscribe(topic, bytesMax, handler);
  }

  async provide(key: Uint8Array, signal: AbortSignal): Promise<void> {
    return this.#running.routing.provide(key, signal);
  }

  findProviders(key: Uint8Array, signal: AbortSignal): AsyncIterable<NodeId> {
    return this.#running.routing.findProviders(key, signal);
  }

  async findPeer(nodeId: NodeId, signal: AbortSignal): Promise<readonly string[]> {
    return this.metrics().peerCount === 0 ? [] : this.#running.routing.findPeer(nodeId, signal);
  }

  penalize(nodeId: NodeId, points: number, reason: string): void {
    const { membership, log } = this.#foundation;
    this.#counters.penalties += 1;
    if (!membership.penalize(nodeId, points, reason)) return;
    this.#counters.bans += 1;
    log.warn({ nodeId, reason }, "a node is banned for a while");
    this.#links.disconnect(nodeId, "banned");
  }

  addAddress(multiaddr: string): void {
    this.#running.dialer.addAddress(parseNodeAddress(multiaddr));
  }

  async connect(nodeId: NodeId, signal: AbortSignal): Promise<void> {
    return this.#running.dialer.connect(nodeId, signal);
  }

  keepConnected(nodes: Iterable<NodeId>): void {
    const { bootstrap, membership } = this.#foundation;
    this.#running.dialer.keep(new Set([...bootstrap.map(({ nodeId }) => nodeId), ...nodes]));
    for (const { nodeId } of [...this.#links.all()])
      if (!membership.isAdmitted(nodeId)) this.#links.disconnect(nodeId, "no longer admitted");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed.signal.aborted) return;
    const { libp2p, dialer } = this.#running;
    this.#closed.abort(new NetworkError("closed", "this network is closed", {}));
    dialer.close();
    this.#links.close();
    await within(this.#foundation.limits.closeMs, libp2p.stop());
  }

  get #callProtocol(): string {
    return `/${this.#foundation.prefix}/call/1`;
  }

  get #running(): Running {
    assert(this.#state !== undefined, "the network is used before it is open");
    if (this.#closed.signal.aborted) throw new NetworkError("closed", "this network is closed", {});
    return this.#state;
  }

  #linkWith(nodeId: NodeId): Link {
    const link = this.#links.get(nodeId);
    if (link === undefined) throw new NetworkError("not-connected", "the node is not connected", { nodeId });
    return link;
  }

  #describe(link: Link): PeerInfo {
    const { nodeId, connectedSince, rttMs, isAnswering, traffic, queuedBytes, connection } = link;
    const { membership } = this.#foundation;
    return {
      nodeId,
      role: membership.roleOf(nodeId),
      connectedSince,
      rttMs,
      isAnswering,
      address: connection.remoteAddr.toString(),
      ...traffic,
      queuedBytes,
      score: membership.scoreOf(nodeId),
    };
  }

  readonly #onChange = (nodeId: NodeId, isConnected: boolean): void => {
    this.#state?.dialer.onChange(nodeId, isConnected);
    for (const listener of this.#listeners) listener({ nodeId, isConnected });
  };
}

/** Waits for a promise, but no longer than `timeoutMs`. */
async function within(timeoutMs: number, promise: void | Promise<void>): Promise<void> {
  const expired = Promise.withResolvers<void>();
  const timer = setTimeout(expired.resolve, timeoutMs);
  try {
    await Promise.race([promise, expired.promise]);
  } finally {
    clearTimeout(timer);
  }
}
