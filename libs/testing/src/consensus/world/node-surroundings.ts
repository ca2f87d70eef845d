import type {
  Behind,
  Consensus,
  ConsensusOptions,
  ConsensusPorts,
  Evidence,
  Message,
  Misbehaviour,
  Peer,
} from "@guts/consensus";
import type { Header } from "@guts/verifier";
import type { Random } from "../../random.ts";
import type { Scheduler } from "./scheduler.ts";
import type { HostBehaviour, HostFinalBlock, HostTerms } from "./simulated-host.ts";
import type { SimulatedNode } from "./simulated-node.ts";

/** When the simulated calendar begins. */
export const epochStartMs = 1_800_000_000_000;

/** What makes the core of one epoch: the product's constructor, or a mutation of it. */
export type MakeConsensus = (options: ConsensusOptions, ports: ConsensusPorts) => Consensus;

/** How a node differs from one that runs the product on a good machine; everything absent is ordinary. */
export interface NodeQuirks {
  readonly host?: HostBehaviour;
  /** What goes out instead of a message to `to`; undefined sends it as it is. */
  readonly outgoing?: (message: Message, to: Peer) => readonly Message[] | undefined;
}

/** What a node needs of the world around it. */
export interface NodeSurroundings {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly terms: HostTerms;
  readonly make: MakeConsensus;
  /** Everything of the options that is the same at each start. */
  readonly options: Omit<ConsensusOptions, "finalized" | "nonce">;
  readonly journalScale: number;
  /** Peers that a broadcast goes to. */
  readonly peers: readonly Peer[];
  transmit(to: Peer, frame: Uint8Array): void;
  onBuilt(header: Header): void;
  /** A frame is about to leave. */
  onSend(node: SimulatedNode, frame: Uint8Array): void;
  onFinal(node: SimulatedNode, block: HostFinalBlock): void;
  onBehind(node: SimulatedNode, behind: Behind): void;
  onEvidence(node: SimulatedNode, evidence: Evidence): void;
  onMisbehaviour(node: SimulatedNode, from: Peer, reason: Misbehaviour): void;
  /** The process is gone: a crash that was planned, or (with `failure`) one that the core is to blame for. */
  onDeath(node: SimulatedNode, failure: unknown): void;
}
