export {
  areContradictory,
  evidenceCodec,
  signedVoteCodec,
  verifyEvidence,
  type Evidence,
  type SignedVote,
} from "./evidence.ts";
export { decodeMessage, encodeMessage, messageCodec, type Message, type Tip } from "./messages.ts";
export { bodyBytesMax, frameBytesMax, nearBlocksMax, viewsAheadMax } from "./limits.ts";
export type {
  Behind,
  Clock,
  Consensus,
  ConsensusEvents,
  ConsensusOptions,
  ConsensusPorts,
  ConsensusStatus,
  Execution,
  ExecutionOutcome,
  FinalizedBlock,
  Journal,
  Misbehaviour,
  Peer,
  Proposal,
  ProposalPlace,
  Standing,
  Transport,
  VoteSignatures,
} from "./ports.ts";
export { lanTiming, wanTiming, type Timing } from "./timing.ts";
export {
  votingRules,
  type BlockId,
  type BlockRef,
  type CertifiedViews,
  type OwnVotes,
  type VotingRules,
} from "./voting-rules.ts";
export { ConsensusEngine } from "./engine.ts";
export { freshJournalRecords } from "./journal-record.ts";
export { ed25519Signatures } from "./signatures.ts";
