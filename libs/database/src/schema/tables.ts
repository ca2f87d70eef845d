/**
 * The rows of the read model. Every row is a function of state entries, detached texts, events and blocks alone.
 *
 * There are no foreign keys and no unique constraints beside primary keys: a projection must not fail because of the
 * order in which it meets entries. Names that have redirects, refs, budgets and indexes of the state are not here:
 * they are looked up by exact key, and the state answers that.
 *
 * A change of what a column holds raises `projectionVersion`, so that every node projects anew.
 */
import { boolean, index, pgTable, primaryKey, smallint, type AnyPgColumn } from "drizzle-orm/pg-core";
import { sql, type SQL } from "drizzle-orm";
import type {
  AccountId,
  Digest,
  Handle,
  Height,
  NodeId,
  ObjectFormat,
  PublicKey,
  RefName,
  RepositoryId,
  RepositoryName,
  TimeMs,
} from "@guts/primitives";
import type { RepositoryRole, KeyRole, Visibility } from "@guts/governance";
import type { CredentialKind } from "@guts/ledger";
import { bytea, integer, nodeIds, text } from "./columns.ts";

export * from "./audit-tables.ts";
export * from "./issue-tables.ts";
export * from "./organization-tables.ts";
export * from "./standing-tables.ts";

/** Raised whenever the same entries give other rows than before. */
export const projectionVersion = 5;

/** What was projected: one row, written in the same database transaction as the rows. */
export const projection = pgTable("projection", {
  id: smallint("id").primaryKey(),
  networkId: bytea("network_id").$type<Digest>().notNull(),
  version: integer("version").notNull(),
  height: integer("height").$type<Height>().notNull(),
  headerHash: bytea("header_hash").$type<Digest>().notNull(),
});

/** Entries that gave no row, by where they came from. `error` is a code, so that a rebuild gives the same row. */
export const quarantinedEntries = pgTable(
  "quarantined_entries",
  {
    source: text("source").$type<"state" | "content" | "event" | "block">().notNull(),
    key: bytea("key").notNull(),
    tableName: text("table_name").notNull(),
    error: text("error").notNull(),
  },
  (row) => [primaryKey({ columns: [row.source, row.key] })],
);

/** Detached texts by digest. The one place that holds them: a redaction empties one row. */
export const contents = pgTable("contents", {
  digest: bytea("digest").$type<Digest>().primaryKey(),
  accountId: integer("account_id").$type<AccountId>().notNull(),
  repositoryId: integer("repository_id").$type<RepositoryId>(),
  text: text("text"),
  redactedBy: integer("redacted_by").$type<AccountId>(),
  redactedHeight: integer("redacted_height").$type<Height>(),
  redactionReason: text("redaction_reason"),
});

export const nodes = pgTable("nodes", {
  id: text("id").$type<NodeId>().primaryKey(),
  name: text("name").notNull(),
  sinceHeight: integer("since_height").$type<Height>().notNull(),
});

export const accounts = pgTable(
  "accounts",
  {
    id: integer("id").$type<AccountId>().primaryKey(),
    handle: text("handle").$type<Handle>().notNull(),
    /** ASCII lower case, for searching and sorting. */
    handleFolded: text("handle_folded").notNull(),
    isClosed: boolean("is_closed").notNull(),
    isAdministrator: boolean("is_administrator").notNull(),
    createdTime: integer("created_time").$type<TimeMs>().notNull(),
    createdHeight: integer("created_height").$type<Height>().notNull(),
    updatedTime: integer("updated_time").$type<TimeMs>().notNull(),
    displayNameDigest: bytea("display_name_digest").$type<Digest>(),
    bioDigest: bytea("bio_digest").$type<Digest>(),
    locationDigest: bytea("location_digest").$type<Digest>(),
    websiteDigest: bytea("website_digest").$type<Digest>(),
  },
  (row) => [index("accounts_handle").on(row.handleFolded, row.id)],
);

export const follows = pgTable(
  "follows",
  {
    accountId: integer("account_id").$type<AccountId>().notNull(),
    followedId: integer("followed_id").$type<AccountId>().notNull(),
    sinceTime: integer("since_time").$type<TimeMs>().notNull(),
  },
  (row) => [
    primaryKey({ columns: [row.accountId, row.followedId] }),
    index("follows_since").on(row.accountId, row.sinceTime, row.followedId),
    index("follows_followed").on(row.followedId, row.sinceTime, row.accountId),
  ],
);

export const accountKeys = pgTable(
  "account_keys",
  {
    accountId: integer("account_id").$type<AccountId>().notNull(),
    publicKey: bytea("public_key").$type<PublicKey>().notNull(),
    role: text("role").$type<KeyRole>().notNull(),
    label: text("label").notNull(),
    addedTime: integer("added_time").$type<TimeMs>().notNull(),
    addedHeight: integer("added_height").$type<Height>().notNull(),
    revokedHeight: integer("revoked_height").$type<Height>(),
  },
  (row) => [
    primaryKey({ columns: [row.accountId, row.publicKey] }),
    index("account_keys_added").on(row.accountId, row.addedHeight, row.publicKey),
  ],
);

export const credentials = pgTable(
  "credentials",
  {
    id: bytea("id").$type<Digest>().primaryKey(),
    accountId: integer("account_id").$type<AccountId>().notNull(),
    number: integer("number").notNull(),
    kind: text("kind").$type<CredentialKind>().notNull(),
    scopes: integer("scopes").notNull(),
    label: text("label").notNull(),
    createdTime: integer("created_time").$type<TimeMs>().notNull(),
    createdHeight: integer("created_height").$type<Height>().notNull(),
    expiresTime: integer("expires_time").$type<TimeMs>(),
    audience: nodeIds("audience").notNull(),
  },
  (row) => [index("credentials_account").on(row.accountId, row.number)],
);

export const delegations = pgTable(
  "delegations",
  {
    accountId: integer("account_id").$type<AccountId>().notNull(),
    nodeId: text("node_id").$type<NodeId>().notNull(),
    grantedTime: integer("granted_time").$type<TimeMs>().notNull(),
    grantedHeight: integer("granted_height").$type<Height>().notNull(),
  },
  (row) => [
    primaryKey({ columns: [row.accountId, row.nodeId] }),
    index("delegations_granted").on(row.accountId, row.grantedHeight, row.nodeId),
  ],
);

const isPublic = sql`visibility = 'public'`;

export const repositories = pgTable(
  "repositories",
  {
    id: integer("id").$type<RepositoryId>().primaryKey(),
    ownerId: integer("owner_id").$type<AccountId>().notNull(),
    name: text("name").$type<RepositoryName>().notNull(),
    nameFolded: text("name_folded").notNull(),
    visibility: text("visibility").$type<Visibility>().notNull(),
    objectFormat: text("object_format").$type<ObjectFormat>().notNull(),
    defaultBranch: text("default_branch").$type<RefName>().notNull(),
    isArchived: boolean("is_archived").notNull(),
    createdTime: integer("created_time").$type<TimeMs>().notNull(),
    createdHeight: integer("created_height").$type<Height>().notNull(),
    updatedTime: integer("updated_time").$type<TimeMs>().notNull(),
    pushedTime: integer("pushed_time").$type<TimeMs>(),
    /** The last push, else the creation: what "recently pushed" sorts by. */
    activityTime: integer("activity_time").$type<TimeMs>().notNull(),
    /** The state's own count of refs; the refs themselves are read from the state. */
    refCount: integer("ref_count").notNull(),
    descriptionDigest: bytea("description_digest").$type<Digest>(),
    homepageDigest: bytea("homepage_digest").$type<Digest>(),
  },
  (row) => [
    index("repositories_owner").on(row.ownerId, row.id),
    index("repositories_public").on(row.id).where(isPublic),
    index("repositories_public_updated").on(row.updatedTime, row.id).where(isPublic),
    index("repositories_public_activity").on(row.activityTime, row.id).where(isPublic),
    index("repositories_public_name").on(row.nameFolded, row.id).where(isPublic),
  ],
);

export const collaborators = pgTable(
  "collaborators",
  {
    repositoryId: integer("repository_id").$type<RepositoryId>().notNull(),
    accountId: integer("account_id").$type<AccountId>().notNull(),
    role: text("role").$type<RepositoryRole>().notNull(),
    sinceTime: integer("since_time").$type<TimeMs>().notNull(),
    sinceHeight: integer("since_height").$type<Height>().notNull(),
  },
  (row) => [
    primaryKey({ columns: [row.repositoryId, row.accountId] }),
    index("collaborators_account").on(row.accountId, row.repositoryId),
  ],
);

export const repositoryInvitations = pgTable(
  "repository_invitations",
  {
    repositoryId: integer("repository_id").$type<RepositoryId>().notNull(),
    accountId: integer("account_id").$type<AccountId>().notNull(),
    number: integer("number").notNull(),
    role: text("role").$type<RepositoryRole>().notNull(),
    invitedBy: integer("invited_by").$type<AccountId>().notNull(),
    createdTime: integer("created_time").$type<TimeMs>().notNull(),
    expiresTime: integer("expires_time").$type<TimeMs>().notNull(),
  },
  (row) => [
    primaryKey({ columns: [row.repositoryId, row.accountId] }),
    index("repository_invitations_number").on(row.number),
    index("repository_invitations_repository").on(row.repositoryId, row.number),
    index("repository_invitations_account").on(row.accountId, row.number),
  ],
);

export const transferOffers = pgTable(
  "transfer_offers",
  {
    repositoryId: integer("repository_id").$type<RepositoryId>().primaryKey(),
    fromId: integer("from_id").$type<AccountId>().notNull(),
    toId: integer("to_id").$type<AccountId>().notNull(),
    newName: text("new_name").$type<RepositoryName>(),
    createdTime: integer("created_time").$type<TimeMs>().notNull(),
    expiresTime: integer("expires_time").$type<TimeMs>().notNull(),
  },
  (row) => [index("transfer_offers_to").on(row.toId, row.repositoryId)],
);

export const blocks = pgTable(
  "blocks",
  {
    height: integer("height").$type<Height>().primaryKey(),
    headerHash: bytea("header_hash").$type<Digest>().notNull(),
    time: integer("time").$type<TimeMs>().notNull(),
    transactionCount: integer("transaction_count").notNull(),
  },
  (row) => [index("blocks_time").on(row.time)],
);

/** Kinds whose payload begins with the id of the credential that they make or end. */
export const isAboutCredential = sql`kind in ('credential.create', 'credential.create-restricted', 'credential.revoke')`;

/** The id of a credential in the payload of such an event. */
export function credentialIdOf(payload: AnyPgColumn): SQL<Digest> {
  return sql`substring(${payload} from 1 for 32)`;
}

/** The kind whose payload begins with a repository and a commit's id. */
export const isStatus = sql`kind = 'status.set'`;

/** The repository and, of the commit's id, its length and its first 20 bytes, in the payload of such an event: 8, 4 and 20 bytes. */
export function statusSubjectOf(payload: AnyPgColumn): SQL<Uint8Array> {
  return sql`substring(${payload} from 1 for 32)`;
}

/** Applied transactions in the network's order. Rejected ones change nothing and stay in the block log. */
export const events = pgTable(
  "events",
  {
    sequence: integer("sequence").primaryKey(),
    height: integer("height").$type<Height>().notNull(),
    index: integer("index").notNull(),
    transactionId: bytea("transaction_id").$type<Digest>().notNull(),
    time: integer("time").$type<TimeMs>().notNull(),
    actorId: integer("actor_id").$type<AccountId>().notNull(),
    kind: text("kind").notNull(),
    scopeType: text("scope_type").$type<"network" | "account" | "repository">().notNull(),
    scopeId: integer("scope_id").notNull(),
    payload: bytea("payload").notNull(),
    result: bytea("result").notNull(),
  },
  (row) => [
    index("events_scope").on(row.scopeType, row.scopeId, row.sequence),
    index("events_actor").on(row.actorId, row.sequence),
    index("events_block").on(row.height, row.index),
    index("events_transaction").on(row.transactionId),
    index("events_status").on(statusSubjectOf(row.payload), row.sequence).where(isStatus),
    index("events_credential").on(credentialIdOf(row.payload), row.sequence).where(isAboutCredential),
  ],
);
