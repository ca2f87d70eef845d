export {
  blockCodec,
  decodeEnvelope,
  resultRecordCodec,
  resultsRoot,
  transactionsRoot,
  type Block,
  type ResultRecord,
} from "./block.ts";
export {
  blockBodyCodec,
  encodeBody,
  nameContents,
  openBody,
  type BlockBody,
  type NamedContents,
} from "./block-body.ts";
export { actOf, auditActions, auditOf, type AuditAct, type AuditEntry, type AuditFacts } from "./audit.ts";
export { BlockState } from "./block-state.ts";
export {
  contentCodec,
  contentRefCodec,
  contentRefOf,
  contentSaltLength,
  admissibleText,
  textChangeCodec,
  type Content,
  type ContentRef,
  type TextChange,
} from "./content.ts";
export { combineStates, CommitStatuses, type CombinedState, type CommitStatus } from "./commit-statuses.ts";
export { RepositoryStanding, type RepositoryCounts } from "./repository-standing.ts";
export {
  ForgeState,
  type Account,
  type AccountKey,
  type Credential,
  type Delegation,
  type Found,
  type ProtectionRule,
  type Repository,
  type SshKey,
  type SigningKey,
} from "./forge-state.ts";
export {
  applyGenesis,
  genesisCodec,
  genesisHash,
  parseGenesis,
  refuseGenesis,
  type Genesis,
  type GenesisRefusal,
} from "./genesis.ts";
export { IssueState, type Comment, type Issue, type Label } from "./issue-state.ts";
export type { Effects } from "./issue-act.ts";
export { pullHeadRef, PullState, type Branch, type Pull, type PullRound } from "./pull-state.ts";
export type { MergeFact, MergeMethod } from "./pull-tables.ts";
export type { IssueKey, IssueRow, MilestoneRow, ReactionSubject } from "./issue-tables.ts";
export { entriesPerEventMax, issueEntriesOf, type IssueEntry, type IssueEntryType } from "./issue-timeline.ts";
export { OrganizationState, type Team } from "./organization-state.ts";
export type { MembershipVisibility } from "./organization-tables.ts";
export { invitationBytes } from "./kinds/accounts.ts";
export {
  findKind,
  kindOf,
  KINDS,
  refChangesOf,
  refMovesOf,
  storedObjectsOf,
  type KindName,
  type LedgerCommand,
  type PayloadOf,
  type RefMove,
  type ResultOf,
} from "./kinds/index.ts";
export {
  possessionBytes,
  possessionNamespace,
  provePossession,
  type KeyHolder,
  type Possession,
} from "./possession.ts";
export { idempotencyKeyOfProof, sessionProofLength } from "./session-proof.ts";
export {
  parsePushee,
  pushTerms,
  readPushMandate,
  refuseMandate,
  refusePushLife,
  type MandatedPush,
  type MandateRefusal,
  type Pushee,
  type PushMandate,
  type PushTerms,
} from "./push-certificate.ts";
export { formatPushNonce, isNonceOf, parsePushNonce, type PushNonce } from "./push-nonce.ts";
export { gpgKeyIdOf } from "./kinds/signing-keys.ts";
export { sshKeyIdOf } from "./kinds/ssh-keys.ts";
export { signInRequestOf, voucherIdOf } from "./kinds/visits.ts";
export {
  refMoveWork,
  RefChanges,
  reviewFactsOf,
  type BranchRename,
  type RefExplanation,
  type RefPusher,
} from "./ref-changes.ts";
export { protectionSettingsCodec } from "./protection-codec.ts";
export * as ledgerLimits from "./limits.ts";
export { rejectionCodec, rejectionNumbers, type RejectionCode } from "./rejection.ts";
export {
  certifiedUpdateCodec,
  factsVersion,
  mergeFactsVersion,
  mergedUpdateCodec,
  firstCertifiedUpdateCodec,
  isCertified,
  packRefCodec,
  placementAllValidators,
  receiptBytes,
  receiptSignaturesCodec,
  receiptStatementCodec,
  type AnyCertifiedUpdate,
  type CertifiedUpdate,
  type MergedUpdate,
  type ObjectType,
  type PackRef,
  type ReceiptSignatures,
  type ReceiptStatement,
} from "./receipt.ts";
export {
  proveState,
  stateRoot,
  updateStateTree,
  type PageChange,
  type PageReader,
  type TreeUpdate,
} from "./state-tree.ts";
export { Overlay, type StateChange, type StateEntry, type StateReader } from "./state.ts";
export { decodeRowKey, readRow, removeRow, rowKey, scanRows, writeRow, type RowRange, type Table } from "./table.ts";
export * as tables from "./tables.ts";
export type { CredentialKind, EventScope, SecretKind, SubscriptionState } from "./tables.ts";
export {
  admitTransaction,
  authorizationCodec,
  commandDigest,
  credentialIdOf,
  envelopeCodec,
  gitNamespace,
  signedTransactionCodec,
  signTransaction,
  transactionBodyCodec,
  transactionId,
  verifyEnvelope,
  pushCertificateOf,
  verifyPushCertificate,
  type Authorization,
  type Envelope,
  type PushCertificate,
  type SignedTransaction,
  type TransactionBody,
} from "./transaction.ts";
export { encodeEvent, eventCodec, namedEvent, type LedgerEvent } from "./event.ts";
export {
  BlockExecution,
  contentRefsOf,
  executeBlock,
  type AddRefusal,
  type BlockHashes,
  type BlockPlace,
  type BlockRefusal,
  type ExecutedBlock,
  type GivenContents,
  type ParentBlock,
  type ParentState,
} from "./execute-block.ts";
export {
  decideCommand,
  executeTransaction,
  type Actor,
  type BlockPosition,
  type InadmissibleCode,
  type TransactionOutcome,
} from "./execute-transaction.ts";
export {
  checkEventLogProof,
  eventLogProofCodec,
  proveEventLog,
  readWholeLog,
  type EventLogRefusal,
  type EventsRefusal,
  type ProvenEventLog,
} from "./prove-event-log.ts";
export { encodeInvitation, parseInvitation, proveInvitation } from "./invitation-text.ts";
export {
  checkTransactionProof,
  proveTransaction,
  provenAct,
  type ProofRefusal,
  type ProvableBlock,
  type ProvenAct,
  type ProvenTransaction,
} from "./prove-transaction.ts";
export { commitAddressOf, parseCommitAddress } from "./commit-address.ts";
export { refuseForGood, type StateTip } from "./refuse-for-good.ts";
export { signCommand, type SigningTerms } from "./sign-command.ts";
export { followedMovesOf } from "./followed-moves.ts";
export { refusePull } from "./kinds/pull-merge.ts";
