import {
  refuseOrganizationAction,
  refuseTeamAction,
  scopesAllow,
  type OrganizationAction,
  type OrganizationRole,
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
import { refusalOfRejection, requireApplied } from "./rejection.ts";

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
  if (refusal !== undefined) throw refusalOfRejection(refusal.code);
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
  if (refusal !== undefined) throw refusalOfRejection(refusal.code);
  return team;
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
  if (!scopesAllow(scopes, "read-organizations")) throw refusalOfRejection("scope-missing");
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
