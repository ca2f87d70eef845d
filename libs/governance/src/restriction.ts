/**
 * What a credential may do that is bounded by repositories and areas rather than by scopes: fine-grained tokens, SSH keys,
 * deploy keys. It reaches nothing else: what is not an area of a repository asks for a scope, and it has none.
 */
import type { AccountId, RepositoryId } from "@guts/primitives";
import { scopesAllow, type ScopeNeed, type ScopeSet } from "./scope.ts";

/** How much of one area: `write` holds `read`. */
export type AreaLevel = "none" | "read" | "write";

/** Parts of a repository, as fine-grained tokens name them. `metadata` is at least readable wherever anything is. */
export interface AreaPermissions {
  readonly contents: AreaLevel;
  readonly administration: AreaLevel;
  readonly metadata: AreaLevel;
  readonly issues: AreaLevel;
  readonly pullRequests: AreaLevel;
}

/** Where a credential reaches and how far there. */
export interface Restriction {
  /** Only repositories of this account or organization; undefined: whoever owns them. */
  readonly owner: AccountId | undefined;
  /** Only these; undefined: all that the owner above, and the person's own permission, let it reach. */
  readonly repositories: readonly RepositoryId[] | undefined;
  readonly permissions: AreaPermissions;
}

/** What bounds a credential: classic scopes, or a restriction. */
export type CredentialPowers = ScopeSet | Restriction;

/** What bounds a credential on one repository. */
export type RepositoryPowers = ScopeSet | AreaPermissions;

const nothing: AreaPermissions = {
  contents: "none",
  administration: "none",
  metadata: "none",
  issues: "none",
  pullRequests: "none",
};

/** An SSH key of an account: git, on all that its account may, and nothing else. */
export const sshKeyPowers: Restriction = {
  owner: undefined,
  repositories: undefined,
  permissions: { ...nothing, metadata: "read", contents: "write" },
};

/** A deploy key: git on one repository. */
export function deployKeyPowers(
  repository: RepositoryId,
  { isReadOnly }: { readonly isReadOnly: boolean },
): Restriction {
  const contents = isReadOnly ? "read" : "write";
  return { owner: undefined, repositories: [repository], permissions: { ...nothing, metadata: "read", contents } };
}

/** What the powers come to on one repository. */
export function powersOn(
  powers: CredentialPowers,
  repository: { readonly id: RepositoryId; readonly owner: AccountId },
): RepositoryPowers {
  if (typeof powers === "number") return powers;
  const { owner, repositories, permissions } = powers;
  const isOwners = owner === undefined || owner === repository.owner;
  return isOwners && (repositories?.includes(repository.id) ?? true) ? permissions : nothing;
}

/** Whether a credential is told of every repository of an owner that its person may know of. */
export function reachesAllOf(powers: CredentialPowers, account: AccountId): boolean {
  if (typeof powers === "number") return scopesAllow(powers, "read-private-repository");
  const { owner, repositories, permissions } = powers;
  const isOwners = owner === undefined || owner === account;
  return isOwners && repositories === undefined && permissions.metadata !== "none";
}

/** Whether a credential covers a need on one repository. */
export function repositoryPowersAllow(powers: RepositoryPowers, need: ScopeNeed): boolean {
  if (typeof powers === "number") return scopesAllow(powers, need);
  switch (need) {
    case "read-private-repository":
      return powers.metadata !== "none";
    case "read-private-contents":
      return powers.contents !== "none";
    case "write-public-repository":
    case "write-private-repository":
      return powers.contents === "write";
    case "administer-repository":
    case "delete-repository":
      return powers.administration === "write";
    default:
      return false;
  }
}
