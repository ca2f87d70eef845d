import type { TeamCreation, TeamUpdate } from "@guts/api";
import { refuseOrganizationAction, type TeamRole } from "@guts/governance";
import { ledgerLimits, type LedgerCommand, type Team } from "@guts/ledger";
import { parseTeamId, parseTeamName, type AccountId, type Height, type TeamId, type TeamName } from "@guts/primitives";

import { invalidField } from "../errors.ts";
import type { Services } from "../services.ts";
import { optionsOf, type ChangeRequest } from "./change-repositories.ts";
import {
  openInvitationOf,
  openOrganization,
  openTeam,
  requirePerson,
  submitChange,
  type Membership,
  type OpenedOrganization,
} from "./organizations.ts";
import { refusalOfRejection, requireApplied } from "./rejection.ts";
import { Texts } from "./texts.ts";

type Needs = Pick<Services, "ledger" | "transactions" | "random">;

/** Where a team is asked for. */
export interface TeamPath {
  readonly org: string;
  readonly team_slug: string;
}

/** Makes a team. Throws `Refusal`. */
export async function createTeam(
  services: Needs,
  request: ChangeRequest,
  { organization, body }: { readonly organization: AccountId; readonly body: TeamCreation },
): Promise<{ readonly team: TeamId; readonly height: Height }> {
  const texts = new Texts(services.random, ledgerLimits.descriptionBytesMax);
  const parent = body.parent_team_id === undefined ? undefined : requireParent(body.parent_team_id);
  // GitHub's default: a child is visible, because a secret team cannot be one.
  const isVisible = body.privacy === "closed" || (body.privacy === undefined && parent !== undefined);
  const payload = {
    organization,
    name: requireTeamName(body.name),
    privacy: isVisible ? ("visible" as const) : ("secret" as const),
    parent,
    description: texts.ref("description", body.description),
  };
  const outcome = await services.transactions.submit({ kind: "team.create", payload }, optionsOf(request, { texts }));
  const { result, height } = requireApplied(outcome);
  return { team: result.team, height };
}

/** Changes what is given of a team; undefined when nothing is. Throws `Refusal`. */
export async function updateTeam(
  services: Needs,
  request: ChangeRequest,
  { team, body }: { readonly team: Team; readonly body: TeamUpdate },
): Promise<Height | undefined> {
  const texts = new Texts(services.random, ledgerLimits.descriptionBytesMax);
  const { parent_team_id: parent, privacy } = body;
  const changes = {
    name: body.name === undefined ? undefined : requireTeamName(body.name),
    privacy: privacy === undefined ? undefined : privacy === "closed" ? ("visible" as const) : ("secret" as const),
    parent: parent === undefined ? undefined : { value: parent === null ? undefined : requireParent(parent) },
    description: texts.change("description", body.description),
  };
  if (Object.values(changes).every((change) => change === undefined)) return undefined;
  const command = { kind: "team.update", payload: { team: team.id, ...changes } } as const;
  return requireApplied(await services.transactions.submit(command, optionsOf(request, { texts }))).height;
}

/** A wish for somebody's place in a team. */
export interface TeamMemberWish {
  readonly path: TeamPath & { readonly username: string };
  readonly role: TeamRole;
}

/**
 * Takes a member of the organization into a team. An owner may name somebody who is none: who is then asked into the
 * organization, and joins the team with it. Throws `Refusal`.
 */
export async function setTeamMember(
  services: Needs,
  request: ChangeRequest,
  { path, role }: TeamMemberWish,
): Promise<{ readonly state: Membership["state"]; readonly role: TeamRole; readonly height: Height | undefined }> {
  const opened = openOrganization(services.ledger, request.actor, path.org, "read");
  const team = openTeam(opened, request.actor, { slug: path.team_slug, action: "update" });
  const { id: account } = requirePerson(opened.state, path.username);
  const { organizations } = opened.state;
  if (organizations.member(opened.organization.id, account) === undefined) {
    const height = await inviteIntoTeam(services, request, { opened, team: team.id, account });
    return { state: "pending", role: "member", height };
  }
  const isSo = organizations.teamRole(team.id, account) === role;
  const command: LedgerCommand = { kind: "team.set-member", payload: { team: team.id, account, role } };
  return { state: "active", role, height: isSo ? undefined : await submitChange(services, request, command) };
}

async function inviteIntoTeam(
  services: Needs,
  request: ChangeRequest,
  { opened, team, account }: { opened: OpenedOrganization; team: TeamId; account: AccountId },
): Promise<Height | undefined> {
  const { state, organization } = opened;
  const { actor } = request;
  const access = state.organizations.access(organization.id, actor.account.id, actor.scopes);
  // A maintainer cannot ask people into the organization.
  if (access === undefined || refuseOrganizationAction(access, "administer") !== undefined)
    throw refusalOfRejection("not-a-member");
  const invitation = openInvitationOf(services.ledger, opened, account);
  if (invitation?.teams.includes(team) === true) return undefined;
  const teams = [...(invitation?.teams ?? []), team];
  if (teams.length > ledgerLimits.invitationTeamsMax) {
    const message = `is in as many teams as an invitation may name (${ledgerLimits.invitationTeamsMax})`;
    throw invalidField({ resource: "TeamMember", field: "user", message });
  }
  const payload = { organization: organization.id, account, role: invitation?.role ?? ("member" as const), teams };
  return submitChange(services, request, { kind: "organization.invite", payload });
}

function requireTeamName(text: string): TeamName {
  const name = parseTeamName(text);
  if (name !== undefined) return name;
  const message = "needs a letter or digit of a to z or 0 to 9, on one line of 100 bytes at most";
  throw invalidField({ resource: "Team", field: "name", message });
}

function requireParent(number: number): TeamId {
  const id = parseTeamId(number);
  if (id !== undefined) return id;
  throw invalidField({ resource: "Team", field: "parent_team_id", message: "must be the id of a team" });
}
