import { and, eq, gt, gte, lt, sql, type SQL } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { AccountId, TimeMs } from "@guts/primitives";
import type { Executor } from "../connection/connection.ts";
import { searchPrefixLengthMax, searchResultsMax } from "../limits.ts";
import type {
  AccountCounts,
  AccountListing,
  CredentialListing,
  DelegationListing,
  KeyListing,
  NodeListing,
} from "../listings.ts";
import {
  accountKeys,
  accounts,
  collaborators,
  contents,
  credentials,
  delegations,
  nodes,
  repositories,
  repositoryInvitations,
} from "../schema/tables.ts";
import { checkedLimit } from "./paging.ts";
import { prefixBounds } from "./prefix.ts";

const displayName = alias(contents, "display_name");
const bio = alias(contents, "bio");
const location = alias(contents, "location");
const website = alias(contents, "website");

/** One account, closed ones too. */
export async function findAccount(executor: Executor, id: AccountId): Promise<AccountListing | undefined> {
  const [found] = await selectAccounts(executor, eq(accounts.id, id), 1);
  return found;
}

/** Open accounts with larger ids than `since`, by id. */
export async function accountsSince(
  executor: Executor,
  since: number,
  limit: number,
): Promise<readonly AccountListing[]> {
  return selectAccounts(executor, and(gt(sql`${accounts.id}`, since), isOpen), checkedLimit(limit));
}

/** Open accounts by the beginning of their handle. */
export async function findAccounts(
  executor: Executor,
  prefix: string,
  limit: number,
): Promise<readonly AccountListing[]> {
  const { from, to } = prefixBounds(prefix.slice(0, searchPrefixLengthMax).toLowerCase());
  const matches = and(gte(accounts.handleFolded, from), lt(accounts.handleFolded, to), isOpen);
  return selectAccounts(executor, matches, Math.min(checkedLimit(limit), searchResultsMax), accounts.handleFolded);
}

const isOpen = eq(accounts.isClosed, false);

async function selectAccounts(
  executor: Executor,
  condition: SQL | undefined,
  limit: number,
  sortedBy: typeof accounts.handleFolded | typeof accounts.id = accounts.id,
): Promise<readonly AccountListing[]> {
  const rows = await executor
    .select({
      id: accounts.id,
      handle: accounts.handle,
      isClosed: accounts.isClosed,
      isAdministrator: accounts.isAdministrator,
      createdTime: accounts.createdTime,
      updatedTime: accounts.updatedTime,
      displayName: displayName.text,
      bio: bio.text,
      location: location.text,
      website: website.text,
    })
    .from(accounts)
    .leftJoin(displayName, eq(displayName.digest, accounts.displayNameDigest))
    .leftJoin(bio, eq(bio.digest, accounts.bioDigest))
    .leftJoin(location, eq(location.digest, accounts.locationDigest))
    .leftJoin(website, eq(website.digest, accounts.websiteDigest))
    .where(condition)
    .orderBy(sortedBy, accounts.id)
    .limit(limit);
  return rows.map((row) => ({
    ...row,
    displayName: row.displayName ?? undefined,
    bio: row.bio ?? undefined,
    location: row.location ?? undefined,
    website: row.website ?? undefined,
  }));
}

/** How much an account has, counted by its indexes. */
export async function accountCounts(executor: Executor, id: AccountId, now: TimeMs): Promise<AccountCounts> {
  const owned = (visibility: "public" | "private") =>
    executor.$count(repositories, and(eq(repositories.ownerId, id), eq(repositories.visibility, visibility)));
  const [counts] = await executor
    .select({
      ownedPublic: owned("public"),
      ownedPrivate: owned("private"),
      collaborations: executor.$count(collaborators, eq(collaborators.accountId, id)),
      invitations: executor.$count(
        repositoryInvitations,
        and(eq(repositoryInvitations.accountId, id), gte(repositoryInvitations.expiresTime, now)),
      ),
    })
    .from(sql`(values (1)) as one (n)`);
  return counts!;
}

/** An account's keys in the order in which they were added. */
export async function listKeys(executor: Executor, account: AccountId): Promise<readonly KeyListing[]> {
  const rows = await executor
    .select({
      publicKey: accountKeys.publicKey,
      role: accountKeys.role,
      label: accountKeys.label,
      addedTime: accountKeys.addedTime,
      addedHeight: accountKeys.addedHeight,
      revokedHeight: accountKeys.revokedHeight,
    })
    .from(accountKeys)
    .where(eq(accountKeys.accountId, account))
    .orderBy(accountKeys.addedHeight, accountKeys.publicKey);
  return rows.map((row) => ({ ...row, revokedHeight: row.revokedHeight ?? undefined }));
}

/** An account's credentials in the order of their numbers. */
export async function listCredentials(executor: Executor, account: AccountId): Promise<readonly CredentialListing[]> {
  const rows = await executor
    .select({
      id: credentials.id,
      number: credentials.number,
      kind: credentials.kind,
      scopes: credentials.scopes,
      label: credentials.label,
      createdTime: credentials.createdTime,
      expiresTime: credentials.expiresTime,
      audience: credentials.audience,
    })
    .from(credentials)
    .where(eq(credentials.accountId, account))
    .orderBy(credentials.number);
  return rows.map((row) => ({ ...row, expiresTime: row.expiresTime ?? undefined }));
}

/** The nodes that an account delegated, in the order in which it did. */
export async function listDelegations(executor: Executor, account: AccountId): Promise<readonly DelegationListing[]> {
  const rows = await executor
    .select({
      nodeId: delegations.nodeId,
      name: nodes.name,
      grantedTime: delegations.grantedTime,
      grantedHeight: delegations.grantedHeight,
    })
    .from(delegations)
    .leftJoin(nodes, eq(nodes.id, delegations.nodeId))
    .where(eq(delegations.accountId, account))
    .orderBy(delegations.grantedHeight, delegations.nodeId);
  return rows.map((row) => ({ ...row, name: row.name ?? undefined }));
}

/** The network's nodes: few, so they are read whole. */
export async function listNodes(executor: Executor): Promise<readonly NodeListing[]> {
  return executor.select().from(nodes).orderBy(nodes.sinceHeight, nodes.id);
}
