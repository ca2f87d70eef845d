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

/** What a need asks of a restriction: one area of the repository, and how much of it. */
export interface AreaNeed {
  readonly area: keyof AreaPermissions;
  readonly level: Exclude<AreaLevel, "none">;
}

/** The needs that a restriction can cover; it covers no other. */
const AREA_NEEDED: Partial<Readonly<Record<ScopeNeed, AreaNeed>>> = {
  "read-private-repository": { area: "metadata", level: "read" },
  "read-private-contents": { area: "contents", level: "read" },
  "write-public-repository": { area: "contents", level: "write" },
  "write-private-repository": { area: "contents", level: "write" },
  "write-status": { area: "contents", level: "write" },
  "read-private-issues": { area: "issues", level: "read" },
  "write-public-issues": { area: "issues", level: "write" },
  "write-private-issues": { area: "issues", level: "write" },
  "write-public-pulls": { area: "pullRequests", level: "write" },
  "write-private-pulls": { area: "pullRequests", level: "write" },
  "read-administration": { area: "administration", level: "read" },
  "administer-repository": { area: "administration", level: "write" },
  "delete-repository": { area: "administration", level: "write" },
};

/** What a restricted credential would have to hold for a need; undefined when no restriction is enough. */
export function areaNeedOf(need: ScopeNeed): AreaNeed | undefined {
  return AREA_NEEDED[need];
}

/** Whether a credential covers a need on one repository. */
export function repositoryPowersAllow(powers: RepositoryPowers, need: ScopeNeed): boolean {
  if (typeof powers === "number") return scopesAllow(powers, need);
  const needed = areaNeedOf(need);
  if (needed === undefined) return false;
  const held = powers[needed.area];
  return held === "write" || held === needed.level;
}

/** Whether a credential stands for its account as a whole. A restricted one stands for what it may do in repositories, no more. */
export function isAccountWide(powers: CredentialPowers): powers is ScopeSet {
  return typeof powers === "number";
}
