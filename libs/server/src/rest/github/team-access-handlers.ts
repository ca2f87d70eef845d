import { comparePermissions, type RepositoryRole } from "@guts/governance";
import type { ForgeState, Repository, Team } from "@guts/ledger";

import type { Actor } from "../../auth/actor.ts";
import { notFound } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { setTeamMember } from "../../use-cases/change-teams.ts";
import { roleOf } from "../../use-cases/collaborators.ts";
import { awaitReadModel, readableRepositories } from "../../use-cases/lists.ts";
import { openAtPresentName, openRepository } from "../../use-cases/open-repository.ts";
import {
  openInvitationOf,
  openOrganization,
  openTeam,
  requirePerson,
  seesTeam,
  submitChange,
  type OpenedOrganization,
} from "../../use-cases/organizations.ts";
import { textReader } from "../../use-cases/texts.ts";
import { pageLinks, pageOf, slicePage } from "../paging.ts";
import { presentationOf } from "./present-repository.ts";
import { presentTeam, presentTeamRepository } from "./present-team.ts";
import { presentSimpleUser } from "./present-user.ts";
import { Urls } from "./urls.ts";

type Of = "/api/v3/orgs/{org}/teams/{team_slug}";
type MemberName = `GET ${Of}/members` | `${"GET" | "PUT" | "DELETE"} ${Of}/memberships/{username}`;
type RepositoryName = `GET ${Of}/repos` | `${"GET" | "PUT" | "DELETE"} ${Of}/repos/{owner}/{repo}`;
type TeamsName = "GET /api/v3/repos/{owner}/{repo}/teams";

/** Who is in a team, and which repositories it works on, in GitHub's shapes. */
export function teamAccessHandlers(services: Services): Pick<RouteHandlers, MemberName | RepositoryName | TeamsName> {
  return { ...memberHandlers(services), ...repositoryHandlers(services), ...teamsOfRepository(services) };
}

interface OpenedTeam extends OpenedOrganization {
  readonly team: Team;
}

function open(
  { ledger }: Services,
  { actor, path }: { readonly actor: Actor; readonly path: { readonly org: string; readonly team_slug: string } },
): OpenedTeam {
  const opened = openOrganization(ledger, actor, path.org, "read");
  return { ...opened, team: openTeam(opened, actor, { slug: path.team_slug, action: "read" }) };
}

function memberHandlers(services: Services): Pick<RouteHandlers, MemberName> {
  const { ledger, readModel } = services;
  const urlOf = ({ path, baseUrl }: Pick<Call<`GET ${Of}/memberships/{username}`>, "path" | "baseUrl">) =>
    `${new Urls(baseUrl).api}/orgs/${path.org}/teams/${path.team_slug}/memberships/${path.username}`;
  return {
    "GET /api/v3/orgs/{org}/teams/{team_slug}/members": async (call) => {
      const { state, team } = open(services, call);
      await awaitReadModel(services, call.signal);
      const page = pageOf(call.query);
      const { role: wanted = "all" } = call.query;
      const role = wanted === "all" ? undefined : wanted;
      const query = { ...page, team: team.id, children: [...state.organizations.childTeams(team.id)], role };
      const { items, hasMore } = await readModel.organizations.teamMembers(query, call.signal);
      const now = ledger.state();
      const urls = new Urls(call.baseUrl);
      const body = items.flatMap((id) => now.account(id) ?? []).map((account) => presentSimpleUser(account, urls));
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
    "GET /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}": (call) => {
      const opened = open(services, call);
      const place = placeIn(services, opened, call.path.username);
      if (place === undefined) throw notFound();
      return { status: 200, body: { url: urlOf(call), ...place } };
    },
    "PUT /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}": async (call) => {
      const wish = { path: call.path, role: call.body.role ?? ("member" as const) };
      const { height, ...place } = await setTeamMember(services, call, wish);
      return { status: 200, body: { url: urlOf(call), ...place }, ...(height !== undefined && { height }) };
    },
    "DELETE /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}": async (call) => {
      const { state, team } = open(services, call);
      const account = requirePerson(state, call.path.username);
      const payload = { team: team.id, account: account.id };
      const height = await submitChange(services, call, { kind: "team.remove-member", payload });
      return { status: 204, body: undefined, ...(height !== undefined && { height }) };
    },
  };
}

/** Somebody's place in a team: by the team itself, by one of its children, or by an invitation that names it. */
function placeIn({ ledger }: Services, opened: OpenedTeam, username: string) {
  const { state, team } = opened;
  const { organizations } = state;
  const { id } = requirePerson(state, username);
  const role = organizations.teamRole(team.id, id);
  if (role !== undefined) return { role, state: "active" as const };
  const isInChild = [...organizations.childTeams(team.id)].some(
    (each) => organizations.teamRole(each, id) !== undefined,
  );
  if (isInChild) return { role: "member" as const, state: "active" as const };
  const isAsked = openInvitationOf(ledger, opened, id)?.teams.includes(team.id) === true;
  return isAsked ? { role: "member" as const, state: "pending" as const } : undefined;
}

function repositoryHandlers(services: Services): Pick<RouteHandlers, RepositoryName> {
  const { ledger, readModel } = services;
  return {
    "GET /api/v3/orgs/{org}/teams/{team_slug}/repos": async (call) => {
      const { team } = open(services, call);
      await awaitReadModel(services, call.signal);
      const page = pageOf(call.query);
      const teams = team.parent === undefined ? [team.id] : [team.id, team.parent];
      const query = { ...page, owner: team.organization, teams, viewer: call.actor.account.id };
      const { items, hasMore } = await readModel.organizations.teamRepositories(query, call.signal);
      const ids = items.map((id) => ({ id }));
      const state = ledger.state();
      const presentation = presentationOf(services, call);
      const body = readableRepositories(services, call.actor, ids).flatMap((located) => {
        const role = teamRoleOn(state, team, located.repository);
        return role === undefined ? [] : [presentTeamRepository(located, role, presentation)];
      });
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
    "GET /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}": (call) => {
      const { team } = open(services, call);
      const located = openRepository(ledger, call.actor, call.path);
      const role = teamRoleOn(located.state, team, located.repository);
      if (role === undefined) throw notFound();
      // GitHub tells the role to who asks for this media type, and else only that there is one.
      if (!call.accept.includes("repository+json")) return { status: 204, body: undefined };
      const presentation = presentationOf(services, call);
      return { status: 200, body: presentTeamRepository(located, role, presentation) };
    },
    "PUT /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}": async (call) => {
      const { state, team } = open(services, call);
      const { repository } = openRepository(ledger, call.actor, call.path, "manage-collaborators");
      const role = roleOf(call.body.permission);
      const isSo = state.organizations.teamRepositoryRole(team.id, repository.id) === role;
      const payload = { team: team.id, repository: repository.id, role };
      const height = isSo ? undefined : await submitChange(services, call, { kind: "team.set-repository", payload });
      return { status: 204, body: undefined, ...(height !== undefined && { height }) };
    },
    "DELETE /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}": async (call) => {
      const { team } = open(services, call);
      const { repository } = openRepository(ledger, call.actor, call.path);
      const payload = { team: team.id, repository: repository.id };
      const height = await submitChange(services, call, { kind: "team.remove-repository", payload });
      return { status: 204, body: undefined, ...(height !== undefined && { height }) };
    },
  };
}

/** What a team may do with a repository, by itself or by its parent; undefined for nothing. */
function teamRoleOn({ organizations }: ForgeState, team: Team, repository: Repository): RepositoryRole | undefined {
  if (repository.owner !== team.organization) return undefined;
  const own = organizations.teamRepositoryRole(team.id, repository.id);
  const inherited =
    team.parent === undefined ? undefined : organizations.teamRepositoryRole(team.parent, repository.id);
  if (own === undefined || inherited === undefined) return own ?? inherited;
  return comparePermissions(own, inherited) >= 0 ? own : inherited;
}

function teamsOfRepository({ ledger }: Services): Pick<RouteHandlers, TeamsName> {
  const text = textReader(ledger);
  return {
    // For those who may push, like the list of collaborators; a repository has fifty teams at most.
    "GET /api/v3/repos/{owner}/{repo}/teams": (call) => {
      const { state, repository, owner } = openAtPresentName(ledger, call, "push");
      const all = [...state.organizations.repositoryTeams(repository)];
      const page = pageOf(call.query);
      const { items, hasMore } = slicePage(
        all.filter(([team]) => seesTeam(state, call.actor, team)),
        page,
      );
      const presenting = { urls: new Urls(call.baseUrl), text };
      const body = items.map(([team, role]) => presentTeam(state, { team, organization: owner }, presenting, role));
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
  };
}
