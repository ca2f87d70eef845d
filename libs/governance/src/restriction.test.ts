import { parseAccountId, parseRepositoryId } from "@guts/primitives";
import { describe, expect, test } from "vitest";
import { refuseRepositoryAction, type RepositoryAction } from "./repository-access.ts";
import {
  deployKeyPowers,
  powersOn,
  reachesAllOf,
  sshKeyPowers,
  type CredentialPowers,
  type Restriction,
} from "./restriction.ts";
import { allScopes, scopeNeeds, scopesAllow, scopeSet } from "./scope.ts";

const [ada, eve] = [parseAccountId(1)!, parseAccountId(2)!];
const [one, other] = [parseRepositoryId(1)!, parseRepositoryId(2)!];
const actions: readonly RepositoryAction[] = [
  "read",
  "read-contents",
  "read-administration",
  "push",
  "set-status",
  "star",
  "watch",
  "archive",
  "manage-deploy-keys",
  "delete",
];

const token = (changes: Partial<Restriction["permissions"]>, where: Partial<Restriction> = {}): Restriction => ({
  owner: ada,
  repositories: undefined,
  ...where,
  permissions: { ...sshKeyPowers.permissions, contents: "none", ...changes },
});

/** What the owner may do with one of Ada's repositories by these powers. */
function allowed(powers: CredentialPowers, repository = one, visibility: "public" | "private" = "private") {
  const scopes = powersOn(powers, { id: repository, owner: ada });
  const grants = [{ source: "owner", permission: "admin" }] as const;
  return actions.filter(
    (action) => refuseRepositoryAction({ visibility, grants, scopes, isArchived: false }, action) === undefined,
  );
}

describe("a restriction", () => {
  test.each<[string, CredentialPowers, readonly RepositoryAction[]]>([
    ["an SSH key reads and pushes", sshKeyPowers, ["read", "read-contents", "push", "set-status"]],
    [
      "a deploy key that may write",
      deployKeyPowers(one, { isReadOnly: false }),
      ["read", "read-contents", "push", "set-status"],
    ],
    ["a deploy key that reads", deployKeyPowers(one, { isReadOnly: true }), ["read", "read-contents"]],
    ["a deploy key of another repository", deployKeyPowers(other, { isReadOnly: false }), []],
    ["a token for metadata sees no contents", token({}), ["read"]],
    [
      "a token that administers",
      token({ administration: "write" }),
      ["read", "read-administration", "archive", "manage-deploy-keys", "delete"],
    ],
    ["a token that reads how it is administered", token({ administration: "read" }), ["read", "read-administration"]],
    ["a token of another owner's", token({ contents: "write" }, { owner: eve }), []],
    ["a token with a list", token({ contents: "read" }, { repositories: [one] }), ["read", "read-contents"]],
    ["a token with another list", token({ contents: "read" }, { repositories: [other] }), []],
    ["all scopes are no restriction", allScopes, actions],
  ])("%s", (_what, powers, expected) => expect(allowed(powers)).toEqual(expected));

  test("leaves what is public readable, and no more", () => {
    expect(allowed(deployKeyPowers(other, { isReadOnly: false }), one, "public")).toEqual(["read", "read-contents"]);
    expect(allowed(token({}), one, "public")).toEqual(["read", "read-contents"]);
  });

  test("reaches all of an owner's repositories unless it names some, or another owner", () => {
    const reaching = [sshKeyPowers, token({}), token({}, { owner: undefined }), scopeSet(["repo:read"]), allScopes];
    expect(reaching.filter((powers) => reachesAllOf(powers, ada))).toEqual(reaching);
    const bounded = [
      deployKeyPowers(one, { isReadOnly: false }),
      token({ contents: "write" }, { owner: eve }),
      token({ contents: "write" }, { repositories: [one] }),
      scopeSet(["public_repo", "user"]),
    ];
    expect(bounded.filter((powers) => reachesAllOf(powers, ada))).toEqual([]);
  });

  test("says what it would have to hold, where classic scopes are no way", () => {
    const scopes = powersOn(token({}), { id: one, owner: ada });
    const grants = [{ source: "owner", permission: "admin" }] as const;
    const access = { visibility: "private", grants, scopes, isArchived: false } as const;
    expect(refuseRepositoryAction(access, "push")).toEqual({
      code: "scope-missing",
      need: "write-private-repository",
      area: { area: "contents", level: "write" },
    });
    expect(refuseRepositoryAction({ ...access, scopes: 4 }, "push")).toEqual({
      code: "scope-missing",
      need: "write-private-repository",
    });
  });

  test("covers no need of an account", () => {
    const everything = token({ contents: "write", administration: "write" }, { owner: undefined });
    expect(scopeNeeds.filter((need) => scopesAllow(everything, need))).toEqual([]);
  });
});
