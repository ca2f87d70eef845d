import { refuseOrganizationAction, refuseTeamAction, type OrganizationAction, type TeamAction } from "@guts/governance";
import type { Account, ForgeState, LedgerCommand, Team } from "@guts/ledger";
import { parseTeamSlug, type Height } from "@guts/primitives";

import type { Actor } from "../auth/actor.ts";
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
