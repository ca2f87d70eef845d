/** Who may do what with an organization and its teams. Members act for it; it has no key of its own. */
import type { CredentialPowers } from "./restriction.ts";
import { scopesAllow, type ScopeNeed } from "./scope.ts";
import type { Visibility } from "./permission.ts";

/** What a member is to an organization. Owners do everything for it. */
export type OrganizationRole = "owner" | "member";

/** What a member is to a team. Maintainers look after its description and its members. */
export type TeamRole = "maintainer" | "member";

/** Who knows of a team: everybody in the organization, or its members and the organization's owners. */
export type TeamPrivacy = "visible" | "secret";

/** What every member may do with every repository of the organization. */
export type BasePermission = "none" | "read" | "write" | "admin";

/** Which repositories members may make for the organization. Owners may make any. */
export type MemberRepositoryCreation = "all" | "private" | "none";

/** What somebody wants of an organization. `read` is of what only members see: concealed members, and its teams. */
export type OrganizationAction =
  | "read"
  | "read-audit-log"
  | "administer"
  | "create-team"
  | "create-public"
  | "create-private";

/** Somebody who asks; `role` undefined for who is no member, `scopes` undefined for a personal key. */
export interface OrganizationAccess {
  readonly role: OrganizationRole | undefined;
  readonly repositoryCreation: MemberRepositoryCreation;
  readonly scopes: CredentialPowers | undefined;
}

/** Why not: the person may not, or the credential may not. That an organization exists is no secret. */
export type OrganizationRefusal =
  | { readonly code: "forbidden" }
  | { readonly code: "scope-missing"; readonly need: ScopeNeed };

const NEEDED_SCOPE: Readonly<Record<OrganizationAction, ScopeNeed>> = {
  read: "read-organizations",
  "read-audit-log": "read-audit-log",
  administer: "administer-organizations",
  "create-team": "administer-organizations",
  "create-public": "write-public-repository",
  "create-private": "write-private-repository",
};

/** Why `action` is refused, or undefined when it is allowed. */
export function refuseOrganizationAction(
  access: OrganizationAccess,
  action: OrganizationAction,
): OrganizationRefusal | undefined {
  if (!mayAct(access, action)) return { code: "forbidden" };
  return refuseScope(access.scopes, NEEDED_SCOPE[action]);
}

/** The action that making a repository of this visibility is. */
export function creationOf(visibility: Visibility): OrganizationAction {
  return visibility === "public" ? "create-public" : "create-private";
}

function mayAct({ role, repositoryCreation }: OrganizationAccess, action: OrganizationAction): boolean {
  if (role === undefined) return false;
  if (role === "owner" || action === "read" || action === "create-team") return true;
  if (action === "create-public") return repositoryCreation === "all";
  return action === "create-private" && repositoryCreation !== "none";
}

/** What somebody wants of a team. `update`: its name, description, privacy and members; `delete` too is a maintainer's. */
export type TeamAction = "read" | "update" | "delete";

/** Somebody who asks about a team. */
export interface TeamAccess {
  readonly organizationRole: OrganizationRole | undefined;
  readonly teamRole: TeamRole | undefined;
  readonly privacy: TeamPrivacy;
  readonly scopes: CredentialPowers | undefined;
}

/** Why not. `not-found` to who may not even know of the team. */
export type TeamRefusal = { readonly code: "not-found" } | OrganizationRefusal;

/** Why `action` is refused, or undefined when it is allowed. */
export function refuseTeamAction(access: TeamAccess, action: TeamAction): TeamRefusal | undefined {
  const { organizationRole, teamRole, privacy, scopes } = access;
  const isOwner = organizationRole === "owner";
  const mayKnow = isOwner || (organizationRole !== undefined && (privacy === "visible" || teamRole !== undefined));
  if (!mayKnow) return { code: "not-found" };
  const refusal = refuseScope(scopes, "read-organizations");
  if (action === "read" || refusal !== undefined) return refusal;
  if (!isOwner && teamRole !== "maintainer") return { code: "forbidden" };
  return refuseScope(scopes, "administer-organizations");
}

function refuseScope(scopes: CredentialPowers | undefined, need: ScopeNeed): OrganizationRefusal | undefined {
  return scopes === undefined || scopesAllow(scopes, need) ? undefined : { code: "scope-missing", need };
}
