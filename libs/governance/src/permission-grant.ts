/** Why an account may do something with a repository: every grant it has, and the one that decides. */
import type { AccountId, TeamId } from "@guts/primitives";
import { comparePermissions, type Permission, type RepositoryRole } from "./permission.ts";

/**
 * One reason for a permission. Each stands alone: without all others it gives its `permission`.
 *
 * `owner` - the repository belongs to the account;
 * `organization-owner` - it belongs to an organization that the account owns;
 * `collaborator` - the account was given a role on this repository;
 * `team` - `team` has a role on it, and the account is a member of `team`, or of its child `through`;
 * `organization-member` - every member of the organization has this permission on its repositories;
 * `public` - everybody reads it.
 */
export type PermissionGrant =
  | { readonly source: "owner"; readonly permission: "admin" }
  | { readonly source: "organization-owner"; readonly permission: "admin"; readonly organization: AccountId }
  | { readonly source: "collaborator"; readonly permission: RepositoryRole }
  | {
      readonly source: "team";
      readonly permission: RepositoryRole;
      readonly team: TeamId;
      readonly through: TeamId | undefined;
    }
  | { readonly source: "organization-member"; readonly permission: RepositoryRole; readonly organization: AccountId }
  | { readonly source: "public"; readonly permission: "read" };

/** A permission with its reasons. */
export interface ResolvedPermission {
  readonly permission: Permission;
  /** The grant that gives it; undefined for `none`. */
  readonly decidedBy: PermissionGrant | undefined;
  /** Every grant, strongest first; of equals the more personal one. */
  readonly grants: readonly PermissionGrant[];
}

/** Which of two equally strong grants is named first. */
const ORDER: Readonly<Record<PermissionGrant["source"], number>> = {
  owner: 0,
  "organization-owner": 1,
  collaborator: 2,
  team: 3,
  "organization-member": 4,
  public: 5,
};

/** The strongest grant decides: grants add up and never take anything away. */
export function resolvePermission(grants: readonly PermissionGrant[]): ResolvedPermission {
  const ordered = grants.toSorted(
    (left, right) => comparePermissions(right.permission, left.permission) || ORDER[left.source] - ORDER[right.source],
  );
  const [decidedBy] = ordered;
  return { permission: decidedBy?.permission ?? "none", decidedBy, grants: ordered };
}

/** Whether one of the grants makes the account an owner: of the repository, or of the organization that has it. */
export function grantsOwnership(grants: readonly PermissionGrant[]): boolean {
  return grants.some(({ source }) => source === "owner" || source === "organization-owner");
}
