/** How much of a repository an account may use: one ordered scale and one function that places an account on it. */
import type { AccountId } from "@guts/primitives";

/** Who may see a repository. */
export type Visibility = "public" | "private";

/** What a collaborator was given, weakest first. */
export type CollaboratorRole = "read" | "write" | "admin";

/** What an account may do with a repository, weakest first. */
export type Permission = "none" | CollaboratorRole;

const RANK: Readonly<Record<Permission, number>> = { none: 0, read: 1, write: 2, admin: 3 };

/** Whether `held` is at least `needed`. */
export function permits(held: Permission, needed: Permission): boolean {
  return RANK[held] >= RANK[needed];
}

/** What decides an account's permission. `account` is undefined for a visitor who has not signed in. */
export interface PermissionFacts {
  readonly account: AccountId | undefined;
  readonly owner: AccountId;
  readonly visibility: Visibility;
  readonly role: CollaboratorRole | undefined;
}

/** The permission that the facts give: owners administer, collaborators hold their role, everybody reads what is public. */
export function resolvePermission(facts: PermissionFacts): Permission {
  const everybody: Permission = facts.visibility === "public" ? "read" : "none";
  if (facts.account === undefined) return everybody;
  if (facts.account === facts.owner) return "admin";
  return facts.role ?? everybody;
}
