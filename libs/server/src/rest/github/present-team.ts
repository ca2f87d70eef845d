import type { Team as TeamShape, TeamFull, TeamRepository, TeamSimple } from "@guts/api";
import type { RepositoryRole } from "@guts/governance";
import type { Account, ForgeState, Team } from "@guts/ledger";
import { teamSlugOf } from "@guts/primitives";

import type { LocatedRepository } from "../../use-cases/find-repository.ts";
import { isoTime } from "../iso-time.ts";
import { presentOrganization, type Presenting, type ShownOrganization } from "./present-organization.ts";
import { presentPermissions, presentRepository, type RepositoryPresentation } from "./present-repository.ts";
import { nodeIdOf } from "./urls.ts";

/** A team with the organization that it is of. */
export interface LocatedTeam {
  readonly team: Team;
  readonly organization: Account;
}

/** A team with its parent; with `role` as one of a repository's teams. */
export function presentTeam(
  state: ForgeState,
  { team, organization }: LocatedTeam,
  presenting: Presenting,
  role?: RepositoryRole,
): TeamShape {
  return {
    ...presentTeamSimple({ team, organization }, presenting),
    ...(role !== undefined && { permission: githubRoleName(role), permissions: presentPermissions(role) }),
    parent: presentParent(state, { team, organization }, presenting),
  };
}

/** What is counted of a team, and how its organization is shown. */
export interface TeamFacts {
  readonly counts: { readonly members: number; readonly repositories: number } | undefined;
  readonly organizationCounts: ShownOrganization["counts"];
}

/** A team with its counts and organization. */
export function presentTeamFull(
  state: ForgeState,
  { team, organization }: LocatedTeam,
  presenting: Presenting,
  { counts, organizationCounts }: TeamFacts,
): TeamFull {
  const follows = state.followCounts(organization.id);
  const shown = { counts: organizationCounts, settings: undefined, follows };
  return {
    ...presentTeamSimple({ team, organization }, presenting),
    parent: presentParent(state, { team, organization }, presenting),
    members_count: counts?.members ?? 0,
    repos_count: counts?.repositories ?? 0,
    created_at: isoTime(team.createdTime),
    updated_at: isoTime(team.updatedTime),
    organization: presentOrganization(organization, presenting, shown),
  };
}

/** A repository with what a team may do there. */
export function presentTeamRepository(
  located: LocatedRepository,
  role: RepositoryRole,
  presentation: Omit<RepositoryPresentation, "held">,
): TeamRepository {
  const shown = presentRepository(located, { ...presentation, held: role });
  return { ...shown, permissions: presentPermissions(role), role_name: role };
}

function presentParent(state: ForgeState, { team, organization }: LocatedTeam, presenting: Presenting) {
  const parent = team.parent === undefined ? undefined : state.organizations.team(team.parent);
  return parent === undefined ? null : presentTeamSimple({ team: parent, organization }, presenting);
}

function presentTeamSimple({ team, organization }: LocatedTeam, { urls, text }: Presenting): TeamSimple {
  const slug = teamSlugOf(team.name);
  const url = `${urls.api}/orgs/${organization.handle}/teams/${slug}`;
  return {
    id: team.id,
    node_id: nodeIdOf("Team", team.id),
    name: team.name,
    slug,
    description: text(team.description),
    privacy: team.privacy === "visible" ? "closed" : "secret",
    permission: "pull",
    type: "organization",
    organization_id: organization.id,
    url,
    html_url: `${urls.base}/orgs/${organization.handle}/teams/${slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
  };
}

/** The names that GitHub uses for a team's permission: the older ones of read and write. */
function githubRoleName(role: RepositoryRole): string {
  if (role === "read") return "pull";
  return role === "write" ? "push" : role;
}
