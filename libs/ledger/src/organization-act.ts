/** The first question of every act on an organization or a team: is it there, and may this actor do this with it. */
import {
  refuseOrganizationAction,
  refuseTeamAction,
  scopesAllow,
  type OrganizationAction,
  type ScopeNeed,
  type TeamAction,
} from "@guts/governance";
import type { AccountId, TeamId } from "@guts/primitives";
import { scopesOf, type ActContext } from "./kind.ts";
import type { Team } from "./organization-state.ts";
import type { RejectionCode } from "./rejection.ts";
import type { EventScope } from "./tables.ts";

/** Why the actor may not do this for the organization, or undefined. */
export function refuseForOrganization(
  context: ActContext,
  organization: AccountId,
  action: OrganizationAction,
): RejectionCode | undefined {
  const { forge, actor, authority } = context;
  const access = forge.organizations.access(organization, actor, scopesOf(authority));
  return access === undefined ? "not-found" : refuseOrganizationAction(access, action)?.code;
}

/** Why the authority does not reach this need, or undefined: for what everybody may do about their own membership. */
export function refuseOwnMembership({ authority }: ActContext, need: ScopeNeed): RejectionCode | undefined {
  const scopes = scopesOf(authority);
  return scopes === undefined || scopesAllow(scopes, need) ? undefined : "scope-missing";
}

/** A team, or why the actor may not do this with it. */
export type TeamVerdict = { readonly team: Team; readonly refusal?: undefined } | { readonly refusal: RejectionCode };

/** Finds the team and asks governance about `action`. */
export function openTeam(context: ActContext, id: TeamId, action: TeamAction): TeamVerdict {
  const { forge, actor, authority } = context;
  const team = forge.organizations.team(id);
  if (team === undefined) return { refusal: "not-found" };
  const refusal = refuseTeamAction(forge.organizations.teamAccess(team, actor, scopesOf(authority)), action);
  return refusal === undefined ? { team } : { refusal: refusal.code };
}

/** The event log of an organization. */
export function organizationScope(organization: AccountId): EventScope {
  return { type: "account", id: organization };
}

/** The event log of a team's organization; asked after the act, so a deleted team's is told by the caller. */
export function teamScope({ forge }: ActContext, team: TeamId): EventScope {
  return organizationScope(forge.organizations.team(team)!.organization);
}
