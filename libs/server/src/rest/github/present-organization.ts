import type {
  Organization as OrganizationShape,
  OrganizationInvitation,
  OrganizationMembership,
  OrganizationSimple,
} from "@guts/api";
import type { OrganizationRole } from "@guts/governance";
import type { Account, ForgeState, tables } from "@guts/ledger";

import { avatarPath } from "../../use-cases/avatars.ts";
import type { Membership } from "../../use-cases/organizations.ts";
import { isoTime } from "../iso-time.ts";
import { presentSimpleUser, type FollowCounts, type ReadText } from "./present-user.ts";
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
    avatar_url: `${urls.base}${avatarPath(organization)}`,
    description: text(organization.bio),
  };
}

/** What an organization is shown with: `settings` and the private count for members only. */
export interface ShownOrganization {
  readonly counts: { readonly ownedPublic: number; readonly ownedPrivate: number };
  readonly settings: ReturnType<ForgeState["organizations"]["settings"]>;
  readonly follows: FollowCounts;
}

/** An organization; what is for members only when `settings` are given. */
export function presentOrganization(
  organization: Account,
  presenting: Presenting,
  { counts, settings, follows }: ShownOrganization,
): OrganizationShape {
  const { text, urls } = presenting;
  const [name, blog, location] = [organization.displayName, organization.website, organization.location].map(text);
  return {
    ...presentOrganizationSimple(organization, presenting),
    ...(name != null && { name }),
    ...(blog != null && { blog }),
    ...(location != null && { location }),
    has_organization_projects: false,
    has_repository_projects: false,
    public_repos: counts.ownedPublic,
    public_gists: 0,
    ...follows,
    html_url: `${urls.base}/${organization.handle}`,
    type: "Organization",
    ...(settings !== undefined && {
      total_private_repos: counts.ownedPrivate,
      owned_private_repos: counts.ownedPrivate,
      default_repository_permission: settings.basePermission,
      members_can_create_repositories: settings.repositoryCreation !== "none",
      members_can_create_public_repositories: settings.repositoryCreation === "all",
      members_can_create_private_repositories: settings.repositoryCreation !== "none",
      members_allowed_repository_creation_type: settings.repositoryCreation,
    }),
    created_at: isoTime(organization.createdTime),
    updated_at: isoTime(organization.updatedTime),
    archived_at: null,
  };
}

/** A membership, or an invitation that waits. */
export function presentMembership(
  { organization, account, membership }: { organization: Account; account: Account; membership: Membership },
  presenting: Presenting,
): OrganizationMembership {
  const { urls } = presenting;
  const url = `${urls.api}/orgs/${organization.handle}`;
  return {
    url: `${url}/memberships/${account.handle}`,
    state: membership.state,
    role: githubRole(membership.role),
    organization_url: url,
    organization: presentOrganizationSimple(organization, presenting),
    user: presentSimpleUser(account, urls),
  };
}

/** An invitation to an organization. */
export function presentOrganizationInvitation(
  { organization, invitee, inviter, row }: PresentedInvitation,
  { urls }: Presenting,
): OrganizationInvitation {
  return {
    id: row.number,
    node_id: nodeIdOf("OrganizationInvitation", row.number),
    login: invitee.handle,
    email: null,
    role: row.role === "owner" ? "admin" : "direct_member",
    created_at: isoTime(row.createdTime),
    failed_at: null,
    failed_reason: null,
    inviter: presentSimpleUser(inviter, urls),
    team_count: row.teams.length,
    invitation_teams_url: `${urls.api}/orgs/${organization.handle}/invitations/${row.number}/teams`,
    invitation_source: "member",
  };
}

/** An invitation with whom it is about. */
export interface PresentedInvitation {
  readonly organization: Account;
  readonly invitee: Account;
  readonly inviter: Account;
  readonly row: tables.OrganizationInvitationRow;
}

/** GitHub calls an owner of an organization its admin. */
function githubRole(role: OrganizationRole): "admin" | "member" {
  return role === "owner" ? "admin" : "member";
}
