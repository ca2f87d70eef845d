export {
  certificateCodec,
  refuseCertificate,
  voteBytes,
  voteKindCodec,
  voteStatementCodec,
  type Certificate,
  type CertificateRefusal,
  type VoteKind,
  type VoteStatement,
} from "./certificate.ts";
export {
  descendantsMax,
  finalityCodec,
  refuseFinalHeader,
  refuseFinality,
  type FinalHeaderRefusal,
  type Finality,
  type FinalityRefusal,
} from "./finality.ts";
export { headerCodec, headerHash, type Header } from "./header.ts";
export {
  appendLeaf,
  emptyMountainRange,
  merkleBranch,
  merkleLeaf,
  merkleRoot,
  merkleRootOfBranch,
  mountainRangeCodec,
  mountainRangeRoot,
  type MountainRange,
} from "./merkle.ts";
export {
  keyPath,
  leafHash,
  nodeHash,
  pathBit,
  stateKeyBytesMax,
  stateProofCodec,
  stateValueBytesMax,
  valueDigest,
  verifyStateProof,
  type StateProof,
} from "./state-tree.ts";
export {
  provenEnvelopeBytesMax,
  provenResultBytesMax,
  refuseTransactionProof,
  resultLeaf,
  transactionProofCodec,
  type TransactionProof,
  type TransactionProofRefusal,
} from "./transaction-proof.ts";
export {
  quorumOf,
  validatorCodec,
  validatorCountMax,
  validatorNameBytesMax,
  validatorSetCodec,
  validatorsHash,
  type Validator,
} from "./validator-set.ts";
