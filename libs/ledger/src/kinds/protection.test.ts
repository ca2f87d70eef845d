import { describe, expect, test } from "vitest";
import { plainProtection, protectionLimits, type ProtectionSettings } from "@guts/governance";
import { decode, encode, type Height, type RepositoryId } from "@guts/primitives";
import { branch, Scenario, update, type By, type Person } from "../../test/scenario.ts";
import { isCertified, receiptStatementCodec, type CertifiedUpdate } from "../receipt.ts";
import type { PayloadOf } from "./index.ts";

interface Cast {
  readonly scenario: Scenario;
  readonly ada: Person;
  readonly bob: Person;
  readonly repository: RepositoryId;
}

function cast(): Cast {
  const scenario = new Scenario();
  const [ada, bob] = [scenario.signUp(), scenario.signUp()];
  const repository = scenario.repository(ada, "engine");
  scenario.collaborator(ada, repository, bob, "write");
  scenario.mustApply("refs.change", scenario.push(repository, [update("main", 0, 1)]), scenario.root(ada));
  return { scenario, ada, bob, repository };
}

function rulePayload(
  { repository }: Cast,
  changes: Partial<ProtectionSettings> = {},
  pattern = "main",
): PayloadOf<"protection.set"> {
  const rule = { target: pattern.startsWith("v") ? ("tag" as const) : ("branch" as const), pattern };
  return { repository, rule, settings: { ...plainProtection, ...changes }, reason: "because" };
}

function protect(all: Cast, changes: Partial<ProtectionSettings> = {}, pattern = "main"): void {
  all.scenario.mustApply("protection.set", rulePayload(all, changes, pattern), all.scenario.root(all.ada));
}

function push({ scenario, repository, bob }: Cast, updates: readonly CertifiedUpdate[], by?: By): string {
  return scenario.code("refs.change", scenario.push(repository, updates), by ?? scenario.device(bob));
}

describe("protection.set", () => {
  test("is for administrators of the repository", () => {
    const all = cast();
    const { scenario, ada, bob } = all;
    expect(scenario.code("protection.set", rulePayload(all), scenario.root(bob))).toBe("forbidden");
    expect(scenario.code("protection.set", rulePayload(all), scenario.token(ada, ["public_repo"]))).toBe(
      "scope-missing",
    );
    expect(scenario.code("protection.set", rulePayload(all), scenario.token(ada, ["repo"]))).toBe("applied");
    const remove = { repository: all.repository, rule: rulePayload(all).rule, reason: "" };
    expect(scenario.code("protection.remove", remove, scenario.root(bob))).toBe("forbidden");
  });

  test("changes the rule of a pattern, which keeps its age", () => {
    const all = cast();
    const { scenario, ada, repository } = all;
    protect(all, {}, "a");
    protect(all, {}, "b");
    const verdict = scenario.mustApply("protection.set", rulePayload(all, { isLocked: true }, "a"), scenario.root(ada));
    expect(verdict.number).toBe(1);
    const [first, second, ...more] = [...scenario.forge.protectionRules(repository)];
    expect([first?.pattern, second?.pattern, more.length]).toEqual(["a", "b", 0]);
    expect(scenario.forge.protectionSettings(first!)).toMatchObject({ settings: { isLocked: true }, setBy: ada.id });
    expect(scenario.code("protection.set", rulePayload(all, { isLocked: true }, "a"), scenario.root(ada))).toBe(
      "already-so",
    );
  });

  test("takes what can be a rule", () => {
    const all = cast();
    const { scenario, ada } = all;
    const code = (changes: Partial<ProtectionSettings>, pattern = "main") =>
      scenario.code("protection.set", rulePayload(all, changes, pattern), scenario.root(ada));
    expect(code({}, "[")).toBe("protection-invalid");
    expect(code({ requiresLinearHistory: true }, "v*")).toBe("protection-invalid");
    expect(code({ pushers: { accounts: [999 as never], teams: [] } })).toBe("account-unknown");
    expect(code({ pushers: { accounts: [], teams: [1 as never] } })).toBe("protection-invalid");
  });

  test("ends at the limit of rules; removing one makes room", () => {
    const all = cast();
    const { scenario, ada, repository } = all;
    for (let index = 0; index < protectionLimits.protectionRulesPerRepositoryMax; index++)
      protect(all, {}, `b${index}`);
    expect(scenario.code("protection.set", rulePayload(all), scenario.root(ada))).toBe("protection-limit");
    const remove = { repository, rule: rulePayload(all, {}, "b3").rule, reason: "" };
    expect(scenario.code("protection.remove", remove, scenario.root(ada))).toBe("applied");
    expect(scenario.code("protection.remove", remove, scenario.root(ada))).toBe("not-found");
    expect(scenario.code("protection.set", rulePayload(all), scenario.root(ada))).toBe("applied");
  });
});

describe("a protected branch", () => {
  const forced = { ...update("main", 1, 2), isFastForward: false };
  const merged = { ...update("main", 1, 2), hasMerges: true };

  test("is neither deleted nor rewritten, by administrators neither", () => {
    const all = cast();
    protect(all);
    const owner = all.scenario.root(all.ada);
    expect(push(all, [forced])).toBe("ref-protected");
    expect(push(all, [forced], owner)).toBe("ref-protected");
    expect(push(all, [update("main", 1, 2)])).toBe("applied");
    protect(all, {}, "dev");
    expect(push(all, [update("dev", 0, 1)])).toBe("applied");
    expect(push(all, [update("dev", 1, 0)], owner)).toBe("ref-protected");
  });

  test("takes pull requests alone, unless an administrator pushes whom the rule does not include", () => {
    const all = cast();
    const pullRequest = {
      approvals: 1,
      dismissesStale: false,
      codeOwners: false,
      lastPushApproval: false,
      resolvedConversations: false,
    };
    protect(all, { pullRequest, includesAdministrators: true });
    expect(push(all, [update("main", 1, 2)])).toBe("ref-protected");
    expect(push(all, [update("main", 1, 2)], all.scenario.root(all.ada))).toBe("ref-protected");
    protect(all, { pullRequest });
    expect(push(all, [update("main", 1, 2)], all.scenario.root(all.ada))).toBe("applied");
  });

  test("keeps its history linear by what storage certified", () => {
    const all = cast();
    protect(all, { requiresLinearHistory: true });
    expect(push(all, [merged])).toBe("ref-protected");
    expect(push(all, [update("main", 1, 2)])).toBe("applied");
  });

  test("asks for the pusher's own key, which no token has", () => {
    const all = cast();
    protect(all, { requiresSignedPush: true });
    expect(push(all, [update("main", 1, 2)], all.scenario.token(all.bob))).toBe("ref-protected");
    expect(push(all, [update("main", 1, 2)], all.scenario.device(all.bob))).toBe("applied");
  });

  test("does not change with the refs beside it: each has its own answer", () => {
    const all = cast();
    protect(all, { isLocked: true }, "re*/*");
    const payload = all.scenario.push(all.repository, [update("release/1", 0, 1), update("other", 0, 1)]);
    const { refusals } = all.scenario.mustApply("refs.change", payload, all.scenario.device(all.bob));
    expect(refusals).toEqual(["ref-protected", undefined]);
  });

  test("bounds the patterns that one push has matched", () => {
    const all = cast();
    for (let index = 0; index < 40; index++) protect(all, { isLocked: true }, `${"*a".repeat(100)}${index}`);
    const many = Array.from({ length: 10 }, (_, index) => update(`${"a".repeat(200)}x${index}`, 0, 1));
    expect(push(all, many)).toBe("protection-work-spent");
  });

  test("and its rules go with the repository", () => {
    const all = cast();
    const { scenario, ada, repository } = all;
    protect(all);
    scenario.mustApply("repository.delete", { repository }, scenario.root(ada));
    scenario.wait(1_000);
    scenario.wait(1_000);
    expect([...scenario.forge.protectionRules(repository)]).toEqual([]);
  });
});

test("a protected tag is made once", () => {
  const all = cast();
  protect(all, {}, "v*");
  expect(push(all, [update("refs/tags/v1", 0, 1)])).toBe("applied");
  expect(push(all, [update("refs/tags/v1", 1, 2)])).toBe("ref-protected");
  expect(push(all, [update("refs/tags/v1", 1, 0)])).toBe("ref-protected");
  expect(push(all, [update("refs/tags/w1", 0, 1)])).toBe("applied");
});

describe("a push with facts of version 1", () => {
  function earlier(all: Cast, updates: readonly CertifiedUpdate[]): string {
    const { scenario, repository, bob } = all;
    return scenario.code("refs.update", scenario.earlierPush(repository, updates), scenario.device(bob));
  }

  test("moves refs whose rule it has the facts for", () => {
    const all = cast();
    expect(earlier(all, [update("main", 1, 2)])).toBe("applied");
    protect(all);
    expect(earlier(all, [{ ...update("main", 2, 1), isFastForward: false }])).toBe("ref-protected");
    expect(earlier(all, [update("main", 2, 1)])).toBe("applied");
  });

  test("is refused on a ref whose rule needs facts that it lacks", () => {
    const all = cast();
    protect(all, { requiresLinearHistory: true });
    expect(earlier(all, [update("main", 1, 2)])).toBe("ref-facts-missing");
    expect(earlier(all, [update("dev", 0, 2)])).toBe("applied");
    expect(all.scenario.forge.ref(all.repository, branch("dev"))).toBeDefined();
  });

  test("has another statement than one with facts of version 2", () => {
    const { scenario, repository } = cast();
    const terms = { epoch: 0, placement: 1, baseHeight: 0 as Height, expiresHeight: 9 as Height, packs: [] };
    const base = { networkId: scenario.ledger.networkId, repository, updates: [update("main", 1, 2)], ...terms };
    const [first, second] = [1, 2].map((factsVersion) => encode(receiptStatementCodec, { ...base, factsVersion }));
    expect(first!.length).toBe(second!.length - 1);
    expect(decode(receiptStatementCodec, first!).updates[0]).not.toHaveProperty("hasMerges");
    const { validators } = scenario.forge.network();
    const signatures = scenario.ledger.certify({ ...base, factsVersion: 2 });
    expect(isCertified({ ...base, factsVersion: 2 }, signatures, validators)).toBe(true);
    expect(isCertified({ ...base, factsVersion: 1 }, signatures, validators)).toBe(false);
  });
});
