import { and, asc, desc, eq, gt, gte, inArray, lt, sql, type SQL } from "drizzle-orm";
import { alias, union } from "drizzle-orm/pg-core";
import type { AccountId } from "@guts/primitives";
import type { Executor } from "../connection/connection.ts";
import { searchPrefixLengthMax, searchResultsMax } from "../limits.ts";
import type {
  Page,
  PublicRepositoryQuery,
  RepositoryListing,
  RepositoryQuery,
  RepositorySearch,
  RepositorySort,
} from "../listings.ts";
import { accounts, collaborators, contents, organizationMembers, repositories } from "../schema/tables.ts";
import { checkedLimit, pageOf, rowsOf } from "./paging.ts";
import { prefixBounds } from "./prefix.ts";
import { isVisibleTo } from "./visible.ts";

const owner = alias(accounts, "owner");
const description = alias(contents, "description");
const homepage = alias(contents, "homepage");

/** What a repository's row shows, for selections that join it with `joinRepository`. */
export const repositoryColumns = {
  id: repositories.id,
  ownerId: repositories.ownerId,
  ownerHandle: owner.handle,
  name: repositories.name,
  visibility: repositories.visibility,
  objectFormat: repositories.objectFormat,
  defaultBranch: repositories.defaultBranch,
  isArchived: repositories.isArchived,
  description: description.text,
  homepage: homepage.text,
  createdTime: repositories.createdTime,
  createdHeight: repositories.createdHeight,
  updatedTime: repositories.updatedTime,
  pushedTime: repositories.pushedTime,
  refCount: repositories.refCount,
};

/** What `repositoryColumns` select. */
export interface RepositoryRow extends Omit<RepositoryListing, "owner" | "description" | "homepage" | "pushedTime"> {
  readonly ownerId: RepositoryListing["owner"]["id"];
  readonly ownerHandle: RepositoryListing["owner"]["handle"];
  readonly description: string | null;
  readonly homepage: string | null;
  readonly pushedTime: RepositoryListing["createdTime"] | null;
}

/** The tables that `repositoryColumns` need beside `repositories`, with how each is joined. */
export const repositoryJoins = {
  owner: [owner, eq(owner.id, repositories.ownerId)],
  description: [description, eq(description.digest, repositories.descriptionDigest)],
  homepage: [homepage, eq(homepage.digest, repositories.homepageDigest)],
} as const;

/** Pages of the repositories that an account owns or works on. */
export async function listRepositories(executor: Executor, query: RepositoryQuery): Promise<Page<RepositoryListing>> {
  const { account, affiliation, viewer, visibility } = query;
  const condition = and(
    isAffiliated(executor, account, affiliation),
    isVisibleTo(executor, viewer),
    visibility === undefined ? undefined : eq(repositories.visibility, visibility),
  );
  return pageOfRepositories(executor, condition, query);
}

/** Pages of all public repositories. */
export async function listPublicRepositories(
  executor: Executor,
  query: PublicRepositoryQuery,
): Promise<Page<RepositoryListing>> {
  return pageOfRepositories(executor, isPublic, query);
}

/** Finds the page first, so that what each row shows is joined for its items alone. */
async function pageOfRepositories(
  executor: Executor,
  condition: SQL | undefined,
  query: PublicRepositoryQuery | RepositoryQuery,
): Promise<Page<RepositoryListing>> {
  const { limit, offset } = rowsOf(query);
  const order = sortColumns[query.sort].map(query.direction === "asc" ? asc : desc);
  const page = executor
    .select({ id: repositories.id })
    .from(repositories)
    .innerJoin(...repositoryJoins.owner)
    .where(condition)
    .orderBy(...order)
    .limit(limit)
    .offset(offset)
    .as("page");
  const rows = await executor
    .select(repositoryColumns)
    .from(page)
    .innerJoin(repositories, eq(repositories.id, page.id))
    .innerJoin(...repositoryJoins.owner)
    .leftJoin(...repositoryJoins.description)
    .leftJoin(...repositoryJoins.homepage)
    .orderBy(...order);
  return pageOf(rows.map(repositoryOf), query);
}

/** Public repositories with larger ids than `since`. */
export async function publicRepositoriesSince(
  executor: Executor,
  since: number,
  limit: number,
): Promise<readonly RepositoryListing[]> {
  const rows = await selectRepositories(executor)
    .where(and(isPublic, gt(sql`${repositories.id}`, since)))
    .orderBy(repositories.id)
    .limit(checkedLimit(limit));
  return rows.map(repositoryOf);
}

/** Repositories by the beginning of their name, each source in the order of its index and no longer than needed. */
export async function findRepositories(
  executor: Executor,
  search: RepositorySearch,
): Promise<readonly RepositoryListing[]> {
  const limit = Math.min(checkedLimit(search.limit), searchResultsMax);
  const wanted = search.prefix.slice(0, searchPrefixLengthMax).toLowerCase();
  const slash = wanted.indexOf("/");
  const matches =
    slash < 0
      ? inArray(repositories.id, candidates(executor, wanted, search.viewer, limit))
      : and(
          eq(owner.handleFolded, wanted.slice(0, slash)),
          nameBeginsWith(wanted.slice(slash + 1)),
          isVisibleTo(executor, search.viewer),
        );
  const rows = await selectRepositories(executor)
    .where(matches)
    .orderBy(repositories.nameFolded, repositories.id)
    .limit(limit);
  return rows.map(repositoryOf);
}

function candidates(executor: Executor, prefix: string, viewer: AccountId | undefined, limit: number) {
  const first = (condition: SQL | undefined) =>
    executor
      .select({ id: repositories.id })
      .from(repositories)
      .where(and(condition, nameBeginsWith(prefix)))
      .orderBy(repositories.nameFolded, repositories.id)
      .limit(limit);
  if (viewer === undefined) return first(isPublic);
  const affiliated = and(isAffiliated(executor, viewer, "any"), isVisibleTo(executor, viewer));
  return union(first(isPublic), first(affiliated));
}

function nameBeginsWith(prefix: string): SQL | undefined {
  const { from, to } = prefixBounds(prefix);
  return and(gte(repositories.nameFolded, from), lt(repositories.nameFolded, to));
}

/** A literal, so that the planner recognizes the condition of the partial indexes. */
const isPublic = sql`${repositories.visibility} = 'public'`;

const sortColumns = {
  // Ids are given in the order of creation.
  created: [repositories.id],
  updated: [repositories.updatedTime, repositories.id],
  pushed: [repositories.activityTime, repositories.id],
  full_name: [owner.handleFolded, repositories.nameFolded, repositories.id],
} satisfies Record<RepositorySort, unknown>;

function isAffiliated(executor: Executor, account: AccountId, affiliation: RepositoryQuery["affiliation"]): SQL {
  if (affiliation === "owner") return eq(repositories.ownerId, account);
  const worksOn = executor
    .select({ id: collaborators.repositoryId })
    .from(collaborators)
    .where(eq(collaborators.accountId, account));
  if (affiliation === "collaborator") return inArray(repositories.id, worksOn);
  const own = alias(repositories, "own");
  const owned = executor.select({ id: own.id }).from(own).where(eq(own.ownerId, account));
  if (affiliation === "personal") return inArray(repositories.id, union(owned, worksOn));
  const ofOrganizations = executor
    .select({ id: own.id })
    .from(organizationMembers)
    .innerJoin(own, eq(own.ownerId, organizationMembers.organizationId))
    .where(eq(organizationMembers.accountId, account));
  if (affiliation === "organization-member") return inArray(repositories.id, ofOrganizations);
  return inArray(repositories.id, union(owned, worksOn, ofOrganizations));
}

function selectRepositories(executor: Executor) {
  return executor
    .select(repositoryColumns)
    .from(repositories)
    .innerJoin(...repositoryJoins.owner)
    .leftJoin(...repositoryJoins.description)
    .leftJoin(...repositoryJoins.homepage)
    .$dynamic();
}

/** The listing that a selected row is. */
export function repositoryOf(row: RepositoryRow): RepositoryListing {
  const { ownerId, ownerHandle, description, homepage, pushedTime, ...rest } = row;
  return {
    ...rest,
    owner: { id: ownerId, handle: ownerHandle },
    description: description ?? undefined,
    homepage: homepage ?? undefined,
    pushedTime: pushedTime ?? undefined,
  };
}
