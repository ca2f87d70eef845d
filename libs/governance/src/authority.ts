/** Which authority may act for an account, by kind of act. */
import type { CredentialPowers } from "./restriction.ts";
import { scopesAllow, type ScopeNeed } from "./scope.ts";

/** What a key was added for: `root` may do everything, `device` everything but change who holds the account. */
export type KeyRole = "root" | "device";

/**
 * How an act is authorized:
 * `personal-root` - a root key's signature only: keys, delegation, closing the account;
 * `credentials` - a delegated node, or a credential that manages credentials. Never a key: a credential is recorded by the
 *   node that drew its secret, so nobody can take over the digest of another person's former token;
 * a ScopeNeed - a person's key, or a credential with a scope that covers it;
 * `any` - a person's key or any live credential; what more is needed the act decides itself;
 * `push` - that, or a push certificate, which authorizes nothing else;
 * `any-or-delegated` - that, or a delegated node;
 * `voucher` - a voucher, and nothing else.
 */
export type AuthorityRule =
  | "personal-root"
  | "credentials"
  | ScopeNeed
  | "any"
  | "push"
  | "any-or-delegated"
  | "voucher";

/**
 * Whose word it is that a push was signed by the account: its own, when one of its keys signed or once signed for the SSH key
 * that did; or that of the node which says that the account added the SSH key.
 */
export type PushSigner = "own" | "vouched";

/**
 * Who signs: a key of the account, a credential used at a node of its audience, a node that the account delegated, a node
 * that shows the code of a voucher made for it, or git in the account's hands (`git push --signed`).
 */
export type Authority =
  | { readonly type: "key"; readonly role: KeyRole }
  | { readonly type: "credential"; readonly scopes: CredentialPowers }
  | { readonly type: "delegation" }
  | { readonly type: "voucher" }
  | { readonly type: "push-certificate"; readonly signer: PushSigner };

/** Why an authority does not suffice. */
export type AuthorityRefusal = "personal-signature-needed" | "delegation-needed" | "scope-missing" | "voucher-needed";

/** Why `authority` may not do what `rule` covers, or undefined when it may. */
export function refuseAuthority(authority: Authority, rule: AuthorityRule): AuthorityRefusal | undefined {
  if (authority.type === "voucher") return rule === "voucher" ? undefined : "scope-missing";
  if (rule === "voucher") return "voucher-needed";
  if (authority.type === "key") {
    if (rule === "credentials") return "delegation-needed";
    return rule === "personal-root" && authority.role !== "root" ? "personal-signature-needed" : undefined;
  }
  if (authority.type === "push-certificate") return rule === "push" ? undefined : "personal-signature-needed";
  if (rule === "personal-root") return "personal-signature-needed";
  if (rule === "any-or-delegated") return undefined;
  if (authority.type === "delegation") return rule === "credentials" ? undefined : "personal-signature-needed";
  if (rule === "any" || rule === "push") return undefined;
  return scopesAllow(authority.scopes, rule === "credentials" ? "manage-credentials" : rule)
    ? undefined
    : "scope-missing";
}
