import { describe, expect, test } from "vitest";
import {
  creationOf,
  refuseOrganizationAction,
  refuseTeamAction,
  type MemberRepositoryCreation,
  type OrganizationAction,
  type OrganizationRole,
  type TeamAccess,
  type TeamAction,
} from "./organization-access.ts";
import { scopeSet } from "./scope.ts";

const actions: readonly OrganizationAction[] = ["read", "administer", "create-team", "create-public", "create-private"];
const teamActions: readonly TeamAction[] = ["read", "update", "delete"];

function allowed(role: OrganizationRole | undefined, repositoryCreation: MemberRepositoryCreation = "none") {
  const access = { role, repositoryCreation, scopes: undefined };
  return actions.filter((action) => refuseOrganizationAction(access, action) === undefined);
}

describe("for an organization", () => {
  test("owners do everything, members what it lets them, strangers nothing", () => {
    expect(allowed("owner")).toEqual(actions);
    expect(allowed("member", "none")).toEqual(["read", "create-team"]);
    expect(allowed("member", "private")).toEqual(["read", "create-team", "create-private"]);
    expect(allowed("member", "all")).toEqual(["read", "create-team", "create-public", "create-private"]);
    expect(allowed(undefined, "all")).toEqual([]);
  });

  test("a credential reaches no further than its scopes", () => {
    const by = (...scopes: Parameters<typeof scopeSet>[0]) => {
      const access = { role: "owner", repositoryCreation: "all", scopes: scopeSet(scopes) } as const;
      return actions.filter((action) => refuseOrganizationAction(access, action) === undefined);
    };
    expect(by()).toEqual([]);
    expect(by("read:org")).toEqual(["read"]);
    expect(by("write:org")).toEqual(["read"]);
    expect(by("admin:org")).toEqual(["read", "administer", "create-team"]);
    expect(by("public_repo")).toEqual(["create-public"]);
    expect(by("repo")).toEqual(["create-public", "create-private"]);
  });

  test("who may not hears so before a scope is asked for", () => {
    const access = { role: "member", repositoryCreation: "all", scopes: 0 } as const;
    expect(refuseOrganizationAction(access, "administer")).toEqual({ code: "forbidden" });
    expect(refuseOrganizationAction(access, "read")).toEqual({ code: "scope-missing", need: "read-organizations" });
  });

  test("making a repository is an action by its visibility", () => {
    expect([creationOf("public"), creationOf("private")]).toEqual(["create-public", "create-private"]);
  });
});

describe("of a team", () => {
  const base: TeamAccess = { organizationRole: "member", teamRole: undefined, privacy: "visible", scopes: undefined };
  const may = (changes: Partial<TeamAccess>) =>
    teamActions.filter((action) => refuseTeamAction({ ...base, ...changes }, action) === undefined);

  test.each<[string, Partial<TeamAccess>, readonly TeamAction[]]>([
    ["an owner of the organization does everything", { organizationRole: "owner", privacy: "secret" }, teamActions],
    ["a maintainer does everything", { teamRole: "maintainer", privacy: "secret" }, teamActions],
    ["a member sees it", { teamRole: "member", privacy: "secret" }, ["read"]],
    ["a member of the organization sees it unless it is secret", {}, ["read"]],
    ["a member of the organization knows of no secret one", { privacy: "secret" }, []],
    ["a stranger knows of none", { organizationRole: undefined }, []],
    [
      "who has left the organization is nobody's maintainer",
      { organizationRole: undefined, teamRole: "maintainer" },
      [],
    ],
    ["a scope to read reads", { teamRole: "maintainer", scopes: scopeSet(["read:org"]) }, ["read"]],
    ["a scope to administer does everything", { teamRole: "maintainer", scopes: scopeSet(["admin:org"]) }, teamActions],
    ["another scope does nothing", { teamRole: "maintainer", scopes: scopeSet(["repo"]) }, []],
  ])("%s", (_who, changes, expected) => expect(may(changes)).toEqual(expected));

  test("a refusal does not say that a secret team exists, and says so where it is known", () => {
    expect(refuseTeamAction({ ...base, privacy: "secret" }, "update")).toEqual({ code: "not-found" });
    expect(refuseTeamAction(base, "update")).toEqual({ code: "forbidden" });
  });
});
