import type { Visibility } from "@guts/governance";
import type { AccountId, Digest, Height, ObjectId, RepositoryId, TimeMs } from "@guts/primitives";

import type { IssueLists } from "./issue-lists.ts";
import type { OrganizationLists } from "./organization-lists.ts";

/** A numbered page, from 1. */
export interface PageRequest {
  readonly page: number;
  readonly perPage: number;
}

/** Items in their order, and whether another page follows. */
export interface Listed<Item> {
  readonly items: readonly Item[];
  readonly hasMore: boolean;
}

/** What names an invitation in the state. */
export interface InvitationKey {
  readonly repository: { readonly id: RepositoryId };
  readonly invitee: { readonly id: AccountId };
}

/** Which audit log: the network's, with id 0; an account's or organization's; a repository's. */
export interface AuditLog {
  readonly type: "network" | "account" | "repository";
  readonly id: number;
}

/** What is asked of an audit log. */
export interface AuditLogQuery {
  readonly log: AuditLog;
  /** Only acts that this log lists too. */
  readonly within?: AuditLog | undefined;
  readonly actions?: readonly string[] | undefined;
  readonly actor?: AccountId | undefined;
  /** Block times, both included. */
  readonly from?: TimeMs | undefined;
  readonly until?: TimeMs | undefined;
  /** Only acts with a smaller sequence number. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** An administrative act: the event that it is. */
export interface AuditAct {
  readonly sequence: number;
  readonly height: Height;
  readonly index: number;
  readonly transactionId: Digest;
  readonly time: TimeMs;
  readonly actor: AccountId;
  readonly kind: string;
  readonly scope: AuditLog;
  readonly payload: Uint8Array;
  readonly result: Uint8Array;
}

/** What gave a commit a status. */
export interface StatusEvent {
  readonly payload: Uint8Array;
  readonly result: Uint8Array;
  readonly actor: AccountId;
  readonly time: TimeMs;
}

/** When a credential was to end, and when it was revoked. */
export interface CredentialHistory {
  readonly expiresTime: TimeMs | undefined;
  readonly revokedTime: TimeMs | undefined;
}

/** Why a repository is in an account's list. */
export type RepositoryAffiliation = "owner" | "collaborator" | "organization-member" | "personal" | "any";

/** How lists of repositories are ordered. */
export type RepositorySort = "created" | "updated" | "pushed" | "full_name";

/**
 * Lists, from SQL. Only ids are taken from the rows: handlers read the things themselves from the state and ask
 * governance again, so a lagging list never shows stale facts or what its viewer may not see.
 */
export interface ReadModel {
  /** How far the rows follow the ledger; undefined before the first rebuild. */
  cursor(): { readonly height: Height } | undefined;
  /** Waits until `height` is projected; false when `timeoutMs` pass first. */
  caughtUp(height: Height, timeoutMs: number, signal: AbortSignal): Promise<boolean>;
  listRepositories(
    query: PageRequest & {
      readonly account: AccountId;
      /** `personal`: owned or worked on as a collaborator; `any`: those of one's organizations, too. */
      readonly affiliation: RepositoryAffiliation;
      readonly viewer: AccountId | undefined;
      readonly visibility?: Visibility | undefined;
      readonly sort: RepositorySort;
      readonly direction: "asc" | "desc";
    },
    signal: AbortSignal,
  ): Promise<Listed<{ readonly id: RepositoryId }>>;
  listPublicRepositories(
    query: PageRequest & {
      readonly sort: Exclude<RepositorySort, "full_name">;
      readonly direction: "asc" | "desc";
    },
    signal: AbortSignal,
  ): Promise<Listed<{ readonly id: RepositoryId }>>;
  publicRepositoriesSince(
    since: number,
    limit: number,
    signal: AbortSignal,
  ): Promise<readonly { readonly id: RepositoryId }[]>;
  /** What the viewer sees of the repositories of `owner/beginning`, by name. */
  findRepositories(
    search: { readonly prefix: string; readonly viewer: AccountId | undefined; readonly limit: number },
    signal: AbortSignal,
  ): Promise<readonly { readonly id: RepositoryId }[]>;
  /** Accounts whose handle begins with `prefix`, by handle without case; closed ones are left out. */
  findAccounts(prefix: string, limit: number, signal: AbortSignal): Promise<readonly { readonly id: AccountId }[]>;
  accountsSince(since: number, limit: number, signal: AbortSignal): Promise<readonly { readonly id: AccountId }[]>;
  accountCounts(
    id: AccountId,
    now: TimeMs,
    signal: AbortSignal,
  ): Promise<{ readonly ownedPublic: number; readonly ownedPrivate: number; readonly invitations: number }>;
  /** Followers of an account or those it follows, oldest first. */
  follows(
    query: PageRequest & { readonly account: AccountId; readonly list: "followers" | "following" },
    signal: AbortSignal,
  ): Promise<Listed<AccountId>>;
  /** Repositories that an account stars or watches, by when it began. */
  standings(
    query: PageRequest & {
      readonly list: "starred" | "watched";
      readonly account: AccountId;
      readonly viewer: AccountId | undefined;
      readonly direction: "asc" | "desc";
    },
    signal: AbortSignal,
  ): Promise<Listed<{ readonly id: RepositoryId }>>;
  /** Forks of a repository, by when they were made. */
  forks(
    query: PageRequest & {
      readonly parent: RepositoryId;
      readonly viewer: AccountId | undefined;
      readonly direction: "asc" | "desc";
    },
    signal: AbortSignal,
  ): Promise<Listed<{ readonly id: RepositoryId }>>;
  /** Who stars or watches a repository, oldest first. */
  audience(
    query: PageRequest & { readonly list: "stargazers" | "subscribers"; readonly repository: RepositoryId },
    signal: AbortSignal,
  ): Promise<Listed<AccountId>>;
  /** The events by which a commit got statuses, newest first. */
  statusHistory(
    query: PageRequest & { readonly repository: RepositoryId; readonly commit: ObjectId },
    signal: AbortSignal,
  ): Promise<Listed<StatusEvent>>;
  readonly organizations: OrganizationLists;
  readonly issues: IssueLists;
  /** Organizations that have asked an account in, oldest first, without invitations that lapsed before `now`. */
  organizationInvitations(
    invitee: AccountId,
    now: TimeMs,
    signal: AbortSignal,
  ): Promise<readonly { readonly organization: { readonly id: AccountId } }[]>;
  repositoryInvitations(
    of: { readonly repository: RepositoryId } | { readonly invitee: AccountId },
    page: PageRequest,
    signal: AbortSignal,
  ): Promise<Listed<InvitationKey>>;
  /** Offers of repositories to an account, lapsed ones included. */
  transferOffers(
    to: AccountId,
    page: PageRequest,
    signal: AbortSignal,
  ): Promise<Listed<{ readonly repository: { readonly id: RepositoryId } }>>;
  /** Acts of an audit log, newest first. Who may read the log is asked before. */
  audit(query: AuditLogQuery, signal: AbortSignal): Promise<readonly AuditAct[]>;
  /** The act that a transaction was, with every log that lists it. */
  auditAct(
    transactionId: Digest,
    signal: AbortSignal,
  ): Promise<{ readonly act: AuditAct; readonly logs: readonly AuditLog[] } | undefined>;
  repositoryInvitation(number: number, signal: AbortSignal): Promise<InvitationKey | undefined>;
  /** What the newest session or token of this id was, gone or not; undefined when there never was one. */
  credentialHistory(id: Digest, signal: AbortSignal): Promise<CredentialHistory | undefined>;
}
