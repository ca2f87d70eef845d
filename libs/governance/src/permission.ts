/** How much of a repository somebody may use: one ordered scale, with GitHub's five roles. */

/** Who may see a repository. */
export type Visibility = "public" | "private";

/** What somebody can be given on a repository, weakest first. */
export const repositoryRoles = ["read", "triage", "write", "maintain", "admin"] as const;

/** A role on a repository: of a collaborator, of a team, of every member of an organization. */
export type RepositoryRole = (typeof repositoryRoles)[number];

/** What an account may do with a repository. */
export type Permission = "none" | RepositoryRole;

const RANK: Readonly<Record<Permission, number>> = { none: 0, read: 1, triage: 2, write: 3, maintain: 4, admin: 5 };

/** Whether `held` is at least `needed`. */
export function permits(held: Permission, needed: Permission): boolean {
  return RANK[held] >= RANK[needed];
}

/** Less than zero when `left` is weaker than `right`, zero when they are the same. */
export function comparePermissions(left: Permission, right: Permission): number {
  return RANK[left] - RANK[right];
}
