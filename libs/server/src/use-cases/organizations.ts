import {
  refuseOrganizationAction,
  refuseTeamAction,
  scopesAllow,
  type OrganizationAction,
  type OrganizationRefusal,
  type OrganizationRole,
  type Scope,
  type ScopeNeed,
  type TeamAction,
} from "@guts/governance";
import type { Account, ForgeState, LedgerCommand, tables, Team } from "@guts/ledger";
import { parseTeamSlug, type AccountId, type Height, type TeamId } from "@guts/primitives";

import type { Actor, SignedInActor } from "../auth/actor.ts";
import { notFound, Refusal } from "../errors.ts";
import type { Ledger } from "../ports/index.ts";
import type { Services } from "../services.ts";
import { optionsOf, type ChangeRequest } from "./change-repositories.ts";
import { findAccount } from "./find-repository.ts";
import { requireApplied } from "./rejection.ts";

/** An organization at one state. */
export interface OpenedOrganization {
  readonly state: ForgeState;
  readonly organization: Account;
}

/** The organization of this name, if there is one. Throws `Refusal` `not-found`. */
export function locateOrganization(ledger: Ledger, handle: string): OpenedOrganization {
  const state = ledger.state();
  const organization = findAccount(state, handle)?.account;
  if (organization === undefined || !organization.isOrganization) throw notFound();
  return { state, organization };
}

/** The organization, if the actor may do this for it. Throws `Refusal`. */
export function openOrganization(
  ledger: Ledger,
  actor: Actor,
  handle: string,
  action: OrganizationAction,
): OpenedOrganization {
  const opened = locateOrganization(ledger, handle);
  const access = opened.state.organizations.access(opened.organization.id, actor.account?.id, actor.scopes);
  const refusal = access === undefined ? { code: "not-found" as const } : refuseOrganizationAction(access, action);
  if (refusal?.code === "not-found") throw notFound();
  if (refusal !== undefined) throw refusalOfOrganization(refusal, forbiddenWords[action]);
  return opened;
}

/** Whether the actor may see what members see of the organization. */
export function seesMembers({ state, organization }: OpenedOrganization, actor: Actor): boolean {
  const access = state.organizations.access(organization.id, actor.account?.id, actor.scopes);
  return access !== undefined && refuseOrganizationAction(access, "read") === undefined;
}

/** A team by its slug, if the actor may do this with it. Throws `Refusal`. */
export function openTeam(
  { state, organization }: OpenedOrganization,
  actor: Actor,
  { slug: text, action }: { readonly slug: string; readonly action: TeamAction },
): Team {
  const slug = parseTeamSlug(text);
  const team = slug === undefined ? undefined : state.organizations.findTeam(organization.id, slug);
  if (team === undefined) throw notFound();
  const refusal = refuseTeamAction(state.organizations.teamAccess(team, actor.account?.id, actor.scopes), action);
  if (refusal?.code === "not-found") throw notFound();
  if (refusal !== undefined)
    throw refusalOfOrganization(refusal, "Only maintainers of the team and owners of the organization may do that.");
  return team;
}

/** Why not, when the person is the reason. */
const forbiddenWords: Readonly<Record<OrganizationAction, string>> = {
  read: "Only members of the organization see that.",
  administer: "Only owners of the organization may do that.",
  "read-audit-log": "Only owners of the organization read its audit log.",
  "create-team": "Only members of the organization may make teams.",
  "create-public": "Members of the organization may not create public repositories; an owner may.",
  "create-private": "Members of the organization may not create repositories; an owner may.",
};

function refusalOfOrganization(refusal: OrganizationRefusal, words: string): Refusal {
  if (refusal.code === "forbidden") return new Refusal("forbidden", words, { reason: "forbidden" });
  return lacking(scopeOf[refusal.need] ?? refusal.need);
}

/** The narrowest scope for each need that organizations have. */
const scopeOf: Partial<Readonly<Record<ScopeNeed, Scope>>> = {
  "read-organizations": "read:org",
  "write-organizations": "write:org",
  "administer-organizations": "admin:org",
  "write-public-repository": "public_repo",
  "write-private-repository": "repo",
};

function lacking(scope: string): Refusal {
  const message = `This token lacks the scope ${scope}. Make one that has it, or sign in with it.`;
  return new Refusal("forbidden", message, { reason: "scope-missing" });
}

/** Whether the actor may know of the team. */
export function seesTeam({ organizations }: ForgeState, { account, scopes }: Actor, team: Team): boolean {
  return refuseTeamAction(organizations.teamAccess(team, account?.id, scopes), "read") === undefined;
}

/** Teams by number: those that there are and that the actor may know of. */
export function teamsSeen(state: ForgeState, actor: Actor, ids: Iterable<TeamId>): readonly Team[] {
  const found = Array.from(ids, (id) => state.organizations.team(id)).filter((team) => team !== undefined);
  return found.filter((team) => seesTeam(state, actor, team));
}

/** An account's place in an organization: a member's, or that of an invitation which has not lapsed. */
export interface Membership {
  readonly state: "active" | "pending";
  readonly role: OrganizationRole;
}

/** The account's place in the organization, if it has one. */
export function membershipOf(
  ledger: Pick<Ledger, "time">,
  { state, organization }: OpenedOrganization,
  account: AccountId,
): Membership | undefined {
  const role = state.organizations.member(organization.id, account)?.role;
  if (role !== undefined) return { state: "active", role };
  const invitation = openInvitationOf(ledger, { state, organization }, account);
  return invitation === undefined ? undefined : { state: "pending", role: invitation.role };
}

/** The account's invitation, if it can still be accepted. */
export function openInvitationOf(
  ledger: Pick<Ledger, "time">,
  { state, organization }: OpenedOrganization,
  account: AccountId,
): tables.OrganizationInvitationRow | undefined {
  const invitation = state.organizations.invitation(organization.id, account);
  return invitation !== undefined && invitation.expiresTime > ledger.time() ? invitation : undefined;
}

/** Refuses a credential that does not reach one's own memberships. Throws `Refusal`. */
export function requireOwnMemberships({ scopes }: SignedInActor): void {
  if (!scopesAllow(scopes, "read-organizations")) throw lacking("read:org");
}

/** The account of somebody who is named in a request. Throws `Refusal` `not-found`. */
export function requirePerson(state: ForgeState, handle: string): Account {
  const found = findAccount(state, handle);
  if (found === undefined || found.account.isOrganization) throw new Refusal("not-found", "Not Found");
  return found.account;
}

/** Submits a change that carries no texts, and gives the height at which it was applied. */
export async function submitChange(
  { transactions }: Pick<Services, "transactions">,
  request: ChangeRequest,
  command: LedgerCommand,
): Promise<Height | undefined> {
  return requireApplied(await transactions.submit(command, optionsOf(request))).height;
}
