import type { AreaPermissions, Restriction } from "@guts/governance";
import { describe, expect, test } from "vitest";
import { Scenario, update, type By } from "../../test/scenario.ts";

const nothing: AreaPermissions = {
  contents: "none",
  administration: "none",
  metadata: "read",
  issues: "none",
  pullRequests: "none",
};

function world() {
  const scenario = new Scenario();
  const [ada, eve] = [scenario.signUp(), scenario.signUp()];
  const [one, other] = [
    scenario.repository(ada, "one", { visibility: "private" }),
    scenario.repository(ada, "other", { visibility: "private" }),
  ];
  const make = (restriction: Partial<Restriction>, by: By = scenario.delegated(ada)) => {
    const { id, label, expiresTime, audience } = scenario.tokenPayload();
    const whole = { owner: ada.id, repositories: undefined, permissions: nothing, ...restriction };
    const code = scenario.code(
      "credential.create-restricted",
      { id, label, expiresTime, audience, restriction: whole },
      by,
    );
    return { code, by: scenario.credential(ada, id) };
  };
  const push = (repository: typeof one, by: By) =>
    scenario.code("refs.change", scenario.push(repository, [update("main", 0, 1)]), by);
  return { scenario, ada, eve, one, other, make, push };
}

describe("a fine-grained token", () => {
  test("does in its areas, on its repositories, what they say", () => {
    const { scenario, one, other, make, push } = world();
    const writer = make({ repositories: [one], permissions: { ...nothing, contents: "write" } });
    expect(writer.code).toBe("applied");
    expect(push(one, writer.by)).toBe("applied");
    expect(push(other, writer.by)).toBe("not-found");
    expect(scenario.code("repository.archive", { repository: one, isArchived: true }, writer.by)).toBe("scope-missing");
    const reader = make({ permissions: { ...nothing, contents: "read", administration: "write" } });
    expect(push(other, reader.by)).toBe("scope-missing");
    expect(scenario.code("repository.archive", { repository: other, isArchived: true }, reader.by)).toBe("applied");
  });

  test("reaches no account, key or token", () => {
    const { scenario, ada, make } = world();
    const permissions = { ...nothing, contents: "write", administration: "write" } as const;
    const { by } = make({ owner: undefined, permissions });
    expect(scenario.code("account.rename", { handle: "new-name" as never }, by)).toBe("scope-missing");
    expect(scenario.code("credential.create", scenario.tokenPayload({ scopes: 0 }), by)).toBe("scope-missing");
    expect(scenario.code("repository.create", scenario.repositoryPayload(ada, "new"), by)).toBe("scope-missing");
  });

  test("is not beyond its maker, and names only what there is", () => {
    const { scenario, ada, eve, one, make } = world();
    const manager = scenario.token(ada, ["admin:credentials"]);
    const permissions = { ...nothing, contents: "write" } as const;
    expect(make({ permissions }, manager).code).toBe("credential-scope-exceeded");
    expect(make({ permissions }, scenario.token(ada)).code).toBe("applied");
    expect(make({ permissions: { ...nothing, metadata: "none" } }).code).toBe("restriction-invalid");
    expect(make({ repositories: [] }).code).toBe("restriction-invalid");
    expect(make({ repositories: [one, one] }).code).toBe("restriction-invalid");
    expect(make({ owner: undefined, repositories: [one] }).code).toBe("restriction-invalid");
    expect(make({ owner: eve.id, repositories: [one] }).code).toBe("restriction-invalid");
    expect(make({ owner: 999 as never }).code).toBe("account-unknown");
    const hidden = scenario.repository(eve, "hidden", { visibility: "private" });
    expect(make({ owner: eve.id, repositories: [hidden] }).code).toBe("restriction-invalid");
  });
});
