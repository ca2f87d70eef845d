import type { Height, NodeId } from "@guts/primitives";

/**
 * What this node sees of the others and of consensus right now. Every read is synchronous and cheap: pages, metrics and the
 * last line of each push ask it. Nothing here is a fact of the ledger; two nodes may see it differently.
 */
export interface NetworkView {
  /** Multiaddrs with this node's peer id, as others dial them: what a node that joins begins with. */
  addresses(): readonly string[];
  /** Every other node that this one has heard of since it started. */
  peers(): readonly PeerView[];
  consensus(): ConsensusView;
  /** How this node follows the chain. */
  sync(): SyncView;
  /** How far this node's clock is ahead of the other validators', in milliseconds; undefined while too few are connected. */
  clockAheadMs(): number | undefined;
  /** The bytes of the genesis document, whose hash is the network's id. */
  genesis(): Uint8Array;
}

/** Another node. What it says of itself is undefined until it has said it. */
export interface PeerView {
  readonly nodeId: NodeId;
  readonly isConnected: boolean;
  /** The newest height that it reported. */
  readonly height: Height | undefined;
  /** Its software, such as `0.1.0`. */
  readonly version: string | undefined;
  /** Where people reach it, such as `https://git.example.org`. */
  readonly url: string | undefined;
  readonly rttMs: number | undefined;
  /** Wall time of this node's clock, in milliseconds, when it last heard of the peer. */
  readonly lastSeenMs: number | undefined;
  readonly bytesReceived: number;
  readonly bytesSent: number;
}

/** One attempt to move a pack between this node and another, told when it is over. */
export interface PackTransfer {
  /** Whether this node got the bytes or gave them. */
  readonly direction: "in" | "out";
  /** `stream`: over the nodes' link, where the holder's addresses could not be reached. */
  readonly way: "tls" | "stream";
  readonly outcome: "complete" | "refused" | "broken";
  readonly bytes: number;
  readonly seconds: number;
  /** Whether it went on where an earlier attempt had broken off. */
  readonly isResumed: boolean;
}

/** Where agreement is. */
export interface ConsensusView {
  readonly epoch: number;
  readonly view: number;
  /** Who proposes in this view; undefined while the node does not take part. */
  readonly leader: NodeId | undefined;
  /** Views of this epoch that ended without a block. */
  readonly nullifiedViewCount: number;
  /** Validators that are proved to have contradicted themselves. */
  readonly evidenceCount: number;
}

/** Whether this node is where the network is. */
export type SyncView =
  | { readonly state: "current" }
  /** Blocks up to `target` are known to be final; this node applies them. */
  | { readonly state: "catching-up"; readonly target: Height }
  /** Peers turn this node away, since the ledger they follow does not admit it. */
  | { readonly state: "not-admitted" }
  /** Nobody is connected whom this node could ask. */
  | { readonly state: "alone" };

/** How many validators a network has, how many this node sees at work (itself included), and how many must agree. */
export interface QuorumState {
  readonly validatorCount: number;
  readonly upCount: number;
  readonly neededCount: number;
}
