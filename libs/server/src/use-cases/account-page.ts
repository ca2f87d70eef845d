import type { Account, ForgeState } from "@guts/ledger";
import type { RepositoryId } from "@guts/primitives";

import type { Actor } from "../auth/actor.ts";
import type { Listed, PageRequest } from "../ports/index.ts";
import type { Services } from "../services.ts";
import { seesMembers } from "./organizations.ts";

/** Which of an account's repositories a page shows. */
export interface OwnedQuery {
  readonly account: Account;
  readonly actor: Actor;
  readonly page: PageRequest;
  /** What a repository's name begins with; empty for all. */
  readonly query: string;
}

/** Repositories of an account, last pushed first; of those whose name begins with the query the first few, by name. */
export async function listOwned(
  { readModel }: Pick<Services, "readModel">,
  { account, actor, page, query }: OwnedQuery,
  signal: AbortSignal,
): Promise<Listed<{ readonly id: RepositoryId }>> {
  const viewer = actor.account?.id;
  if (query === "") {
    const order = { sort: "pushed", direction: "desc", affiliation: "owner" } as const;
    return readModel.listRepositories({ ...page, ...order, account: account.id, viewer }, signal);
  }
  const prefix = `${account.handle}/${query}`;
  return { items: await readModel.findRepositories({ prefix, viewer, limit: page.perPage }, signal), hasMore: false };
}

/** The organizations of a person that the actor may know of: where the membership is public, or the actor's too. */
export function shownOrganizations(state: ForgeState, account: Account, actor: Actor): readonly Account[] {
  return Array.from(state.organizations.organizationsOf(account.id)).flatMap((id) => {
    const organization = state.account(id);
    if (organization === undefined) return [];
    const isPublic = state.organizations.member(id, account.id)?.visibility === "public";
    return isPublic || seesMembers({ state, organization }, actor) ? [organization] : [];
  });
}
