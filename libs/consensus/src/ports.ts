/** What consensus needs of its host: execution, a journal, a transport, a clock, signatures. All of it synchronous. */
import type { Digest, Height, Signature, TimeMs } from "@guts/primitives";
import type { Certificate, Header, Validator, VoteStatement } from "@guts/verifier";
import type { Evidence } from "./evidence.ts";
import type { Timing } from "./timing.ts";
import type { VotingRules } from "./voting-rules.ts";

/** A block that a leader proposed. `body` is opaque: transactions and whatever else a vote for it needs. */
export interface Proposal {
  readonly header: Header;
  readonly hash: Digest;
  readonly body: Uint8Array;
}

/** Who sent a frame or is to receive one: below the number of validators their index, from there on any other node. */
export type Peer = number;

/** Where a proposal is to stand. */
export interface ProposalPlace {
  /** The hash of a block that was executed, of the last finalized one, or of genesis. */
  readonly parent: Digest;
  readonly epoch: number;
  readonly view: number;
  readonly proposer: number;
  readonly time: TimeMs;
}

/** What execution says of a proposal. */
export type ExecutionOutcome =
  | { readonly outcome: "valid" }
  /** No quorum of correct nodes can notarize this header. */
  | { readonly outcome: "invalid"; readonly code: string }
  /** The header does not commit to this body: who sent it is at fault, and the header may be good. */
  | { readonly outcome: "not-the-body" };

/** Gives blocks their meaning. The host keeps overlays of executed, not yet finalized blocks by hash. */
export interface Execution {
  /** A block on `place.parent`. Undefined when there is nothing to propose, which `mustPropose` forbids. */
  build(
    place: ProposalPlace,
    options: { readonly mustPropose: boolean },
  ): { readonly header: Header; readonly body: Uint8Array } | undefined;
  /** Runs a proposal on its parent, which was executed before or is the last finalized block. */
  execute(proposal: Proposal): ExecutionOutcome;
  /**
   * The block is final. Called in the order of the chain, once for each height; durable when it returns. `certificate` finalizes
   * this block or a descendant of it, which `certificate.header` names.
   */
  commit(proposal: Proposal, certificate: Certificate): void;
  /** The block was executed and can no longer become final. */
  discard(hash: Digest): void;
}

/** Sends frames: best effort, in order for each peer, bounded. Frames may be lost; consensus repeats what matters. */
export interface Transport {
  send(to: Peer, frame: Uint8Array): void;
  /** To every other validator, and to the nodes that follow this one. */
  broadcast(frame: Uint8Array): void;
}

/** Durable records in the order of their writing. One writer. */
export interface Journal {
  /** All records, oldest first. Read once, before the first append. */
  read(): Iterable<Uint8Array>;
  append(record: Uint8Array): void;
  /** Makes everything appended durable. */
  sync(): void;
  /** Bytes appended since the journal was made or compacted. */
  readonly bytes: number;
  /** Replaces everything by `keep`, durably; a crash leaves the old records, or the new ones, or both. */
  compact(keep: Iterable<Uint8Array>): void;
}

/** Wall time for headers, monotonic time for timers, both in milliseconds. */
export interface Clock {
  now(): number;
  monotonic(): number;
  /** Calls `fire` once after `delayMs`, never within this call; 0 is as soon as the event loop comes round. Returns what cancels it. */
  setTimer(delayMs: number, fire: () => void): () => void;
}

/** Signs as this node and verifies the votes of validators, by their index. Pure. */
export interface VoteSignatures {
  sign(statement: VoteStatement): Signature;
  verify(validator: number, statement: VoteStatement, signature: Signature): boolean;
}

/** A block that is final, as far as consensus cares. Genesis has height 0, view 0 and no header. */
export interface FinalizedBlock {
  readonly hash: Digest;
  readonly height: Height;
  readonly view: number;
  readonly time: TimeMs;
  readonly header?: Header | undefined;
  /** Finalizes it or a descendant. Only genesis, and the last block of the epoch before, are without: those are in view 0. */
  readonly certificate?: Certificate | undefined;
}

/** A finalization whose blocks this node cannot get from recent proposals. */
export interface Behind {
  readonly height: Height;
  readonly view: number;
  readonly certificate: Certificate;
  /** Who sent it. */
  readonly from: Peer;
}

/** What a peer did wrong. */
export type Misbehaviour =
  | "malformed"
  | "wrong-epoch"
  | "unknown-validator"
  | "impersonation"
  | "not-the-leader"
  | "wrong-signature"
  | "wrong-certificate"
  | "wrong-header"
  | "wrong-body"
  | "flooding"
  | "equivocation";

/** Whether this node votes. */
export type Standing =
  /** It follows: it is no validator. */
  | "observer"
  /** It waits a moment for its peers to say what they have of its votes. */
  | "asking"
  /** Votes of its key exist that its journal does not hold: it waits until it is safe to vote again. */
  | "amnesiac"
  | "voting";

/** What happens that the host should know. Called after the journal was synced. Never throw. */
export interface ConsensusEvents {
  /** The host brings the blocks and calls `raiseFloor`. Repeated while it lasts. */
  onBehind?(behind: Behind): void;
  /** A validator signed two statements that contradict each other. Once for each validator and start. */
  onEvidence?(evidence: Evidence): void;
  onMisbehaviour?(from: Peer, reason: Misbehaviour): void;
  /** A quorum holds a block for valid that this node does not: it cannot follow any more. */
  onDiverged?(block: { readonly hash: Digest; readonly height: number; readonly code: string }): void;
  onStanding?(standing: Standing): void;
  /** A port failed or an invariant broke: the engine has stopped, the process must. */
  onFailure(failure: unknown): void;
}

/** The terms of one epoch at one node. */
export interface ConsensusOptions {
  readonly networkId: Digest;
  readonly epoch: number;
  readonly validators: readonly Validator[];
  /** This node's index, or undefined for an observer. */
  readonly self: number | undefined;
  readonly signatures: VoteSignatures;
  readonly timing: Timing;
  /** Where the chain of the host ends: the truth about what is final. */
  readonly finalized: FinalizedBlock;
  /** Unpredictable, below 2^53, another one at each start: names the question about this node's earlier votes. */
  readonly nonce: number;
  /** The voting rules; tests replace single ones. */
  readonly rules?: VotingRules;
}

/** The host's side. */
export interface ConsensusPorts {
  readonly execution: Execution;
  readonly journal: Journal;
  readonly transport: Transport;
  readonly clock: Clock;
  readonly events: ConsensusEvents;
}

/** What an operator sees. */
export interface ConsensusStatus {
  readonly standing: Standing;
  readonly epoch: number;
  readonly view: number;
  readonly leader: number;
  readonly finalizedHeight: Height;
  readonly finalizedView: number;
  /** Views above the last finalized one of which anything is held. */
  readonly viewCount: number;
  /** Blocks that a quorum notarized above the last finalized one. */
  readonly notarizedCount: number;
  /** Validators that were heard of lately or are connected, this one included. */
  readonly activeCount: number;
  readonly quorum: number;
  /** How many validators contradicted themselves. */
  readonly equivocatorCount: number;
}

/**
 * What a host holds: the engine of one epoch. It acts in turns: what came in since the last one is drained, everything is decided,
 * all records are appended to the journal, one sync, and only then is anything sent, committed or reported.
 */
export interface Consensus {
  /** Recovers from the journal and begins. Frames that come before are dropped. */
  start(): void;
  /** A frame of a peer whose identity the transport has proved. Bounded: what does not fit is dropped. */
  receive(from: Peer, frame: Uint8Array): void;
  /** Whether transactions wait. Call it again with true when there are more: a leader asks for a block each time. */
  setPending(hasWork: boolean): void;
  /** A peer's connection came up or went down. */
  setConnected(peer: Peer, isConnected: boolean): void;
  /** The host applied blocks by itself, up to this one. Ignored when consensus is as far. Commits follow from there. */
  raiseFloor(finalized: FinalizedBlock): void;
  status(): ConsensusStatus;
  /** Cancels the timers; every later call does nothing. */
  stop(): void;
}
