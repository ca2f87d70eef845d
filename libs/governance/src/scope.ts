/** The scopes of tokens and sessions: GitHub's names with GitHub's implications, and two of our own. */

import type { CredentialPowers } from "./restriction.ts";

/** The scopes a credential may carry; the bit of each is part of the ledger's format and never changes. */
export const scopeBits = {
  repo: 1,
  public_repo: 2,
  "repo:read": 4,
  user: 8,
  delete_repo: 16,
  "admin:credentials": 32,
  "repo:status": 64,
  repo_deployment: 128,
  "repo:invite": 256,
  workflow: 512,
  "read:org": 1_024,
  "write:org": 2_048,
  "admin:org": 4_096,
  "read:public_key": 8_192,
  "write:public_key": 16_384,
  "admin:public_key": 32_768,
  "read:user": 65_536,
  "user:email": 131_072,
  "user:follow": 262_144,
  "read:repo_hook": 524_288,
  "write:repo_hook": 1_048_576,
  "admin:repo_hook": 2_097_152,
  "admin:org_hook": 4_194_304,
  notifications: 8_388_608,
  gist: 16_777_216,
  "read:audit_log": 33_554_432,
  site_admin: 67_108_864,
  "read:gpg_key": 134_217_728,
  "write:gpg_key": 268_435_456,
  "admin:gpg_key": 536_870_912,
  "admin:ssh_signing_key": 1_073_741_824,
} as const;

/** The name of one scope. */
export type Scope = keyof typeof scopeBits;

/** A set of scopes as the sum of their bits. */
export type ScopeSet = number;

const names = Object.keys(scopeBits) as readonly Scope[];

/** All scopes together: what a session of the web interface carries. */
export const allScopes: ScopeSet = scopeSet(names);

/**
 * What stays with the home nodes: a session at another node neither makes what signs in or acts after it has ended, nor
 * administers the network.
 */
const homeScopes = scopeSet(["admin:credentials", "write:public_key", "admin:public_key", "site_admin"]);

/** What a session at a node that is no home carries at most. */
export const visitScopes: ScopeSet = allScopes & ~homeScopes;

/** What of these scopes goes along when somebody signs in at a node that is no home. */
export function scopesForVisit(held: ScopeSet): ScopeSet {
  return impliedScopes(held) & visitScopes;
}

/** Whether somebody who visits a node may be given these scopes. */
export function isForVisits(set: ScopeSet): boolean {
  return (set & ~visitScopes) === 0;
}

/**
 * The scopes that the format began with. A credential that has them all was given everything there was, so it has
 * everything there is: sessions stay good when a scope is added, and what is stored never changes.
 */
const foundingScopes = scopeSet(["repo", "public_repo", "repo:read", "user", "delete_repo", "admin:credentials"]);

/** What each scope holds beside itself, as GitHub documents it; `repo:read` and `admin:credentials` are ours. */
const IMPLIED: Partial<Readonly<Record<Scope, readonly Scope[]>>> = {
  repo: ["public_repo", "repo:read", "repo:status", "repo_deployment", "repo:invite"],
  user: ["read:user", "user:email", "user:follow"],
  "admin:org": ["write:org", "read:org"],
  "write:org": ["read:org"],
  "admin:public_key": ["write:public_key", "read:public_key"],
  "write:public_key": ["read:public_key"],
  "admin:gpg_key": ["write:gpg_key", "read:gpg_key"],
  "write:gpg_key": ["read:gpg_key"],
  "admin:repo_hook": ["write:repo_hook", "read:repo_hook"],
  "write:repo_hook": ["read:repo_hook"],
};

/** The set that holds `scopes`, as they are asked for. */
export function scopeSet(scopes: readonly Scope[]): ScopeSet {
  return scopes.reduce((set, scope) => set | scopeBits[scope], 0);
}

/** The set with everything that its scopes imply. */
export function impliedScopes(set: ScopeSet): ScopeSet {
  if ((set & foundingScopes) === foundingScopes) return allScopes;
  return names.reduce((all, scope) => (set & scopeBits[scope] ? all | scopeSet(IMPLIED[scope] ?? []) : all), set);
}

/** Whether whoever holds `held` may hand out `wanted`. */
export function scopesCover(held: ScopeSet, wanted: ScopeSet): boolean {
  return (impliedScopes(wanted) & ~impliedScopes(held)) === 0;
}

/** The names in a set, in the order of their bits; all of them for a set that stands for everything. */
export function scopeNames(set: ScopeSet): readonly Scope[] {
  const stored = (set & foundingScopes) === foundingScopes ? allScopes : set;
  return names.filter((scope) => (stored & scopeBits[scope]) !== 0);
}

/** The names in a set without those that another of them implies, sorted: how GitHub tells a token's scopes. */
export function shortestScopeNames(set: ScopeSet): readonly Scope[] {
  const all = scopeNames(set);
  const implied = new Set(all.flatMap((scope) => IMPLIED[scope] ?? []));
  return all.filter((scope) => !implied.has(scope)).toSorted();
}

/** Parses a scope's name. */
export function parseScope(text: string): Scope | undefined {
  return Object.hasOwn(scopeBits, text) ? (text as Scope) : undefined;
}

/** What an action asks of a credential. Reading public facts asks for nothing and is not listed. */
export type ScopeNeed = keyof typeof NEEDED;

/** The weakest scope that covers each need; every scope that implies it does too. */
const NEEDED = {
  "read-private-repository": "repo:read",
  "read-private-contents": "repo:read",
  "read-private-issues": "repo:read",
  "write-public-repository": "public_repo",
  "write-private-repository": "repo",
  "write-status": "repo:status",
  "star-public-repository": "public_repo",
  "star-private-repository": "repo",
  "watch-repository": "notifications",
  "read-administration": "repo",
  "write-public-issues": "public_repo",
  "write-private-issues": "repo",
  "write-public-pulls": "public_repo",
  "write-private-pulls": "repo",
  "administer-repository": "repo",
  "delete-repository": "delete_repo",
  "write-profile": "user",
  "manage-credentials": "admin:credentials",
  "read-organizations": "read:org",
  "write-organizations": "write:org",
  "administer-organizations": "admin:org",
  "read-public-keys": "read:public_key",
  "write-public-keys": "write:public_key",
  "administer-public-keys": "admin:public_key",
  "read-gpg-keys": "read:gpg_key",
  "write-gpg-keys": "write:gpg_key",
  "administer-gpg-keys": "admin:gpg_key",
  "administer-ssh-signing-keys": "admin:ssh_signing_key",
  "read-profile": "read:user",
  "read-email": "user:email",
  follow: "user:follow",
  "read-audit-log": "read:audit_log",
  "administer-site": "site_admin",
} as const satisfies Readonly<Record<string, Scope>>;

/** Every need, in the order of the table. */
export const scopeNeeds = Object.keys(NEEDED) as readonly ScopeNeed[];

/** Whether one of the scopes covers the need. A restriction covers none: `repositoryPowersAllow` says what it does. */
export function scopesAllow(powers: CredentialPowers, need: ScopeNeed): boolean {
  return typeof powers === "number" && (impliedScopes(powers) & scopeBits[NEEDED[need]]) !== 0;
}

/** The scopes of which any one satisfies the need, for error messages. */
export function scopesThatAllow(need: ScopeNeed): readonly Scope[] {
  return names.filter((scope) => scopesAllow(scopeBits[scope], need));
}
