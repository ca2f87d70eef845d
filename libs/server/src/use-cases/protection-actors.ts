/** People and teams whom protection rules name: by name for clients, by number for the ledger. */
import { permits, refuseTeamAction, type ProtectionActors, type ProtectionSettings } from "@guts/governance";
import type { ForgeState, Repository, Team } from "@guts/ledger";
import { parseTeamSlug, teamSlugOf, type AccountId, type TeamId } from "@guts/primitives";

import type { Actor } from "../auth/actor.ts";
import { invalidField } from "../errors.ts";
import { findAccount } from "./find-repository.ts";
import type { OpenedRepository } from "./open-repository.ts";

/** Whether a viewer may be told of a team that a rule names. */
export type SeesTeam = (team: Team) => boolean;

/** Secret teams are told to their own, and to who administers the repository that names them. */
export function teamSight({ state, held }: Pick<OpenedRepository, "state" | "held">, actor: Actor): SeesTeam {
  if (actor.account !== undefined && permits(held, "admin")) return () => true;
  return (team) =>
    refuseTeamAction(state.organizations.teamAccess(team, actor.account?.id, actor.scopes), "read") === undefined;
}

/** Handles of people, then teams as `ORGANIZATION/TEAM`; who is gone by now is left out. */
export function actorNames(state: ForgeState, { accounts, teams }: ProtectionActors, seesTeam: SeesTeam): string[] {
  return [
    ...accounts.flatMap((id) => state.account(id)?.handle ?? []),
    ...presentTeams(state, teams, seesTeam).map(
      (team) => `${state.account(team.organization)!.handle}/${teamSlugOf(team.name)}`,
    ),
  ];
}

/** The teams of these numbers that are still there and that the viewer may know of. */
export function presentTeams(state: ForgeState, teams: readonly TeamId[], seesTeam: SeesTeam): readonly Team[] {
  return teams.flatMap((id) => state.organizations.team(id) ?? []).filter(seesTeam);
}

/** The people and teams of names such as `actorNames` gives, each once. Throws `Refusal` for one that there is not. */
export function parseActors(
  state: ForgeState,
  repository: Repository,
  { names, field }: { readonly names: readonly string[]; readonly field: string },
): ProtectionActors {
  const teams = names.filter((name) => name.includes("/"));
  const handles = names.filter((name) => !name.includes("/"));
  const slugs = teams.map((name) => {
    const [organization = "", slug = ""] = name.replace(/^@/, "").split("/");
    if (findAccount(state, organization)?.account.id === repository.owner) return slug;
    const message = `${name} is no team of the organization that owns the repository`;
    throw invalidField({ resource: "Protection", field, message });
  });
  return { accounts: accountsOf(state, { handles, field }), teams: teamsOf(state, repository, { slugs, field }) };
}

/** Settings without people and teams whom a rule could not be made to name any more: to a change of the rule they are gone. */
export function withoutGone(
  state: ForgeState,
  repository: Repository,
  settings: ProtectionSettings,
): ProtectionSettings {
  const present = ({ accounts, teams }: ProtectionActors): ProtectionActors => ({
    accounts: accounts.filter((id) => state.isActivePerson(id)),
    teams: teams.filter((id) => {
      const team = state.organizations.team(id);
      return team !== undefined && mayBeNamed(state, repository, team);
    }),
  });
  const { pushers, bypassers, dismissers } = settings;
  return {
    ...settings,
    pushers: pushers === undefined ? undefined : present(pushers),
    bypassers: present(bypassers),
    dismissers: dismissers === undefined ? undefined : present(dismissers),
  };
}

/** Whether a team is the owner's and may write: one that may not even push can be named for nothing. */
export function mayBeNamed({ organizations }: ForgeState, { owner, id }: Repository, team: Team): boolean {
  const role = team.organization === owner ? organizations.teamRoleOn(team, id) : undefined;
  return role !== undefined && permits(role, "write");
}

/** The people of these handles, each once. Throws `Refusal` for one that there is not. */
export function accountsOf(
  state: ForgeState,
  { handles, field }: { readonly handles: readonly string[]; readonly field: string },
): readonly AccountId[] {
  const ids = handles.map((handle) => {
    const found = findAccount(state, handle.replace(/^@/, ""))?.account;
    if (found !== undefined && !found.isOrganization) return found.id;
    throw invalidField({ resource: "Protection", field, message: `there is no account of a person ${handle}` });
  });
  return [...new Set(ids)];
}

/** The teams of these slugs in the organization that owns the repository, each once. Throws `Refusal`. */
export function teamsOf(
  state: ForgeState,
  repository: Repository,
  { slugs, field }: { readonly slugs: readonly string[]; readonly field: string },
): readonly TeamId[] {
  const ids = slugs.map((text) => {
    const slug = parseTeamSlug(text);
    const team = slug === undefined ? undefined : state.organizations.findTeam(repository.owner, slug);
    if (team !== undefined && mayBeNamed(state, repository, team)) return team.id;
    const message = `there is no team ${text} of the repository's organization with write access to it`;
    throw invalidField({ resource: "Protection", field, message });
  });
  return [...new Set(ids)];
}
