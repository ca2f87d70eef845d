import type { TeamCard } from "@guts/api";
import { refuseTeamAction, type RepositoryRole } from "@guts/governance";
import type { Account, ForgeState, Team } from "@guts/ledger";
import { teamSlugOf, type RepositoryId } from "@guts/primitives";

import { refuseActor, type SignedInActor } from "../../auth/actor.ts";
import type { RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { openOrganization, openTeam, seesTeam, type OpenedOrganization } from "../../use-cases/organizations.ts";
import { textReader } from "../../use-cases/texts.ts";
import { slicePage } from "../paging.ts";
import { filterBy, personFilter } from "./list-filter.ts";
import { presentPersonCard, presentTeamCard } from "./present-organization-views.ts";
import { presentCard } from "./present-views.ts";

type Teams = "GET /api/guts/view/orgs/{org}/teams";
type FrameName = Teams | `${Teams}/{team_slug}`;
type ListName = `${Teams}/{team_slug}/${"members" | "repositories"}`;

const perPage = 30;

/** What each page of a team needs, in one answer. */
export function teamViewHandlers(services: Services): Pick<RouteHandlers, FrameName | ListName> {
  return { ...frameHandlers(services), ...listHandlers(services) };
}

/** The teams of an organization that somebody may know of, by slug. */
export function knownTeams({ state, organization }: OpenedOrganization, actor: SignedInActor): readonly Team[] {
  return Array.from(state.organizations.teams(organization.id)).filter((team) => seesTeam(state, actor, team));
}

function frameHandlers(services: Services): Pick<RouteHandlers, FrameName> {
  const { ledger } = services;
  const text = textReader(ledger);
  const card = (state: ForgeState, team: Team, viewer: Account): TeamCard =>
    presentTeamCard(state, team, { viewer, text });
  return {
    "GET /api/guts/view/orgs/{org}/teams": ({ path, query, actor }) => {
      const opened = openOrganization(ledger, actor, path.org, "read");
      const { state } = opened;
      const known = knownTeams(opened, actor);
      const matches = filterBy(query.query);
      const isFound = ({ name }: Team): boolean => matches(name, teamSlugOf(name));
      const page = query.page ?? 1;
      const { items, hasMore } = slicePage(treeOf(known, isFound), { page, perPage });
      const teams = items.map(({ root, children }) => ({
        ...card(state, root, actor.account),
        children: children.map((child) => card(state, child, actor.account)),
      }));
      return { status: 200, body: { teams, total: known.filter(isFound).length, page, hasMore } };
    },
    "GET /api/guts/view/orgs/{org}/teams/{team_slug}": ({ path, actor }) => {
      const opened = openOrganization(ledger, actor, path.org, "read");
      const { state } = opened;
      const team = openTeam(opened, actor, { slug: path.team_slug, action: "read" });
      const parent = team.parent === undefined ? undefined : state.organizations.team(team.parent);
      const children = Array.from(state.organizations.childTeams(team.id), (id) => state.organizations.team(id)!);
      const access = state.organizations.teamAccess(team, actor.account.id, actor.scopes);
      const body = {
        team: card(state, team, actor.account),
        parent: parent === undefined ? null : card(state, parent, actor.account),
        children: children.map((child) => card(state, child, actor.account)),
        viewer: { mayUpdate: refuseTeamAction(access, "update") === undefined },
      };
      return { status: 200, body };
    },
  };
}

/** Teams with those inside them. A team that is found comes with all of these; otherwise those of them that are found. */
function treeOf(known: readonly Team[], isFound: (team: Team) => boolean) {
  const childrenOf = Map.groupBy(known, ({ parent }) => parent);
  return (childrenOf.get(undefined) ?? []).flatMap((root) => {
    const inside = childrenOf.get(root.id) ?? [];
    const children = isFound(root) ? inside : inside.filter(isFound);
    return isFound(root) || children.length > 0 ? [{ root, children }] : [];
  });
}

function listHandlers(services: Services): Pick<RouteHandlers, ListName> {
  const { ledger } = services;
  const text = textReader(ledger);
  return {
    "GET /api/guts/view/orgs/{org}/teams/{team_slug}/members": ({ path, query, actor }) => {
      const opened = openOrganization(ledger, actor, path.org, "read");
      const team = openTeam(opened, actor, { slug: path.team_slug, action: "read" });
      const { state, organization } = opened;
      const isFound = personFilter(state, text, query.query);
      const found = Array.from(state.organizations.teamMembers(team.id))
        .filter(([id]) => isFound(id))
        .toSorted(([, a], [, b]) => Number(b === "maintainer") - Number(a === "maintainer"));
      const page = query.page ?? 1;
      const { items, hasMore } = slicePage(found, { page, perPage });
      const members = items.map(([id, role]) => ({
        ...presentPersonCard(state.account(id)!, text),
        role,
        isOwner: state.organizations.member(organization.id, id)?.role === "owner",
      }));
      return { status: 200, body: { members, total: found.length, page, hasMore } };
    },
    "GET /api/guts/view/orgs/{org}/teams/{team_slug}/repositories": ({ path, query, actor }) => {
      const opened = openOrganization(ledger, actor, path.org, "read");
      const { state, organization } = opened;
      const team = openTeam(opened, actor, { slug: path.team_slug, action: "read" });
      const page = query.page ?? 1;
      const shown = readableOf(state, team, actor);
      const { items, hasMore } = pageOfIterable(shown, page);
      const repositories = items.map(({ repository, role, inheritedRole }) => ({
        repository: presentCard({ repository, owner: organization }, { text, standing: state.standing }),
        role: role ?? null,
        inheritedRole: inheritedRole ?? null,
        mayAdminister: refuseActor(state, actor, repository, "manage-collaborators") === undefined,
      }));
      return { status: 200, body: { repositories, page, hasMore } };
    },
  };
}

/** Repositories of a team and its parent that the actor may read, each once, with the role that each of the two has. */
function* readableOf(state: ForgeState, team: Team, actor: SignedInActor) {
  const { organizations } = state;
  for (const [id, role, inheritedRole] of rolesOf()) {
    const repository = state.repository(id);
    const isTheirs = repository?.owner === team.organization;
    if (isTheirs && refuseActor(state, actor, repository, "read") === undefined)
      yield { repository, role, inheritedRole };
  }

  function* rolesOf(): Iterable<readonly [RepositoryId, RepositoryRole | undefined, RepositoryRole | undefined]> {
    const inherited = (id: RepositoryId) =>
      team.parent === undefined ? undefined : organizations.teamRepositoryRole(team.parent, id);
    for (const id of organizations.teamRepositories(team.id))
      yield [id, organizations.teamRepositoryRole(team.id, id), inherited(id)];
    if (team.parent === undefined) return;
    for (const id of organizations.teamRepositories(team.parent))
      if (organizations.teamRepositoryRole(team.id, id) === undefined) yield [id, undefined, inherited(id)];
  }
}

/** One page of a series that is read no further than that. */
function pageOfIterable<Item>(series: Iterable<Item>, page: number) {
  const items: Item[] = [];
  let index = 0;
  for (const item of series) {
    if (index >= page * perPage) return { items, hasMore: true };
    if (index >= (page - 1) * perPage) items.push(item);
    index += 1;
  }
  return { items, hasMore: false };
}
