import type { Team } from "@guts/ledger";
import type { AccountId } from "@guts/primitives";

import { notFound } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { createTeam, updateTeam } from "../../use-cases/change-teams.ts";
import { awaitReadModel } from "../../use-cases/lists.ts";
import {
  openOrganization,
  openTeam,
  requireOwnMemberships,
  submitChange,
  teamsSeen,
} from "../../use-cases/organizations.ts";
import { textReader } from "../../use-cases/texts.ts";
import { pageLinks, pageOf, slicePage } from "../paging.ts";
import { presentTeam, presentTeamFull } from "./present-team.ts";
import { Urls } from "./urls.ts";

type Teams = "/api/v3/orgs/{org}/teams";
type TeamName = `${"GET" | "PATCH" | "DELETE"} ${Teams}/{team_slug}` | `POST ${Teams}`;
type ListName = `GET ${Teams}` | `GET ${Teams}/{team_slug}/teams` | "GET /api/v3/user/teams";

/** Teams, in GitHub's shapes. */
export function teamHandlers(services: Services): Pick<RouteHandlers, TeamName | ListName> {
  return { ...listHandlers(services), ...oneTeamHandlers(services) };
}

/** Teams with their counts and organizations, as the state has them now. */
async function presentFull(
  { ledger, readModel }: Services,
  teams: readonly Team[],
  { baseUrl, signal }: Pick<Call<"GET /api/v3/user/teams">, "baseUrl" | "signal">,
) {
  const organizations = [...new Set(teams.map(({ organization }) => organization))];
  const counts = await readModel.organizations.teamCounts(
    teams.map(({ id }) => id),
    signal,
  );
  const owned = new Map<AccountId, { readonly ownedPublic: number; readonly ownedPrivate: number }>();
  for (const id of organizations) owned.set(id, await readModel.accountCounts(id, ledger.time(), signal));
  const state = ledger.state();
  const presenting = { urls: new Urls(baseUrl), text: textReader(ledger) };
  return teams.map((team) => {
    const located = { team, organization: state.account(team.organization)! };
    const organizationCounts = owned.get(team.organization)!;
    return presentTeamFull(state, located, presenting, { counts: counts.get(team.id), organizationCounts });
  });
}

function listHandlers(services: Services): Pick<RouteHandlers, ListName> {
  const { ledger, readModel } = services;
  const text = textReader(ledger);
  return {
    "GET /api/v3/orgs/{org}/teams": async (call) => {
      const { state, organization } = openOrganization(ledger, call.actor, call.path.org, "read");
      await awaitReadModel(services, call.signal);
      const { account } = call.actor;
      const isOwner = state.organizations.member(organization.id, account.id)?.role === "owner";
      const page = pageOf(call.query);
      const query = { ...page, organization: organization.id, viewer: isOwner ? undefined : account.id };
      const { items, hasMore } = await readModel.organizations.teams(query, call.signal);
      const now = ledger.state();
      const presenting = { urls: new Urls(call.baseUrl), text };
      const body = teamsSeen(now, call.actor, items).map((team) =>
        presentTeam(now, { team, organization }, presenting),
      );
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
    "GET /api/v3/orgs/{org}/teams/{team_slug}/teams": (call) => {
      const opened = openOrganization(ledger, call.actor, call.path.org, "read");
      const { state, organization } = opened;
      const parent = openTeam(opened, call.actor, { slug: call.path.team_slug, action: "read" });
      // A team has fifty children at most, so they are read whole.
      const children = teamsSeen(state, call.actor, state.organizations.childTeams(parent.id));
      const page = pageOf(call.query);
      const { items, hasMore } = slicePage(children, page);
      const presenting = { urls: new Urls(call.baseUrl), text };
      const body = items.map((team) => presentTeam(state, { team, organization }, presenting));
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
    "GET /api/v3/user/teams": async (call) => {
      requireOwnMemberships(call.actor);
      await awaitReadModel(services, call.signal);
      const page = pageOf(call.query);
      const { items, hasMore } = await readModel.organizations.teamsOf(call.actor.account.id, page, call.signal);
      const teams = teamsSeen(ledger.state(), call.actor, items);
      return { status: 200, body: await presentFull(services, teams, call), headers: pageLinks(page, hasMore, call) };
    },
  };
}

function oneTeamHandlers(services: Services): Pick<RouteHandlers, TeamName> {
  const { ledger } = services;
  const present = async (id: Team["id"], call: Pick<Call<"GET /api/v3/user/teams">, "baseUrl" | "signal">) => {
    await awaitReadModel(services, call.signal);
    const team = ledger.state().organizations.team(id);
    if (team === undefined) throw notFound();
    const [body] = await presentFull(services, [team], call);
    return body!;
  };
  return {
    "POST /api/v3/orgs/{org}/teams": async (call) => {
      const { organization } = openOrganization(ledger, call.actor, call.path.org, "create-team");
      const wish = { organization: organization.id, body: call.body };
      const { team, height } = await createTeam(services, call, wish);
      return { status: 201, body: await present(team, call), height };
    },
    "GET /api/v3/orgs/{org}/teams/{team_slug}": async (call) => {
      const opened = openOrganization(ledger, call.actor, call.path.org, "read");
      const team = openTeam(opened, call.actor, { slug: call.path.team_slug, action: "read" });
      return { status: 200, body: await present(team.id, call) };
    },
    "PATCH /api/v3/orgs/{org}/teams/{team_slug}": async (call) => {
      const opened = openOrganization(ledger, call.actor, call.path.org, "read");
      const team = openTeam(opened, call.actor, { slug: call.path.team_slug, action: "update" });
      const height = await updateTeam(services, call, { team, body: call.body });
      return { status: 200, body: await present(team.id, call), ...(height !== undefined && { height }) };
    },
    "DELETE /api/v3/orgs/{org}/teams/{team_slug}": async (call) => {
      const opened = openOrganization(ledger, call.actor, call.path.org, "read");
      const team = openTeam(opened, call.actor, { slug: call.path.team_slug, action: "delete" });
      const height = await submitChange(services, call, { kind: "team.delete", payload: { team: team.id } });
      return { status: 204, body: undefined, ...(height !== undefined && { height }) };
    },
  };
}
