/** What a token or session may do, and whether it may now. */
import type { NodeId, TimeMs } from "@guts/primitives";

/** The scopes a credential may carry; the bit of each is part of the ledger's format. */
export const scopeBits = {
  repo: 1,
  public_repo: 2,
  "repo:read": 4,
  user: 8,
  delete_repo: 16,
  "admin:credentials": 32,
} as const;

/** The name of one scope. */
export type Scope = keyof typeof scopeBits;

/** A set of scopes as the sum of their bits. */
export type ScopeSet = number;

/** All scopes together: what a session of the web interface carries. */
export const allScopes: ScopeSet = Object.values(scopeBits).reduce((sum, bit) => sum + bit, 0);

/** The set that holds `scopes`. */
export function scopeSet(scopes: readonly Scope[]): ScopeSet {
  return scopes.reduce((set, scope) => set | scopeBits[scope], 0);
}

/** The names in a set, in the order of their bits. */
export function scopeNames(set: ScopeSet): readonly Scope[] {
  return (Object.keys(scopeBits) as Scope[]).filter((scope) => (set & scopeBits[scope]) !== 0);
}

/** Parses a scope's name. */
export function parseScope(text: string): Scope | undefined {
  return Object.hasOwn(scopeBits, text) ? (text as Scope) : undefined;
}

/** What an action asks of a credential. Reading public facts asks for nothing and is not listed. */
export type ScopeNeed =
  | "read-private-repository"
  | "write-public-repository"
  | "write-private-repository"
  | "administer-repository"
  | "delete-repository"
  | "write-profile"
  | "manage-credentials";

const SATISFIED_BY: Readonly<Record<ScopeNeed, ScopeSet>> = {
  "read-private-repository": scopeBits.repo | scopeBits["repo:read"],
  "write-public-repository": scopeBits.repo | scopeBits.public_repo,
  "write-private-repository": scopeBits.repo,
  "administer-repository": scopeBits.repo,
  "delete-repository": scopeBits.delete_repo,
  "write-profile": scopeBits.user,
  "manage-credentials": scopeBits["admin:credentials"],
};

/** Whether one of the set's scopes covers the need. */
export function scopesAllow(set: ScopeSet, need: ScopeNeed): boolean {
  return (set & SATISFIED_BY[need]) !== 0;
}

/** The scopes of which any one satisfies the need, for error messages. */
export function scopesThatAllow(need: ScopeNeed): readonly Scope[] {
  return scopeNames(SATISFIED_BY[need]);
}

/** What decides whether a credential lives. `expiresTime` undefined: until it is revoked. */
export interface CredentialTerms {
  readonly expiresTime: TimeMs | undefined;
  readonly audience: readonly NodeId[];
}

/** Why a credential cannot be used. */
export type CredentialRefusal = "credential-expired" | "credential-wrong-node";

/** Whether a credential may be used at `node` at `time`; undefined means yes. */
export function refuseCredential(terms: CredentialTerms, node: NodeId, time: TimeMs): CredentialRefusal | undefined {
  if (terms.expiresTime !== undefined && terms.expiresTime <= time) return "credential-expired";
  return terms.audience.includes(node) ? undefined : "credential-wrong-node";
}
