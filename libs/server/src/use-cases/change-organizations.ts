import type { OrganizationCreation, OrganizationInvitationRequest, OrganizationUpdate } from "@guts/api";
import type { MemberRepositoryCreation, OrganizationRole } from "@guts/governance";
import { ledgerLimits, type Account, type LedgerCommand } from "@guts/ledger";
import { parseAccountId, parseHandle, parseTeamId, type Handle, type Height, type TeamId } from "@guts/primitives";

import { invalidField, type Refusal } from "../errors.ts";
import type { Services } from "../services.ts";
import { optionsOf, type ChangeRequest } from "./change-repositories.ts";
import {
  locateOrganization,
  openInvitationOf,
  openOrganization,
  requirePerson,
  submitChange,
  type OpenedOrganization,
} from "./organizations.ts";
import { requireApplied } from "./rejection.ts";
import { Texts } from "./texts.ts";

type Needs = Pick<Services, "ledger" | "transactions" | "random">;

/** Founds an organization that the actor owns. Throws `Refusal`. */
export async function foundOrganization(
  services: Needs,
  request: ChangeRequest,
  { login, admin, profile_name: name }: OrganizationCreation,
): Promise<OpenedOrganization & { readonly height: Height }> {
  const handle = requireHandle(login);
  if (admin !== undefined && admin.toLowerCase() !== request.actor.account.handle.toLowerCase()) {
    const message = "must be who creates the organization; others join by invitation, also as owners";
    throw invalidField({ resource: "Organization", field: "admin", message });
  }
  const texts = new Texts(services.random, ledgerLimits.profileFieldBytesMax);
  const payload = { handle, displayName: texts.ref("profile_name", name) };
  const command = { kind: "organization.create", payload } as const;
  const { height } = requireApplied(await services.transactions.submit(command, optionsOf(request, { texts })));
  return { ...locateOrganization(services.ledger, handle), height };
}

/** Changes what is given of profile and settings. Throws `Refusal`. */
export async function updateOrganization(
  services: Needs,
  request: ChangeRequest,
  { organization, body }: { readonly organization: Account; readonly body: OrganizationUpdate },
): Promise<Height | undefined> {
  const texts = new Texts(services.random, ledgerLimits.profileFieldBytesMax);
  const current = services.ledger.state().organizations.settings(organization.id);
  const changes = {
    displayName: texts.change("name", body.name),
    bio: texts.change("description", body.description),
    location: texts.change("location", body.location),
    website: texts.change("blog", body.blog),
    basePermission: body.default_repository_permission,
    repositoryCreation: creationWanted(body, current?.repositoryCreation ?? "none"),
  };
  if (Object.values(changes).every((change) => change === undefined)) return undefined;
  const command = { kind: "organization.update", payload: { organization: organization.id, ...changes } } as const;
  return requireApplied(await services.transactions.submit(command, optionsOf(request, { texts }))).height;
}

/** GitHub says it in four fields; the closed word wins, then the two that name a visibility. */
function creationWanted(
  body: OrganizationUpdate,
  current: MemberRepositoryCreation,
): MemberRepositoryCreation | undefined {
  if (body.members_allowed_repository_creation_type !== undefined) return body.members_allowed_repository_creation_type;
  const { members_can_create_public_repositories: ofPublic, members_can_create_private_repositories: ofPrivate } = body;
  const { members_can_create_repositories: may } = body;
  if (ofPublic === undefined && ofPrivate === undefined)
    return may === undefined ? undefined : may ? ("all" as const) : ("none" as const);
  const mayPublic = may !== false && (ofPublic ?? current === "all");
  const mayPrivate = may !== false && (ofPrivate ?? current !== "none");
  if (mayPublic && !mayPrivate) {
    const message = "cannot be allowed alone: who may create public repositories may create private ones too";
    throw invalidField({ resource: "Organization", field: "members_can_create_public_repositories", message });
  }
  return mayPublic ? "all" : mayPrivate ? "private" : "none";
}

/** Gives an organization another handle, and finds it under that. Throws `Refusal`. */
export async function renameOrganization(
  services: Needs,
  request: ChangeRequest,
  { org, login }: { readonly org: string; readonly login: string },
): Promise<OpenedOrganization & { readonly height: Height | undefined }> {
  const { organization } = openOrganization(services.ledger, request.actor, org, "administer");
  const handle = requireHandle(login);
  if (handle === organization.handle) return { ...locateOrganization(services.ledger, handle), height: undefined };
  const payload = { organization: organization.id, handle };
  const height = await submitChange(services, request, { kind: "organization.rename", payload });
  return { ...locateOrganization(services.ledger, handle), height };
}

/** Deletes an organization that has no repositories. Throws `Refusal`. */
export async function deleteOrganization(
  services: Needs,
  request: ChangeRequest,
  org: string,
): Promise<Height | undefined> {
  const { organization } = openOrganization(services.ledger, request.actor, org, "administer");
  const command = { kind: "organization.delete", payload: { organization: organization.id } } as const;
  return submitChange(services, request, command);
}

/** Gives a member a role; asks in who is none. An open invitation keeps its teams and runs anew. Throws `Refusal`. */
export async function setMembership(
  services: Needs,
  request: ChangeRequest,
  wish: { readonly org: string; readonly username: string; readonly role: OrganizationRole },
): Promise<{ readonly account: Account; readonly height: Height | undefined }> {
  const opened = openOrganization(services.ledger, request.actor, wish.org, "administer");
  const { state, organization } = opened;
  const account = requirePerson(state, wish.username);
  const held = state.organizations.member(organization.id, account.id)?.role;
  const target = { organization: organization.id, account: account.id, role: wish.role };
  if (held === wish.role) return { account, height: undefined };
  const teams = openInvitationOf(services.ledger, opened, account.id)?.teams ?? [];
  const command: LedgerCommand =
    held === undefined
      ? { kind: "organization.invite", payload: { ...target, teams } }
      : { kind: "organization.set-role", payload: target };
  return { account, height: await submitChange(services, request, command) };
}

/** Removes a member, or takes an invitation back; of oneself: leaves, or declines. Throws `Refusal`. */
export async function endMembership(
  services: Needs,
  request: ChangeRequest,
  { org, username }: { readonly org: string; readonly username: string },
): Promise<Height | undefined> {
  const { state, organization } = locateOrganization(services.ledger, org);
  const account = requirePerson(state, username);
  const payload = { organization: organization.id, account: account.id };
  const isInvited = state.organizations.member(organization.id, account.id) === undefined;
  const command: LedgerCommand =
    isInvited && account.id === request.actor.account.id
      ? { kind: "organization.decline", payload: { organization: organization.id } }
      : { kind: "organization.remove-member", payload };
  return submitChange(services, request, command);
}

/** Asks an account in, perhaps into teams. Throws `Refusal`. */
export async function inviteToOrganization(
  services: Needs,
  request: ChangeRequest,
  { org, body }: { readonly org: string; readonly body: OrganizationInvitationRequest },
): Promise<{ readonly account: Account; readonly height: Height | undefined }> {
  const { state, organization } = openOrganization(services.ledger, request.actor, org, "administer");
  const account = requireInvitee(body, (id) => state.account(id));
  if (state.organizations.member(organization.id, account.id) !== undefined)
    throw invalidInvitation("invitee_id", "is a member of this organization already");
  const isTeamHere = (id: TeamId) => state.organizations.team(id)?.organization === organization.id;
  const payload = {
    organization: organization.id,
    account: account.id,
    role: body.role === "admin" ? ("owner" as const) : ("member" as const),
    teams: requireTeams(body.team_ids ?? [], isTeamHere),
  };
  return { account, height: await submitChange(services, request, { kind: "organization.invite", payload }) };
}

function requireInvitee(
  { invitee_id: number, email }: OrganizationInvitationRequest,
  find: (id: NonNullable<ReturnType<typeof parseAccountId>>) => Account | undefined,
): Account {
  if (email !== undefined)
    throw invalidInvitation(
      "email",
      "invites nobody: only the home node of an account knows its address; use invitee_id",
    );
  const id = number === undefined ? undefined : parseAccountId(number);
  const account = id === undefined ? undefined : find(id);
  if (account?.status === "active" && !account.isOrganization) return account;
  throw invalidInvitation("invitee_id", "must be the id of an account");
}

function requireTeams(ids: readonly number[], isHere: (id: TeamId) => boolean): readonly TeamId[] {
  const { invitationTeamsMax } = ledgerLimits;
  if (ids.length > invitationTeamsMax)
    throw invalidInvitation("team_ids", `names too many teams (maximum is ${invitationTeamsMax})`);
  return [...new Set(ids)].map((number) => {
    const id = parseTeamId(number);
    if (id !== undefined && isHere(id)) return id;
    throw invalidInvitation("team_ids", `names ${number}, which is no team of this organization`);
  });
}

function invalidInvitation(field: string, message: string): Refusal {
  return invalidField({ resource: "OrganizationInvitation", field, message });
}

function requireHandle(login: string): Handle {
  const handle = parseHandle(login);
  if (handle !== undefined) return handle;
  const message =
    "may hold letters, digits and single '-' between them, 39 characters at most, and be no word that addresses use";
  throw invalidField({ resource: "Organization", field: "login", message });
}
