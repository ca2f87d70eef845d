export { appliedBlockOf } from "./applied-block.ts";
export { DatabaseError, type DatabaseErrorCode, type DatabaseErrorData } from "./database-error.ts";
export * as databaseLimits from "./limits.ts";
export type {
  AccountCounts,
  AccountListing,
  AccountRef,
  BlockListing,
  CredentialHistory,
  CredentialListing,
  DelegationListing,
  DetachedText,
  EventListing,
  EventListingScope,
  EventQuery,
  KeyListing,
  NodeListing,
  Page,
  PageRequest,
  PublicRepositoryQuery,
  RepositoryInvitationListing,
  RepositoryListing,
  RepositoryQuery,
  RepositorySearch,
  RepositorySort,
  TransferOfferListing,
} from "./listings.ts";
export type * from "./issue-lists.ts";
export type * from "./organization-lists.ts";
export { openReadModel } from "./open-read-model.ts";
export { ProjectionFeed, type ProjectionFeedOptions } from "./projection-feed.ts";
export type {
  AppliedBlock,
  ContentEntry,
  Cursor,
  DatabaseLocation,
  LedgerPart,
  LedgerSnapshot,
  ProjectedBlock,
  ProjectOutcome,
  QuarantinedEntry,
  ReadModel,
  ReadModelOptions,
  Series,
} from "./read-model.ts";
