import { describe, expect, test } from "vitest";
import { parseAccountId, parseRefName } from "@guts/primitives";
import { allScopes, scopeSet, type Scope } from "./scope.ts";
import { permits, resolvePermission, type CollaboratorRole, type Permission, type Visibility } from "./permission.ts";
import { isPublicRef, refuseRefUpdate } from "./ref-update-policy.ts";
import { refuseRegistration, type Registration } from "./registration.ts";
import { refuseRepositoryAction, type RepositoryAccess, type RepositoryAction } from "./repository-access.ts";

const [owner, other] = [parseAccountId(1)!, parseAccountId(2)!];
const actions: readonly RepositoryAction[] = [
  "read",
  "push",
  "update-settings",
  "rename",
  "change-visibility",
  "archive",
  "transfer",
  "delete",
  "manage-collaborators",
  "redact",
];

function access(changes: Partial<RepositoryAccess>): RepositoryAccess {
  return {
    account: other,
    owner,
    visibility: "public",
    role: undefined,
    scopes: undefined,
    isArchived: false,
    ...changes,
  };
}

function allowed(changes: Partial<RepositoryAccess>): readonly RepositoryAction[] {
  return actions.filter((action) => refuseRepositoryAction(access(changes), action) === undefined);
}

describe("permission", () => {
  test.each<[string, Parameters<typeof resolvePermission>[0], Permission]>([
    ["a visitor of a public repository", { account: undefined, owner, visibility: "public", role: undefined }, "read"],
    ["a visitor of a private one", { account: undefined, owner, visibility: "private", role: undefined }, "none"],
    ["the owner", { account: owner, owner, visibility: "private", role: undefined }, "admin"],
    ["the owner, even as a reader", { account: owner, owner, visibility: "private", role: "read" }, "admin"],
    ["a stranger to a private one", { account: other, owner, visibility: "private", role: undefined }, "none"],
    ["a collaborator", { account: other, owner, visibility: "private", role: "write" }, "write"],
  ])("of %s", (_who, facts, permission) => expect(resolvePermission(facts)).toBe(permission));

  test("is one scale", () => {
    const scale: readonly Permission[] = ["none", "read", "write", "admin"];
    for (const [held, heldName] of scale.entries()) {
      for (const [needed, neededName] of scale.entries()) expect(permits(heldName, neededName)).toBe(held >= needed);
    }
  });
});

describe("with a personal key", () => {
  const administrative = actions.filter((action) => action !== "transfer");

  test.each<[string, Partial<RepositoryAccess>, readonly RepositoryAction[]]>([
    ["a visitor reads what is public", { account: undefined }, ["read"]],
    ["a visitor sees nothing private", { account: undefined, visibility: "private" }, []],
    ["a stranger sees nothing private", { visibility: "private" }, []],
    ["a reader reads", { visibility: "private", role: "read" }, ["read"]],
    ["a writer pushes", { visibility: "private", role: "write" }, ["read", "push"]],
    ["an administrator does all but hand it over", { visibility: "private", role: "admin" }, administrative],
    ["the owner does all", { account: owner }, actions],
    [
      "an archived repository is read, brought back, handed over, redacted, removed",
      { account: owner, isArchived: true },
      ["read", "archive", "transfer", "delete", "redact"],
    ],
  ])("%s", (_what, changes, expected) => expect(allowed(changes)).toEqual(expected));
});

describe("with a credential the owner", () => {
  const by = (visibility: Visibility, ...scopes: Scope[]) =>
    allowed({ account: owner, visibility, scopes: scopeSet(scopes) });
  const withoutDelete = actions.filter((action) => action !== "delete");

  test("without scopes reads what is public", () => {
    expect(by("public")).toEqual(["read"]);
    expect(by("private")).toEqual([]);
  });

  test("reads with repo:read and pushes to the public with public_repo", () => {
    expect(by("private", "repo:read")).toEqual(["read"]);
    expect(by("public", "public_repo")).toEqual(["read", "push"]);
    expect(by("private", "public_repo")).toEqual([]);
  });

  test("does with repo all but delete, and deletes with delete_repo what it may read", () => {
    expect(by("private", "repo")).toEqual(withoutDelete);
    expect(by("public", "delete_repo")).toEqual(["read", "delete"]);
    expect(by("private", "delete_repo")).toEqual([]);
    expect(by("private", "delete_repo", "repo:read")).toEqual(["read", "delete"]);
    expect(allowed({ account: owner, visibility: "private", scopes: allScopes })).toEqual(actions);
  });
});

describe("a refusal", () => {
  test("does not say that a private repository exists", () => {
    for (const action of actions) {
      expect(refuseRepositoryAction(access({ visibility: "private" }), action)).toEqual({ code: "not-found" });
      const unscoped = access({ account: owner, visibility: "private", scopes: scopeSet(["user"]) });
      expect(refuseRepositoryAction(unscoped, action)).toEqual({ code: "not-found" });
    }
  });

  test("says what is held and needed", () => {
    const refusal = refuseRepositoryAction(access({ role: "read" }), "push");
    expect(refusal).toEqual({ code: "forbidden", needed: "write", held: "read" });
  });

  test("tells a missing scope from a missing permission and from an archive", () => {
    const scopes = scopeSet(["public_repo"]);
    const owned = { account: owner, scopes, isArchived: true } as const;
    expect(refuseRepositoryAction(access(owned), "rename")).toEqual({
      code: "scope-missing",
      need: "administer-repository",
    });
    expect(refuseRepositoryAction(access(owned), "push")).toEqual({ code: "archived" });
  });

  test("follows the permission: who may less is never allowed more", () => {
    const roles: readonly (CollaboratorRole | undefined)[] = [undefined, "read", "write", "admin"];
    for (const visibility of ["public", "private"] as const) {
      const sets = roles.map((role) => allowed({ visibility, role }));
      for (const [index, set] of sets.entries()) {
        expect(sets.slice(index).every((larger) => set.every((action) => larger.includes(action)))).toBe(true);
      }
    }
  });
});

describe("ref updates", () => {
  const [main, hidden] = [parseRefName("refs/heads/main")!, parseRefName("refs/pull/1/head")!];

  test("go to branches, tags and notes", () => {
    const names = ["refs/heads/x", "refs/tags/x", "refs/notes/x", "refs/pull/1/head", "refs/guts/x", "refs/headsx/y"];
    expect(names.map((name) => isPublicRef(parseRefName(name)!))).toEqual([true, true, true, false, false, false]);
    for (const kind of ["create", "update", "delete"] as const)
      expect(refuseRefUpdate({ name: hidden, kind }, main)).toBe("ref-hidden");
  });

  test("do not delete the default branch", () => {
    expect(refuseRefUpdate({ name: main, kind: "delete" }, main)).toBe("ref-is-default-branch");
    expect(refuseRefUpdate({ name: main, kind: "update" }, main)).toBeUndefined();
    expect(refuseRefUpdate({ name: parseRefName("refs/heads/x")!, kind: "delete" }, main)).toBeUndefined();
  });
});

test.each<[Registration, boolean, boolean, string | undefined]>([
  ["open", false, false, undefined],
  ["invite", false, false, "invitation-needed"],
  ["invite", true, false, undefined],
  ["invite", false, true, undefined],
  ["closed", false, false, "registration-closed"],
  ["closed", true, false, "registration-closed"],
  ["closed", false, true, undefined],
])("registration %s, invited %s, administrator %s: %s", (registration, isInvited, isAdministratorKey, refusal) => {
  expect(refuseRegistration({ registration, isInvited, isAdministratorKey })).toBe(refusal);
});
