/** Lists of organizations and teams straight from the state, for tests of the doors. */
import { permits, resolvePermission } from "@guts/governance";
import { scanRows, tables, type ForgeState } from "@guts/ledger";
import type { AccountId, TeamId } from "@guts/primitives";

import type { Ledger, Listed, OrganizationLists, PageRequest } from "../ports/index.ts";
import { permissionOf } from "../use-cases/permission.ts";

type QueryOf<Name extends keyof OrganizationLists> = Parameters<OrganizationLists[Name]>[0];

/** Lists that never lag. */
export class MemoryOrganizationLists implements OrganizationLists {
  readonly #ledger: Ledger;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  members(query: QueryOf<"members">): Promise<Listed<AccountId>> {
    const { organization, role, isPublic } = query;
    const found = [...this.#state.organizations.members(organization)].filter(
      ([, row]) => (role === undefined || row.role === role) && (!isPublic || row.visibility === "public"),
    );
    return paged(idsIn(found), query);
  }

  invitations(query: QueryOf<"invitations">): Promise<Listed<AccountId>> {
    const { organization, role, now } = query;
    const found = [...this.#state.organizations.invitations(organization)].filter(
      ([, row]) => (role === undefined || row.role === role) && row.expiresTime > now,
    );
    return paged(idsIn(found.toSorted(([, left], [, right]) => left.number - right.number)), query);
  }

  invitation(organization: AccountId, number: number): Promise<AccountId | undefined> {
    const invited = [...this.#state.organizations.invitations(organization)];
    return Promise.resolve(invited.find(([, row]) => row.number === number)?.[0]);
  }

  teams(query: QueryOf<"teams">): Promise<Listed<TeamId>> {
    const { organizations } = this.#state;
    const { organization, viewer } = query;
    const found = [...organizations.teams(organization)].filter(
      ({ id, privacy }) =>
        viewer === undefined || privacy === "visible" || organizations.teamRole(id, viewer) !== undefined,
    );
    return paged(
      found.map(({ id }) => id),
      query,
    );
  }

  teamsOf(account: AccountId, page: PageRequest): Promise<Listed<TeamId>> {
    const { organizations } = this.#state;
    const found = [...organizations.organizationsOf(account)].flatMap((organization) => [
      ...organizations.teamsOf(organization, account),
    ]);
    return paged(found.map(({ id }) => id).toSorted(ascending), page);
  }

  teamMembers(query: QueryOf<"teamMembers">): Promise<Listed<AccountId>> {
    const { organizations } = this.#state;
    const { team, children, role } = query;
    const all = new Set([team, ...children].flatMap((id) => idsIn([...organizations.teamMembers(id)])));
    const isWanted = (id: AccountId) =>
      role === undefined || (organizations.teamRole(team, id) === "maintainer") === (role === "maintainer");
    return paged([...all].filter(isWanted).toSorted(ascending), query);
  }

  teamRepositories(query: QueryOf<"teamRepositories">) {
    const state = this.#state;
    const all = new Set(query.teams.flatMap((id) => [...state.organizations.teamRepositories(id)]));
    const found = [...all].filter((id) => {
      const repository = state.repository(id);
      return repository?.owner === query.owner && permits(permissionOf(state, repository, query.viewer), "read");
    });
    return paged(found.toSorted(ascending), query);
  }

  teamCounts(teams: readonly TeamId[]) {
    const { organizations } = this.#state;
    const counts = teams.map((id) => {
      const members = [id, ...organizations.childTeams(id)].flatMap((each) =>
        idsIn([...organizations.teamMembers(each)]),
      );
      const sources = [id, organizations.team(id)?.parent].filter((each) => each !== undefined);
      const repositories = sources.flatMap((each) => [...organizations.teamRepositories(each)]);
      return [id, { members: new Set(members).size, repositories: new Set(repositories).size }] as const;
    });
    return Promise.resolve(new Map(counts));
  }

  people(query: QueryOf<"people">): Promise<Listed<AccountId>> {
    const state = this.#state;
    const { affiliation, owner, permission = "read" } = query;
    const repository = state.repository(query.repository);
    if (repository === undefined) return paged([], query);
    const accounts = Array.from(scanRows(state.reader, tables.accountTable), ([id]) => id);
    const found = accounts.filter((id) => {
      const grants = state.grants(repository, id).filter(({ source }) => source !== "public");
      const isDirect = grants.some(({ source }) => source === "owner" || source === "collaborator");
      const isInside = id === owner || state.organizations.member(owner, id) !== undefined;
      const isWanted = affiliation === "all" || (isDirect && (affiliation === "direct" || !isInside));
      return isWanted && permits(resolvePermission(grants).permission, permission) && !isOrganization(state, id);
    });
    return paged(found, query);
  }

  get #state(): ForgeState {
    return this.#ledger.state();
  }
}

function isOrganization(state: ForgeState, id: AccountId): boolean {
  return state.organizations.settings(id) !== undefined;
}

function idsIn(rows: readonly (readonly [AccountId, unknown])[]): readonly AccountId[] {
  return rows.map(([id]) => id);
}

function ascending(left: number, right: number): number {
  return left - right;
}

function paged<Item>(items: readonly Item[], { page, perPage }: PageRequest): Promise<Listed<Item>> {
  const start = (page - 1) * perPage;
  const hasMore = items.length > start + perPage;
  return Promise.resolve({ items: items.slice(start, start + perPage), hasMore });
}
