import type { AccountId, Digest, Height, RepositoryId, TimeMs } from "@guts/primitives";
import type { LedgerEvent, StateChange } from "@guts/ledger";
import type * as listing from "./listings.ts";
import type { IssueLists } from "./issue-lists.ts";
import type { OrganizationLists } from "./organization-lists.ts";

/** A block's place in the chain. `transactionCount` counts rejected transactions too. */
export interface ProjectedBlock {
  readonly height: Height;
  readonly headerHash: Digest;
  readonly time: TimeMs;
  readonly transactionCount: number;
}

/** A detached text by the hexadecimal of its digest; undefined when this node does not hold it. */
export type ContentEntry = readonly [digest: string, text: string | undefined];

/** What a block did: everything that its rows are made of. */
export interface AppliedBlock extends ProjectedBlock {
  /** By ascending key. */
  readonly changes: readonly StateChange[];
  /** Texts of the block's transactions, also those that came with an earlier block. */
  readonly contents: ReadonlyMap<string, string | undefined>;
  readonly events: readonly LedgerEvent[];
}

/** A series that is read once; a later call that gives it begins anew. */
export type Series<Item> = Iterable<Item> | AsyncIterable<Item>;

/** What rows are made of: of the whole ledger, or of what a range of blocks changed. */
export interface LedgerPart {
  /** By ascending height. */
  blocks(): Series<ProjectedBlock>;
  /** Each key once, by ascending key. */
  changes(): Series<StateChange>;
  contents(): Series<ContentEntry>;
  /** By ascending sequence. */
  events(): Series<LedgerEvent>;
}

/** The ledger at one height, unchanging while it is read. */
export interface LedgerSnapshot {
  /** The newest block that the snapshot includes. */
  readonly height: Height;
  readonly headerHash: Digest;
  /** Everything; its changes are all state entries. */
  whole(): LedgerPart;
  /**
   * What came after `cursor`: the keys that changed since with their values now. Undefined when the node does not keep
   * the keys of so old a block, or has another block at that height; then everything is projected anew.
   */
  since(cursor: Cursor): LedgerPart | undefined;
}

/** An entry that gave no row. `error` is a code: of the decoder, or PostgreSQL's SQLSTATE. */
export interface QuarantinedEntry {
  readonly source: "state" | "content" | "event" | "block";
  readonly tableName: string;
  readonly key: Uint8Array;
  readonly error: string;
}

/** How far the rows follow the ledger. */
export interface Cursor {
  readonly height: Height;
  readonly headerHash: Digest;
}

/**
 * What became of a block: its rows were written; its height had been projected before; or it does not follow the
 * newest projected block, and nothing was written.
 */
export type ProjectOutcome = "projected" | "repeated" | "gap";

/**
 * The ledger as SQL rows that can be listed and searched.
 *
 * It may lag behind the ledger and nothing decides by it. Every method throws `DatabaseError`, or the signal's reason.
 */
export interface ReadModel extends AsyncDisposable {
  /** How far the rows follow; undefined before the first rebuild. */
  cursor(): Cursor | undefined;
  /** Projects blocks, one or more in their order, in one database transaction. Calls are carried out in their order. */
  project(blocks: readonly AppliedBlock[], signal: AbortSignal): Promise<ProjectOutcome>;
  /** Drops every row and projects the snapshot, in one database transaction. Reads fail with `not-ready` meanwhile. */
  rebuild(snapshot: LedgerSnapshot, signal: AbortSignal): Promise<void>;
  /** Brings the rows to the snapshot: with what came since, or else by a rebuild. */
  catchUp(snapshot: LedgerSnapshot, signal: AbortSignal): Promise<"caught-up" | "rebuilt">;
  /** Waits until `height` is projected; false when `timeoutMs` pass first. */
  caughtUp(height: Height, timeoutMs: number, signal: AbortSignal): Promise<boolean>;

  listRepositories(
    query: listing.RepositoryQuery,
    signal: AbortSignal,
  ): Promise<listing.Page<listing.RepositoryListing>>;
  listPublicRepositories(
    query: listing.PublicRepositoryQuery,
    signal: AbortSignal,
  ): Promise<listing.Page<listing.RepositoryListing>>;
  /** Public repositories with larger ids than `since`, by id. */
  publicRepositoriesSince(
    since: number,
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly listing.RepositoryListing[]>;
  /** What the viewer sees of the search's matches, by name without case. */
  findRepositories(
    search: listing.RepositorySearch,
    signal: AbortSignal,
  ): Promise<readonly listing.RepositoryListing[]>;
  /** Accounts with larger ids than `since`, by id; closed ones are left out. */
  accountsSince(since: number, limit: number, signal: AbortSignal): Promise<readonly listing.AccountListing[]>;
  /** Accounts whose handle begins with `prefix`, by handle without case; closed ones are left out. */
  findAccounts(prefix: string, limit: number, signal: AbortSignal): Promise<readonly listing.AccountListing[]>;
  account(id: AccountId, signal: AbortSignal): Promise<listing.AccountListing | undefined>;
  /** `now` is the newest block's time: invitations that lapsed before it are not counted. */
  accountCounts(id: AccountId, now: TimeMs, signal: AbortSignal): Promise<listing.AccountCounts>;

  /** Oldest first, closed accounts left out. */
  follows(query: listing.FollowQuery, signal: AbortSignal): Promise<listing.Page<AccountId>>;

  /** Repositories that an account stars or watches and the viewer may read, by when it began. */
  standings(query: listing.StandingQuery, signal: AbortSignal): Promise<listing.Page<{ readonly id: RepositoryId }>>;
  /** Forks of a repository that the viewer may read, by when they were made. */
  forks(query: listing.ForkQuery, signal: AbortSignal): Promise<listing.Page<{ readonly id: RepositoryId }>>;
  /** Who stars or watches a repository, oldest first, closed accounts left out. */
  audience(query: listing.AudienceQuery, signal: AbortSignal): Promise<listing.Page<AccountId>>;

  /** The events by which a commit got statuses, newest first. */
  statusHistory(query: listing.StatusQuery, signal: AbortSignal): Promise<listing.Page<listing.StatusEventListing>>;

  readonly organizations: OrganizationLists;
  readonly issues: IssueLists;

  /** Oldest first, lapsed ones included. */
  repositoryInvitations(
    of: { readonly repository: RepositoryId } | { readonly invitee: AccountId },
    page: listing.PageRequest,
    signal: AbortSignal,
  ): Promise<listing.Page<listing.RepositoryInvitationListing>>;
  repositoryInvitation(number: number, signal: AbortSignal): Promise<listing.RepositoryInvitationListing | undefined>;
  /** Invitations of an account to organizations, oldest first, those that lapsed before `now` left out. */
  organizationInvitations(
    invitee: AccountId,
    now: TimeMs,
    signal: AbortSignal,
  ): Promise<readonly listing.OrganizationInvitationListing[]>;
  /** Offers made to an account, by repository. */
  transferOffers(
    to: AccountId,
    page: listing.PageRequest,
    signal: AbortSignal,
  ): Promise<listing.Page<listing.TransferOfferListing>>;

  /** Oldest first, revoked ones included. */
  keys(account: AccountId, signal: AbortSignal): Promise<readonly listing.KeyListing[]>;
  /** Oldest first. */
  credentials(account: AccountId, signal: AbortSignal): Promise<readonly listing.CredentialListing[]>;
  /** Oldest first. */
  delegations(account: AccountId, signal: AbortSignal): Promise<readonly listing.DelegationListing[]>;
  /** By the height at which they joined. */
  nodes(signal: AbortSignal): Promise<readonly listing.NodeListing[]>;

  events(query: listing.EventQuery, signal: AbortSignal): Promise<readonly listing.EventListing[]>;
  /** The applied transactions of a block that the viewer may see, in its order. */
  eventsOfBlock(
    height: Height,
    viewer: AccountId | undefined,
    signal: AbortSignal,
  ): Promise<readonly listing.EventListing[]>;
  /** The applied transaction with this id, if the viewer may see it. */
  eventOfTransaction(
    id: Digest,
    viewer: AccountId | undefined,
    signal: AbortSignal,
  ): Promise<listing.EventListing | undefined>;
  /** Acts of an audit log, newest first. */
  audit(query: listing.AuditQuery, signal: AbortSignal): Promise<readonly listing.AuditListing[]>;
  /** The act that a transaction was, with every log that lists it. */
  auditAct(
    transactionId: Digest,
    signal: AbortSignal,
  ): Promise<{ readonly act: listing.AuditListing; readonly logs: readonly listing.AuditLog[] } | undefined>;
  /** What the newest session or token of this id was, gone or not; undefined when there never was one. */
  credentialHistory(id: Digest, signal: AbortSignal): Promise<listing.CredentialHistory | undefined>;
  /** Newest first, below `before` when it is given. */
  blocks(before: Height | undefined, limit: number, signal: AbortSignal): Promise<readonly listing.BlockListing[]>;
  block(height: Height, signal: AbortSignal): Promise<listing.BlockListing | undefined>;

  /** Detached texts by the hexadecimal of their digests; what no state entry mentions is missing. */
  texts(digests: readonly Digest[], signal: AbortSignal): Promise<ReadonlyMap<string, listing.DetachedText>>;
  /** Entries that gave no row, for the operator. */
  quarantined(limit: number, signal: AbortSignal): Promise<readonly QuarantinedEntry[]>;

  /** Finishes the projection that is being written and closes all connections. Calls after it throw `closed`. */
  close(): Promise<void>;
}

/** Where the rows are: files of this node, or a PostgreSQL server of version 15 or later. */
export type DatabaseLocation =
  | { readonly type: "embedded"; readonly directory: string; readonly templateDirectory?: string | undefined }
  | { readonly type: "server"; readonly url: string };

/** What `openReadModel` needs. */
export interface ReadModelOptions {
  readonly location: DatabaseLocation;
  /** The hash of genesis: a database that holds another network's rows is refused. */
  readonly networkId: Digest;
  /** Told once for every entry that gave no row. */
  readonly onQuarantine: (entry: QuarantinedEntry) => void;
}
