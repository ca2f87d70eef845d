/** What lists answer: plain values, ids with the handles they resolve to. */
import type {
  AccountId,
  Digest,
  Handle,
  Height,
  NodeId,
  ObjectFormat,
  ObjectId,
  PublicKey,
  RefName,
  RepositoryId,
  RepositoryName,
  TimeMs,
} from "@guts/primitives";
import type { RepositoryRole, KeyRole, ScopeSet, Visibility } from "@guts/governance";
import type { CredentialKind } from "@guts/ledger";

/** A numbered page: `page` from 1, `perPage` from 1 to `perPageMax`. */
export interface PageRequest {
  readonly page: number;
  readonly perPage: number;
}

/** Items in their order, and whether another page follows. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly hasMore: boolean;
}

/** An account inside another resource. */
export interface AccountRef {
  readonly id: AccountId;
  readonly handle: Handle;
}

/** An account in a list. A text is undefined when there is none or when it was erased. */
export interface AccountListing extends AccountRef {
  readonly isClosed: boolean;
  readonly isAdministrator: boolean;
  readonly createdTime: TimeMs;
  readonly updatedTime: TimeMs;
  readonly displayName: string | undefined;
  readonly bio: string | undefined;
  readonly location: string | undefined;
  readonly website: string | undefined;
}

/** Which page of an account's followers, or of those it follows. */
export interface FollowQuery extends PageRequest {
  readonly account: AccountId;
  readonly list: "followers" | "following";
}

/** Which page of the repositories that an account stars or watches, and who looks: the newest star first, unless `direction` is "asc". */
export interface StandingQuery extends PageRequest {
  readonly list: "starred" | "watched";
  readonly account: AccountId;
  readonly viewer: AccountId | undefined;
  readonly direction: "asc" | "desc";
}

/** Which page of the statuses that a commit has had. */
export interface StatusQuery extends PageRequest {
  readonly repository: RepositoryId;
  readonly commit: ObjectId;
}

/** What gave a commit a status: the payload and the result of its transaction. */
export interface StatusEventListing {
  readonly payload: Uint8Array;
  readonly result: Uint8Array;
  readonly actor: AccountId;
  readonly time: TimeMs;
}

/** Which page of the forks of a repository, and who looks. */
export interface ForkQuery extends PageRequest {
  readonly parent: RepositoryId;
  readonly viewer: AccountId | undefined;
  readonly direction: "asc" | "desc";
}

/** Which page of those who star or watch a repository. */
export interface AudienceQuery extends PageRequest {
  readonly list: "stargazers" | "subscribers";
  readonly repository: RepositoryId;
}

/** A repository in a list. A text is undefined when there is none or when it was erased. */
export interface RepositoryListing {
  readonly id: RepositoryId;
  readonly owner: AccountRef;
  readonly name: RepositoryName;
  readonly visibility: Visibility;
  readonly objectFormat: ObjectFormat;
  readonly defaultBranch: RefName;
  readonly isArchived: boolean;
  readonly description: string | undefined;
  readonly homepage: string | undefined;
  readonly createdTime: TimeMs;
  readonly createdHeight: Height;
  readonly updatedTime: TimeMs;
  readonly pushedTime: TimeMs | undefined;
  readonly refCount: number;
}

/** An invitation that waits for its answer. It has lapsed when `expiresTime` is before the newest block's time. */
export interface RepositoryInvitationListing {
  readonly number: number;
  readonly repository: RepositoryListing;
  readonly invitee: AccountRef;
  readonly inviter: AccountRef;
  readonly role: RepositoryRole;
  readonly createdTime: TimeMs;
  readonly expiresTime: TimeMs;
}

/** An invitation to an organization that waits for its answer; what it offers is in the state. */
export interface OrganizationInvitationListing {
  readonly number: number;
  readonly organization: AccountRef;
}

/** An offer to hand a repository over. */
export interface TransferOfferListing {
  readonly repository: RepositoryListing;
  readonly from: AccountRef;
  readonly to: AccountRef;
  readonly newName: RepositoryName | undefined;
  readonly createdTime: TimeMs;
  readonly expiresTime: TimeMs;
}

/** A key of an account; `revokedHeight` undefined while it acts. */
export interface KeyListing {
  readonly publicKey: PublicKey;
  readonly role: KeyRole;
  readonly label: string;
  readonly addedTime: TimeMs;
  readonly addedHeight: Height;
  readonly revokedHeight: Height | undefined;
}

/** A credential that the ledger holds; `id` is the digest of its secret. */
export interface CredentialListing {
  readonly id: Digest;
  readonly number: number;
  readonly kind: CredentialKind;
  readonly scopes: ScopeSet;
  readonly label: string;
  readonly createdTime: TimeMs;
  readonly expiresTime: TimeMs | undefined;
  readonly audience: readonly NodeId[];
}

/** A node that may issue credentials for an account; `name` undefined when the network does not know it any more. */
export interface DelegationListing {
  readonly nodeId: NodeId;
  readonly name: string | undefined;
  readonly grantedTime: TimeMs;
  readonly grantedHeight: Height;
}

/** A node of the network. */
export interface NodeListing {
  readonly id: NodeId;
  readonly name: string;
  readonly sinceHeight: Height;
}

/** A block. `transactionCount` counts rejected transactions too. */
export interface BlockListing {
  readonly height: Height;
  readonly headerHash: Digest;
  readonly time: TimeMs;
  readonly transactionCount: number;
}

/** What is known of a credential from the events that made and ended it. `expiresTime` undefined: it had no end. */
export interface CredentialHistory {
  readonly expiresTime: TimeMs | undefined;
  readonly revokedTime: TimeMs | undefined;
}

/** An applied transaction. `actor.handle` is the present one, undefined for an account that the state does not know. */
export interface EventListing {
  readonly sequence: number;
  readonly height: Height;
  readonly index: number;
  readonly transactionId: Digest;
  readonly time: TimeMs;
  readonly actor: { readonly id: AccountId; readonly handle: Handle | undefined };
  readonly kind: string;
  readonly scope: EventListingScope;
  readonly payload: Uint8Array;
  readonly result: Uint8Array;
}

/** What an event belongs to, with the present name of a repository that still exists. */
export interface EventListingScope {
  readonly type: "network" | "account" | "repository";
  readonly id: number;
  readonly repository: { readonly owner: AccountRef; readonly name: RepositoryName } | undefined;
}

/** A detached text: there, erased by a redaction, or not on this node. */
export type DetachedText =
  | { readonly state: "present"; readonly text: string }
  | { readonly state: "redacted"; readonly by: AccountId; readonly height: Height; readonly reason: string }
  | { readonly state: "missing" };

/** How lists of repositories are ordered; equal places by id. `pushed` takes the creation for what was never pushed to. */
export type RepositorySort = "created" | "updated" | "pushed" | "full_name";

/**
 * The repositories that `account` owns, works on as a collaborator, those of organizations that it is a member of, or all
 * three; `personal`: the first two, which tell nobody of a membership that is concealed. Of these the viewer sees those that they may read; `viewer` undefined is a visitor, or a credential that may not read
 * private repositories.
 */
export interface RepositoryQuery extends PageRequest {
  readonly account: AccountId;
  readonly affiliation: "owner" | "collaborator" | "organization-member" | "personal" | "any";
  readonly viewer: AccountId | undefined;
  readonly visibility?: Visibility | undefined;
  readonly sort: RepositorySort;
  readonly direction: "asc" | "desc";
}

/** All public repositories. */
export interface PublicRepositoryQuery extends PageRequest {
  readonly sort: Exclude<RepositorySort, "full_name">;
  readonly direction: "asc" | "desc";
}

/** Repositories by the beginning of their name; `owner/beginning` looks only at those of a whole handle. */
export interface RepositorySearch {
  readonly prefix: string;
  readonly viewer: AccountId | undefined;
  readonly limit: number;
}

/**
 * Events, newest first. Those of a repository are left out unless it exists and `viewer` may read it: once deleted,
 * nobody can say any more who could.
 */
export interface EventQuery {
  readonly scope?: { readonly type: "network" | "account" | "repository"; readonly id: number } | undefined;
  readonly actor?: AccountId | undefined;
  readonly viewer: AccountId | undefined;
  /** Only events with a smaller sequence number. */
  readonly before?: number | undefined;
  readonly limit: number;
}

/** Which audit log: the network's, with id 0; an account's or organization's; a repository's. */
export interface AuditLog {
  readonly type: "network" | "account" | "repository";
  readonly id: number;
}

/** Acts of one log, newest first. Whether somebody may read it is asked before. */
export interface AuditQuery {
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
export interface AuditListing {
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

/** How many repositories an account owns and works on, and how many unexpired invitations wait for its answer. */
export interface AccountCounts {
  readonly ownedPublic: number;
  readonly ownedPrivate: number;
  readonly collaborations: number;
  readonly invitations: number;
}
