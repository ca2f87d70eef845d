import { refuseTeamAction } from "@guts/governance";
import { ledgerLimits } from "@guts/ledger";
import { parseTeamId, parseTeamName } from "@guts/primitives";

import { invalidField } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { optionsOf } from "../../use-cases/change-repositories.ts";
import { roleOf } from "../../use-cases/collaborators.ts";
import { openRepository } from "../../use-cases/open-repository.ts";
import { openOrganization, openTeam, requirePerson, submitChange } from "../../use-cases/organizations.ts";
import { requireApplied } from "../../use-cases/rejection.ts";
import { textReader, Texts } from "../../use-cases/texts.ts";
import { pageLinks, pageOf, slicePage } from "../paging.ts";
import { presentTeam } from "./present-organization.ts";
import { Urls } from "./urls.ts";

type Teams = "/api/v3/orgs/{org}/teams";
type Name =
  | `${"GET" | "POST"} ${Teams}`
  | `PUT ${Teams}/{team_slug}/memberships/{username}`
  | `PUT ${Teams}/{team_slug}/repos/{owner}/{repo}`;

/** Teams, in GitHub's shapes. */
export function teamHandlers(services: Services): Pick<RouteHandlers, Name> {
  const { ledger } = services;
  const text = textReader(ledger);
  return {
    "GET /api/v3/orgs/{org}/teams": (call) => {
      const { state, organization } = openOrganization(ledger, call.actor, call.path.org, "read");
      const { account, scopes } = call.actor;
      const mayKnow = [...state.organizations.teams(organization.id)].filter(
        (team) => refuseTeamAction(state.organizations.teamAccess(team, account.id, scopes), "read") === undefined,
      );
      const page = pageOf(call.query);
      const { items, hasMore } = slicePage(mayKnow, page);
      const presenting = { urls: new Urls(call.baseUrl), text };
      const body = items.map((team) => presentTeam(state, { team, organization }, presenting));
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
    "POST /api/v3/orgs/{org}/teams": async (call) => {
      const { organization } = openOrganization(ledger, call.actor, call.path.org, "create-team");
      const { team: id, height } = await createTeam(services, call, organization.id);
      const state = ledger.state();
      const team = state.organizations.team(id)!;
      const body = presentTeam(state, { team, organization }, { urls: new Urls(call.baseUrl), text });
      return { status: 201, body, height };
    },
    "PUT /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}": async (call) => {
      const { org, team_slug: slug, username } = call.path;
      const opened = openOrganization(ledger, call.actor, org, "read");
      const team = openTeam(opened, call.actor, { slug, action: "update" });
      const account = requirePerson(opened.state, username);
      const role = call.body.role ?? "member";
      const isSo = opened.state.organizations.teamRole(team.id, account.id) === role;
      const command = { kind: "team.set-member", payload: { team: team.id, account: account.id, role } } as const;
      const height = isSo ? undefined : await submitChange(services, call, command);
      const url = `${new Urls(call.baseUrl).api}/orgs/${org}/teams/${slug}/memberships/${username}`;
      return { status: 200, body: { url, role, state: "active" }, ...(height !== undefined && { height }) };
    },
    "PUT /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}": async (call) => {
      const { org, team_slug: slug } = call.path;
      const opened = openOrganization(ledger, call.actor, org, "read");
      const team = openTeam(opened, call.actor, { slug, action: "read" });
      const { repository } = openRepository(ledger, call.actor, call.path, "manage-collaborators");
      const role = roleOf(call.body.permission);
      const isSo = opened.state.organizations.teamRepositoryRole(team.id, repository.id) === role;
      const payload = { team: team.id, repository: repository.id, role };
      const height = isSo ? undefined : await submitChange(services, call, { kind: "team.set-repository", payload });
      return { status: 204, body: undefined, ...(height !== undefined && { height }) };
    },
  };
}

async function createTeam(services: Services, call: Call<`POST ${Teams}`>, organization: number) {
  const { body } = call;
  const name = parseTeamName(body.name);
  if (name === undefined)
    throw invalidField({ resource: "Team", field: "name", message: "needs a letter or digit of a to z or 0 to 9" });
  const texts = new Texts(services.random, ledgerLimits.descriptionBytesMax);
  const parent = body.parent_team_id === undefined ? undefined : parseTeamId(body.parent_team_id);
  // GitHub's default: a child is visible, because a secret team cannot be one.
  const isVisible = body.privacy === "closed" || (body.privacy === undefined && parent !== undefined);
  const payload = {
    organization: organization as never,
    name,
    privacy: isVisible ? ("visible" as const) : ("secret" as const),
    parent,
    description: texts.ref("description", body.description),
  };
  const outcome = await services.transactions.submit({ kind: "team.create", payload }, optionsOf(call, { texts }));
  const { result, height } = requireApplied(outcome);
  return { team: result.team, height };
}
