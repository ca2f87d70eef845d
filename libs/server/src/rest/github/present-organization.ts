import type {
  Organization as OrganizationShape,
  OrganizationMembership,
  OrganizationSimple,
  Team as TeamShape,
  TeamSimple,
} from "@guts/api";
import type { OrganizationRole } from "@guts/governance";
import type { Account, ForgeState, Team } from "@guts/ledger";
import { teamSlugOf } from "@guts/primitives";

import { isoTime } from "../iso-time.ts";
import { presentSimpleUser, type ReadText } from "./present-user.ts";
import { nodeIdOf, type Urls } from "./urls.ts";

/** What answers about organizations need beside their rows. */
export interface Presenting {
  readonly urls: Urls;
  readonly text: ReadText;
}

/** An organization as it appears inside other resources. */
export function presentOrganizationSimple(organization: Account, { urls, text }: Presenting): OrganizationSimple {
  const url = `${urls.api}/orgs/${organization.handle}`;
  return {
    login: organization.handle,
    id: organization.id,
    node_id: nodeIdOf("Organization", organization.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `${urls.base}/api/guts/avatars/${organization.id}.svg`,
    description: text(organization.bio),
  };
}

/** An organization; its settings only when `settings` are given. */
export function presentOrganization(
  organization: Account,
  presenting: Presenting,
  shown: {
    readonly publicRepositoryCount: number;
    readonly settings: ReturnType<ForgeState["organizations"]["settings"]>;
  },
): OrganizationShape {
  const { text, urls } = presenting;
  const { settings } = shown;
  const [name, blog, location] = [organization.displayName, organization.website, organization.location].map(text);
  return {
    ...presentOrganizationSimple(organization, presenting),
    ...(name != null && { name }),
    ...(blog != null && { blog }),
    ...(location != null && { location }),
    has_organization_projects: false,
    has_repository_projects: false,
    public_repos: shown.publicRepositoryCount,
    public_gists: 0,
    followers: 0,
    following: 0,
    html_url: `${urls.base}/${organization.handle}`,
    type: "Organization",
    ...(settings !== undefined && {
      default_repository_permission: settings.basePermission,
      members_can_create_repositories: settings.repositoryCreation !== "none",
      members_allowed_repository_creation_type: settings.repositoryCreation,
    }),
    created_at: isoTime(organization.createdTime),
    updated_at: isoTime(organization.updatedTime),
    archived_at: null,
  };
}

/** A membership, or an invitation that waits; undefined when there is neither. */
export function presentMembership(
  state: ForgeState,
  { organization, account }: { readonly organization: Account; readonly account: Account },
  presenting: Presenting,
): OrganizationMembership | undefined {
  const member = state.organizations.member(organization.id, account.id);
  const role = member?.role ?? state.organizations.invitation(organization.id, account.id)?.role;
  if (role === undefined) return undefined;
  const { urls } = presenting;
  const url = `${urls.api}/orgs/${organization.handle}`;
  return {
    url: `${url}/memberships/${account.handle}`,
    state: member === undefined ? "pending" : "active",
    role: githubRole(role),
    organization_url: url,
    organization: presentOrganizationSimple(organization, presenting),
    user: presentSimpleUser(account, urls),
  };
}

/** A team with its parent. */
export function presentTeam(
  state: ForgeState,
  { team, organization }: { readonly team: Team; readonly organization: Account },
  presenting: Presenting,
): TeamShape {
  const parent = team.parent === undefined ? undefined : state.organizations.team(team.parent);
  return {
    ...presentTeamSimple(team, organization, presenting),
    parent: parent === undefined ? null : presentTeamSimple(parent, organization, presenting),
  };
}

function presentTeamSimple(team: Team, organization: Account, { urls, text }: Presenting): TeamSimple {
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

function githubRole(role: OrganizationRole): "admin" | "member" {
  return role === "owner" ? "admin" : "member";
}
