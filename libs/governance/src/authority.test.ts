import { describe, expect, test } from "vitest";
import { refuseAuthority, type Authority, type AuthorityRule } from "./authority.ts";
import { refuseCredential } from "./credential.ts";
import {
  allScopes,
  impliedScopes,
  parseScope,
  scopeBits,
  scopeNames,
  scopeNeeds,
  scopesAllow,
  scopesCover,
  scopeSet,
  scopesThatAllow,
  shortestScopeNames,
  type Scope,
  type ScopeNeed,
} from "./scope.ts";

const root: Authority = { type: "key", role: "root" };
const device: Authority = { type: "key", role: "device" };
const delegation: Authority = { type: "delegation" };
const credential = (...scopes: Scope[]): Authority => ({ type: "credential", scopes: scopeSet(scopes) });
const certificate: Authority = { type: "push-certificate", signer: "own" };
const strongest: Authority = { type: "credential", scopes: allScopes };

const allRules: readonly AuthorityRule[] = [
  ...(["personal-root", "any", "push"] as const),
  ...scopeNeeds,
  ...(["credentials", "any-or-delegated"] as const),
];

describe("authority", () => {
  test.each<[AuthorityRule, Authority, string | undefined]>([
    ["personal-root", root, undefined],
    ["personal-root", device, "personal-signature-needed"],
    ["personal-root", strongest, "personal-signature-needed"],
    ["personal-root", delegation, "personal-signature-needed"],
    ["credentials", root, "delegation-needed"],
    ["credentials", device, "delegation-needed"],
    ["credentials", delegation, undefined],
    ["credentials", credential("admin:credentials"), undefined],
    ["credentials", credential("repo", "user", "delete_repo"), "scope-missing"],
    ["write-profile", root, undefined],
    ["write-profile", device, undefined],
    ["write-profile", delegation, "personal-signature-needed"],
    ["write-profile", credential("user"), undefined],
    ["write-profile", credential("repo"), "scope-missing"],
    ["any", root, undefined],
    ["any", device, undefined],
    ["any", credential(), undefined],
    ["any", delegation, "personal-signature-needed"],
    ["any", certificate, "personal-signature-needed"],
    ["push", device, undefined],
    ["push", credential(), undefined],
    ["push", certificate, undefined],
    ["push", { type: "push-certificate", signer: "vouched" }, undefined],
    ["push", delegation, "personal-signature-needed"],
    ["any-or-delegated", device, undefined],
    ["any-or-delegated", credential(), undefined],
    ["any-or-delegated", delegation, undefined],
  ])("for %s: %j gives %s", (rule, authority, refusal) => expect(refuseAuthority(authority, rule)).toBe(refusal));

  test("of a push certificate reaches pushes and nothing else", () => {
    expect(allRules.filter((rule) => refuseAuthority(certificate, rule) === undefined)).toEqual(["push"]);
  });

  test("of a delegated node reaches credentials and nothing else", () => {
    expect(allRules.filter((rule) => refuseAuthority(delegation, rule) === undefined)).toEqual([
      "credentials",
      "any-or-delegated",
    ]);
  });
});

const table: Readonly<Record<ScopeNeed, readonly Scope[]>> = {
  "read-private-repository": ["repo", "repo:read"],
  "read-private-contents": ["repo", "repo:read"],
  "read-private-issues": ["repo", "repo:read"],
  "write-public-repository": ["repo", "public_repo"],
  "write-private-repository": ["repo"],
  "write-status": ["repo", "repo:status"],
  "star-public-repository": ["repo", "public_repo"],
  "star-private-repository": ["repo"],
  "watch-repository": ["notifications"],
  "read-administration": ["repo"],
  "write-public-issues": ["repo", "public_repo"],
  "write-private-issues": ["repo"],
  "write-public-pulls": ["repo", "public_repo"],
  "write-private-pulls": ["repo"],
  "administer-repository": ["repo"],
  "delete-repository": ["delete_repo"],
  "write-profile": ["user"],
  "manage-credentials": ["admin:credentials"],
  "read-organizations": ["read:org", "write:org", "admin:org"],
  "write-organizations": ["write:org", "admin:org"],
  "administer-organizations": ["admin:org"],
  "read-public-keys": ["read:public_key", "write:public_key", "admin:public_key"],
  "write-public-keys": ["write:public_key", "admin:public_key"],
  "administer-public-keys": ["admin:public_key"],
  "read-gpg-keys": ["read:gpg_key", "write:gpg_key", "admin:gpg_key"],
  "write-gpg-keys": ["write:gpg_key", "admin:gpg_key"],
  "administer-gpg-keys": ["admin:gpg_key"],
  "administer-ssh-signing-keys": ["admin:ssh_signing_key"],
  "read-profile": ["user", "read:user"],
  follow: ["user", "user:follow"],
  "read-email": ["user", "user:email"],
  "read-audit-log": ["read:audit_log"],
  "administer-site": ["site_admin"],
};
const scopes = Object.keys(scopeBits) as readonly Scope[];

describe("scopes", () => {
  test.each(scopeNeeds)("%s is covered by exactly the scopes of the table", (need) => {
    expect(scopes.filter((scope) => scopesAllow(scopeSet([scope]), need))).toEqual(table[need]);
    expect(scopesThatAllow(need)).toEqual(table[need]);
    expect(scopesAllow(allScopes, need)).toBe(true);
    expect(scopesAllow(0, need)).toBe(false);
  });

  test("are one bit each, and sets of them come back", () => {
    for (const bit of Object.values(scopeBits)) expect(Math.log2(bit)).toBe(Math.round(Math.log2(bit)));
    for (const one of scopes) {
      for (const other of scopes) {
        const set = scopeSet([one, other]);
        expect(scopeSet(scopeNames(set))).toBe(set);
      }
    }
  });

  test("imply what GitHub's imply", () => {
    const held = (...given: Scope[]) => scopeNames(impliedScopes(scopeSet(given)));
    expect(held("admin:org")).toEqual(["read:org", "write:org", "admin:org"]);
    expect(held("write:public_key")).toEqual(["read:public_key", "write:public_key"]);
    expect(held("repo")).toEqual(["repo", "public_repo", "repo:read", "repo:status", "repo_deployment", "repo:invite"]);
    expect(held("user")).toEqual(["user", "read:user", "user:email", "user:follow"]);
    expect(held("public_repo")).toEqual(["public_repo"]);
  });

  test("are handed out by whoever holds them, by name or by implication", () => {
    const covers = (held: readonly Scope[], wanted: readonly Scope[]) => scopesCover(scopeSet(held), scopeSet(wanted));
    expect(covers(["admin:org"], ["read:org", "write:org"])).toBe(true);
    expect(covers(["read:org"], ["write:org"])).toBe(false);
    expect(covers(["public_repo"], ["repo"])).toBe(false);
    expect(covers([], [])).toBe(true);
  });

  test("stay everything for a credential that has had everything since the format began", () => {
    const founding = 63;
    expect(impliedScopes(founding)).toBe(allScopes);
    expect(scopeNeeds.filter((need) => !scopesAllow(founding, need))).toEqual([]);
    expect(scopesCover(founding, allScopes)).toBe(true);
    expect(scopeNames(founding)).toEqual(scopes);
    for (let missing = 1; missing < 64; missing *= 2) expect(impliedScopes(founding - missing)).not.toBe(allScopes);
  });

  test("are told as GitHub tells them: sorted, without what others imply", () => {
    expect(shortestScopeNames(scopeSet(["user:email", "repo", "public_repo", "read:org", "admin:org"]))).toEqual([
      "admin:org",
      "repo",
      "user:email",
    ]);
    expect(shortestScopeNames(0)).toEqual([]);
  });

  test.each(["", "REPO", "constructor", "__proto__", "admin"])("%j is none", (text) => {
    expect(parseScope(text)).toBeUndefined();
  });
});

describe("a credential", () => {
  const [here, there] = ["a".repeat(64), "b".repeat(64)] as never[];
  const terms = { expiresTime: 1000 as never, audience: [here!] };

  test("lives until its expiry, at nodes of its audience", () => {
    expect(refuseCredential(terms, here!, 999 as never)).toBeUndefined();
    expect(refuseCredential(terms, here!, 1000 as never)).toBe("credential-expired");
    expect(refuseCredential(terms, there!, 999 as never)).toBe("credential-wrong-node");
    expect(refuseCredential({ ...terms, audience: [] }, here!, 999 as never)).toBe("credential-wrong-node");
  });

  test("without an expiry lives on", () => {
    expect(
      refuseCredential({ ...terms, expiresTime: undefined }, here!, Number.MAX_SAFE_INTEGER as never),
    ).toBeUndefined();
  });
});
