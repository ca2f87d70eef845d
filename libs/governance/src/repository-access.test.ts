import { describe, expect, test } from "vitest";
import { parseAccountId, parseRefName } from "@guts/primitives";
import { allScopes, scopeSet, type Scope } from "./scope.ts";
import { permits, repositoryRoles, type Permission, type RepositoryRole, type Visibility } from "./permission.ts";
import type { PermissionGrant } from "./permission-grant.ts";
import { isPublicRef, refuseRefUpdate } from "./ref-update-policy.ts";
import { refuseRegistration, type Registration, type ShownInvitation } from "./registration.ts";
import { sshKeyPowers } from "./restriction.ts";
import { refuseRepositoryAction, type RepositoryAccess, type RepositoryAction } from "./repository-access.ts";

const organization = parseAccountId(1)!;
const ownerGrant: PermissionGrant = { source: "owner", permission: "admin" };
const organizationOwner: PermissionGrant = { source: "organization-owner", permission: "admin", organization };
const actions: readonly RepositoryAction[] = [
  "read",
  "push",
  "update-settings",
  "change-default-branch",
  "rename",
  "change-visibility",
  "archive",
  "transfer",
  "delete",
  "manage-collaborators",
  "manage-protection",
  "manage-deploy-keys",
  "redact",
];

/** What is asked of, by whom: the grants are those that a state would give. */
interface Asked extends Partial<Omit<RepositoryAccess, "grants">> {
  readonly role?: RepositoryRole | undefined;
  readonly owns?: PermissionGrant;
}

function access({ role, owns, ...changes }: Asked): RepositoryAccess {
  const visibility = changes.visibility ?? "public";
  const grants: PermissionGrant[] = visibility === "public" ? [{ source: "public", permission: "read" }] : [];
  if (role !== undefined) grants.push({ source: "collaborator", permission: role });
  if (owns !== undefined) grants.push(owns);
  return { visibility, grants, scopes: undefined, isArchived: false, ...changes };
}

function allowed(asked: Asked): readonly RepositoryAction[] {
  return actions.filter((action) => refuseRepositoryAction(access(asked), action) === undefined);
}

test("permissions are one scale", () => {
  const scale: readonly Permission[] = ["none", ...repositoryRoles];
  for (const [held, heldName] of scale.entries()) {
    for (const [needed, neededName] of scale.entries()) expect(permits(heldName, neededName)).toBe(held >= needed);
  }
});

describe("with a personal key", () => {
  const administrative = actions.filter((action) => action !== "transfer");

  test.each<[string, Asked, readonly RepositoryAction[]]>([
    ["a stranger reads what is public", {}, ["read"]],
    ["a stranger sees nothing private", { visibility: "private" }, []],
    ["a reader reads", { visibility: "private", role: "read" }, ["read"]],
    ["a triager reads", { visibility: "private", role: "triage" }, ["read"]],
    ["a writer pushes", { visibility: "private", role: "write" }, ["read", "push"]],
    [
      "a maintainer pushes and describes",
      { visibility: "private", role: "maintain" },
      ["read", "push", "update-settings"],
    ],
    ["an administrator does all but hand it over", { visibility: "private", role: "admin" }, administrative],
    ["the owner does all", { owns: ownerGrant }, actions],
    ["an owner of its organization does all", { owns: organizationOwner, visibility: "private" }, actions],
    [
      "an archived repository is read, brought back, handed over, redacted, removed",
      { owns: ownerGrant, isArchived: true },
      ["read", "archive", "transfer", "delete", "redact"],
    ],
  ])("%s", (_what, changes, expected) => expect(allowed(changes)).toEqual(expected));
});

describe("with a credential the owner", () => {
  const by = (visibility: Visibility, ...scopes: Scope[]) =>
    allowed({ owns: ownerGrant, visibility, scopes: scopeSet(scopes) });
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
    expect(allowed({ owns: ownerGrant, visibility: "private", scopes: allScopes })).toEqual(actions);
  });
});

describe("a refusal", () => {
  test("does not say that a private repository exists", () => {
    for (const action of actions) {
      expect(refuseRepositoryAction(access({ visibility: "private" }), action)).toEqual({ code: "not-found" });
      const unscoped = access({ owns: ownerGrant, visibility: "private", scopes: scopeSet(["user"]) });
      expect(refuseRepositoryAction(unscoped, action)).toEqual({ code: "not-found" });
    }
  });

  test("says what is held and needed", () => {
    const refusal = refuseRepositoryAction(access({ role: "read" }), "push");
    expect(refusal).toEqual({ code: "forbidden", needed: "write", held: "read" });
  });

  test("tells a missing scope from a missing permission and from an archive", () => {
    const scopes = scopeSet(["public_repo"]);
    const owned = { owns: ownerGrant, scopes, isArchived: true } as const;
    expect(refuseRepositoryAction(access(owned), "rename")).toEqual({
      code: "scope-missing",
      need: "administer-repository",
    });
    expect(refuseRepositoryAction(access(owned), "push")).toEqual({ code: "archived" });
  });

  test("follows the permission: who may less is never allowed more", () => {
    const roles: readonly (RepositoryRole | undefined)[] = [undefined, ...repositoryRoles];
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

test.each<[Registration, ShownInvitation, boolean, string | undefined]>([
  ["open", "none", false, undefined],
  ["invite", "none", false, "invitation-needed"],
  ["invite", "usual", false, undefined],
  ["invite", "for-closed", false, undefined],
  ["invite", "none", true, undefined],
  ["closed", "none", false, "registration-closed"],
  ["closed", "usual", false, "registration-closed"],
  ["closed", "for-closed", false, undefined],
  ["closed", "none", true, undefined],
])("registration %s, invitation %s, administrator %s: %s", (registration, invitation, isAdministratorKey, refusal) => {
  expect(refuseRegistration({ registration, invitation, isAdministratorKey })).toBe(refusal);
});

describe("stars and watching", () => {
  const marks = ["star", "watch"] as const;
  const refusals = (asked: Asked) => marks.map((action) => refuseRepositoryAction(access(asked), action)?.code);

  test.each<[string, Asked, readonly (string | undefined)[]]>([
    ["anybody's on what is public", {}, [undefined, undefined]],
    ["nobody else's on what is private", { visibility: "private" }, ["not-found", "not-found"]],
    ["a reader's on what is private", { visibility: "private", role: "read" }, [undefined, undefined]],
    ["still allowed on what is archived", { isArchived: true }, [undefined, undefined]],
    ["of a token for public repositories", { scopes: scopeSet(["public_repo"]) }, [undefined, "scope-missing"]],
    ["of a token for notifications", { scopes: scopeSet(["notifications"]) }, ["scope-missing", undefined]],
    [
      "on what is private, of a token for repositories",
      { visibility: "private", role: "read", scopes: scopeSet(["repo", "notifications"]) },
      [undefined, undefined],
    ],
    ["of an SSH key", { scopes: sshKeyPowers.permissions }, ["scope-missing", "scope-missing"]],
  ])("%s", (_what, asked, expected) => expect(refusals(asked)).toEqual(expected));
});
