/** What the main thread and the chain thread of a node ask and tell each other. */
import type { ConsensusStatus } from "@guts/consensus";
import type { ExecutedBlock } from "@guts/ledger";
import type { PeerInfo, RequestOptions } from "@guts/network";
import type { Digest, Height, NodeId, PrivateSeed, TimeMs } from "@guts/primitives";
import type { QuorumState } from "@guts/server";
import type { Finality } from "@guts/verifier";
import type { NamedContents } from "@guts/ledger";

/** What the chain thread is started with. */
export interface ChainThreadData {
  /** Holds the chain's stores. */
  readonly directory: string;
  /** Holds the journal of votes. */
  readonly journalDirectory: string;
  /** The genesis document's bytes. */
  readonly genesis: Uint8Array;
  readonly nodeSeed: PrivateSeed;
  readonly consensusSeed: PrivateSeed;
  readonly version: string;
  /** Where people reach this node. */
  readonly publicUrl: string;
  readonly p2p: {
    readonly host: string;
    readonly port: number;
    readonly announce: readonly string[];
    readonly peers: readonly string[];
  };
}

/** A block that became final, without the pages of its tree. */
export interface FinalBlock {
  readonly block: Omit<ExecutedBlock, "tree">;
  readonly finality: Finality;
}

/** What the chain thread says to a transaction of this node: it waits now, or was not taken. */
export type SubmitReceipt =
  | { readonly outcome: "queued" }
  | { readonly outcome: "queue-full" }
  /** So few validators are connected that nothing can become final. */
  | { readonly outcome: "validators-missing"; readonly quorum: QuorumState };

/** A validator or another node as this one sees it. */
export interface NodeSight {
  readonly nodeId: NodeId;
  readonly isConnected: boolean;
  /** False while it is connected and answers nothing. */
  readonly isAnswering: boolean;
  /** The newest height that it said to serve; undefined before it said any. */
  readonly servedHeight: Height | undefined;
  /** Its release, and where people reach it; undefined before it said. */
  readonly version: string | undefined;
  readonly url: string | undefined;
  /** When it was last heard of, by this node's clock. */
  readonly heardTime: TimeMs | undefined;
  readonly rttMs: number | undefined;
}

/** What the chain thread knows at one moment. */
export interface ChainThreadStatus {
  readonly consensus: ConsensusStatus;
  readonly nodes: readonly NodeSight[];
  readonly peers: readonly PeerInfo[];
  readonly addresses: readonly string[];
  /** How far this node's clock is ahead of the other validators', in milliseconds; undefined while too few are connected. */
  readonly clockAheadMs: number | undefined;
  /** Set while blocks are fetched from others. */
  readonly syncTarget: Height | undefined;
}

/** A request to another node. */
export interface OutgoingRequest {
  readonly to: NodeId;
  readonly protocol: string;
  readonly body: Uint8Array;
}

/** What the main thread asks and tells. */
export interface MainSide {
  readonly calls: {
    /** Opens the doors of consensus: everything before the newest block is projected. */
    readonly begin: { readonly takes: undefined; readonly gives: void };
    readonly submit: {
      readonly takes: { readonly raw: Uint8Array; readonly contents: NamedContents };
      readonly gives: SubmitReceipt;
    };
    readonly setNote: { readonly takes: NamedNote; readonly gives: void };
    readonly request: {
      readonly takes: OutgoingRequest & { readonly responseBytesMax: number };
      readonly gives: Uint8Array;
    };
    /** Opens a stream; its pieces are pulled one by one. */
    readonly openStream: { readonly takes: OutgoingRequest; readonly gives: number };
    readonly pullStream: { readonly takes: number; readonly gives: Uint8Array | undefined };
    readonly provide: { readonly takes: Uint8Array; readonly gives: void };
    readonly findProviders: { readonly takes: Uint8Array; readonly gives: readonly NodeId[] };
    readonly close: { readonly takes: undefined; readonly gives: void };
  };
  readonly notices: {
    /** Doors of this node serve this height. */
    readonly served: Height;
    readonly deferNote: NamedNote;
    /** A transaction of this node needs no block any more. */
    readonly withdraw: Digest;
    readonly closeStream: number;
    /** Requests of this protocol are answered by the main thread. Told before `begin`. */
    readonly serveProtocol: ServedProtocol;
  };
}

/** A protocol that the main thread answers. */
export interface ServedProtocol {
  readonly protocol: string;
  readonly type: "request" | "stream";
  readonly options: RequestOptions;
}

/** A node's own note beside the state. */
export interface NamedNote {
  readonly name: string;
  readonly value: Uint8Array;
}

/** A request of another node. */
export interface IncomingRequest {
  readonly from: NodeId;
  readonly protocol: string;
  readonly body: Uint8Array;
}

/** What the chain thread asks and tells. */
export interface ThreadSide {
  readonly calls: {
    readonly answer: { readonly takes: IncomingRequest; readonly gives: Uint8Array };
    readonly openStream: { readonly takes: IncomingRequest; readonly gives: number };
    readonly pullStream: { readonly takes: number; readonly gives: Uint8Array | undefined };
  };
  readonly notices: {
    /** The stores are open. */
    readonly opened: Height;
    readonly applied: FinalBlock;
    /** Every second, when a node connects or leaves, and when one says what it serves. Comes before `peersServed`. */
    readonly status: ChainThreadStatus;
    /** Every connected, healthy validator serves up to this height. */
    readonly peersServed: number;
    readonly closeStream: number;
    readonly log: {
      readonly level: "debug" | "info" | "warn" | "error";
      readonly fields: object;
      readonly message: string;
    };
    readonly failed: { readonly message: string; readonly stack: string | undefined; readonly code: unknown };
  };
}
