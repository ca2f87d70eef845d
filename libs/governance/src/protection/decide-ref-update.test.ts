import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseAccountId, parseRefName, parseTeamId } from "@guts/primitives";
import { decideRefUpdate, noReviews, type RefChangeFacts } from "./decide-ref-update.ts";
import { approvalsMax } from "./limits.ts";
import {
  noActors,
  plainProtection,
  ProtectionRules,
  refuseProtection,
  type ProtectionSettings,
} from "./protection-rule.ts";
import { refusalLine, requirementWords } from "./requirement-words.ts";

const [ada, bob] = [parseAccountId(1)!, parseAccountId(2)!];
const [core, guests] = [parseTeamId(1)!, parseTeamId(2)!];

const push: RefChangeFacts = {
  target: "branch",
  kind: "update",
  isFastForward: true,
  hasMerges: false,
  isSigned: false,
  account: ada,
  teams: new Set(),
  permission: "write",
  ...noReviews,
};
const reviewed = {
  approvals: 1,
  dismissesStale: false,
  codeOwners: true,
  lastPushApproval: true,
  resolvedConversations: true,
};

function codes(settings: Partial<ProtectionSettings>, facts: Partial<RefChangeFacts> = {}): readonly string[] {
  return decideRefUpdate({ ...push, ...facts }, { ...plainProtection, ...settings }).map(({ code }) => code);
}

describe("a rule", () => {
  test("that asks nothing still keeps a ref from being deleted or forced", () => {
    expect(codes({})).toEqual([]);
    expect(codes({}, { kind: "create" })).toEqual([]);
    expect(codes({}, { kind: "delete" })).toEqual(["deletion"]);
    expect(codes({}, { isFastForward: false })).toEqual(["force-push"]);
    expect(codes({ allowsDeletion: true, allowsForcePush: true }, { isFastForward: false })).toEqual([]);
    expect(codes({ allowsDeletion: true }, { kind: "delete" })).toEqual([]);
  });

  test("of tags keeps them where they are, however they are moved", () => {
    expect(codes({}, { target: "tag" })).toEqual(["tag-move"]);
    expect(codes({ allowsForcePush: true }, { target: "tag" })).toEqual([]);
  });

  test("names who may push, people and teams", () => {
    const pushers = { accounts: [bob], teams: [core] };
    expect(codes({ pushers })).toEqual(["pusher"]);
    expect(codes({ pushers }, { account: bob })).toEqual([]);
    expect(codes({ pushers }, { teams: new Set([core]) })).toEqual([]);
    expect(codes({ pushers }, { teams: new Set([guests]) })).toEqual(["pusher"]);
    expect(codes({ pushers }, { kind: "create" })).toEqual(["pusher"]);
    expect(codes({ pushers: { accounts: [], teams: [] } }, { account: bob })).toEqual(["pusher"]);
  });

  test("locks, forbids creation, and asks for the pusher's own signature", () => {
    expect(codes({ isLocked: true })).toEqual(["locked"]);
    expect(codes({ allowsCreation: false })).toEqual([]);
    expect(codes({ allowsCreation: false }, { kind: "create" })).toEqual(["creation"]);
    expect(codes({ requiresSignedPush: true })).toEqual(["signed-push"]);
    expect(codes({ requiresSignedPush: true }, { isSigned: true })).toEqual([]);
  });

  test("keeps history linear, and does not take it from nobody's word", () => {
    expect(codes({ requiresLinearHistory: true })).toEqual([]);
    expect(codes({ requiresLinearHistory: true }, { hasMerges: true })).toEqual(["linear-history"]);
    expect(codes({ requiresLinearHistory: true }, { hasMerges: undefined })).toEqual(["linear-history"]);
    expect(codes({ requiresLinearHistory: true }, { hasMerges: true, kind: "create" })).toEqual([]);
  });

  test("that asks for a pull request takes no push but the first", () => {
    expect(codes({ pullRequest: reviewed })).toEqual(["pull-request"]);
    expect(codes({ pullRequest: reviewed }, { kind: "create" })).toEqual([]);
  });

  test("lets those whom it exempts push without a pull request, and nothing else of it", () => {
    const exempt = { pullRequest: reviewed, isLocked: true, checks: { isStrict: false, names: ["build"] } };
    expect(codes({ ...exempt, bypassers: { accounts: [ada], teams: [] } })).toEqual(["locked", "checks"]);
    const bypassers = { accounts: [], teams: [core] };
    expect(codes({ pullRequest: reviewed, bypassers })).toEqual(["pull-request"]);
    expect(codes({ pullRequest: reviewed, bypassers }, { teams: new Set([core, guests]) })).toEqual([]);
  });

  test("reads the state of a pull request and of checks", () => {
    const pullRequest = {
      approvals: 0,
      hasCodeOwnerApproval: false,
      hasLastPushApproval: false,
      hasOpenConversations: true,
    };
    const missing = ["approvals", "code-owner-approval", "last-push-approval", "resolved-conversations"];
    expect(codes({ pullRequest: reviewed }, { pullRequest })).toEqual(missing);
    const complete = {
      approvals: 1,
      hasCodeOwnerApproval: true,
      hasLastPushApproval: true,
      hasOpenConversations: false,
    };
    expect(codes({ pullRequest: reviewed }, { pullRequest: complete })).toEqual([]);
    const checks = { isStrict: true, names: ["build", "test"] };
    const facts = { checks: { succeeded: new Set(["build"]), isUpToDate: false } };
    expect(codes({ checks }, facts)).toEqual(["checks", "up-to-date"]);
    expect(codes({ checks: { ...checks, isStrict: false } }, facts)).toEqual(["checks"]);
    expect(codes({ checks }, { checks: { succeeded: new Set(checks.names), isUpToDate: true } })).toEqual([]);
    expect(codes({ checks })).toEqual(["checks"]);
  });

  test("exempts administrators unless it includes them, but never from deletions and force-pushes", () => {
    const strict = { isLocked: true, pullRequest: reviewed, requiresSignedPush: true };
    const facts = { permission: "admin", isFastForward: false } as const;
    expect(codes(strict, facts)).toEqual(["force-push"]);
    expect(codes({ ...strict, includesAdministrators: true }, facts)).toContain("pull-request");
    expect(codes({}, { permission: "admin", kind: "delete" })).toEqual(["deletion"]);
    expect(codes({}, { permission: "admin", target: "tag" })).toEqual(["tag-move"]);
  });
});

const actors = fc.record({ accounts: fc.subarray([ada, bob]), teams: fc.subarray([core, guests]) });
const settings: fc.Arbitrary<ProtectionSettings> = fc.record({
  pullRequest: fc.option(
    fc.record({
      approvals: fc.nat(6),
      dismissesStale: fc.boolean(),
      codeOwners: fc.boolean(),
      lastPushApproval: fc.boolean(),
      resolvedConversations: fc.boolean(),
    }),
    { nil: undefined },
  ),
  checks: fc.option(fc.record({ isStrict: fc.boolean(), names: fc.subarray(["a", "b", "c", "d", "e"]) }), {
    nil: undefined,
  }),
  pushers: fc.option(actors, { nil: undefined }),
  bypassers: actors,
  dismissers: fc.option(actors, { nil: undefined }),
  requiresLinearHistory: fc.boolean(),
  requiresSignedPush: fc.boolean(),
  allowsForcePush: fc.boolean(),
  allowsDeletion: fc.boolean(),
  allowsCreation: fc.boolean(),
  isLocked: fc.boolean(),
  includesAdministrators: fc.boolean(),
});

const facts: fc.Arbitrary<RefChangeFacts> = fc.record({
  target: fc.constantFrom("branch" as const, "tag" as const),
  kind: fc.constantFrom("create" as const, "update" as const, "delete" as const),
  isFastForward: fc.boolean(),
  hasMerges: fc.option(fc.boolean(), { nil: undefined }),
  isSigned: fc.boolean(),
  account: fc.constantFrom(ada, bob),
  teams: fc.subarray([core, guests]).map((teams) => new Set(teams)),
  permission: fc.constantFrom("write" as const, "admin" as const),
  pullRequest: fc.option(
    fc.record({
      approvals: fc.nat(7),
      hasCodeOwnerApproval: fc.boolean(),
      hasLastPushApproval: fc.boolean(),
      hasOpenConversations: fc.boolean(),
    }),
    { nil: undefined },
  ),
  checks: fc.record({
    succeeded: fc.subarray(["a", "b", "c"]).map((names) => new Set(names)),
    isUpToDate: fc.boolean(),
  }),
});

/** Settings that ask at least what `settings` ask: one more thing is asked, or more of one. */
const stricter: readonly ((settings: ProtectionSettings) => ProtectionSettings)[] = [
  (from) => ({ ...from, isLocked: true }),
  (from) => ({ ...from, includesAdministrators: true }),
  (from) => ({ ...from, allowsForcePush: false }),
  (from) => ({ ...from, allowsDeletion: false }),
  (from) => ({ ...from, allowsCreation: false }),
  (from) => ({ ...from, requiresLinearHistory: true }),
  (from) => ({ ...from, requiresSignedPush: true }),
  (from) => ({ ...from, pushers: { accounts: [], teams: [] } }),
  (from) => ({ ...from, pullRequest: { ...reviewed, ...from.pullRequest, approvals: approvalsMax, codeOwners: true } }),
  (from) => ({ ...from, bypassers: noActors }),
  (from) => ({ ...from, checks: { isStrict: true, names: [...new Set([...(from.checks?.names ?? []), "f"])] } }),
];

test("a rule that asks more refuses whatever one that asks less refuses", () => {
  fc.assert(
    fc.property(settings, facts, fc.constantFrom(...stricter), (rule, change, tighten) => {
      const loose = decideRefUpdate(change, rule).map(({ code }) => code);
      const strict = decideRefUpdate(change, tighten(rule)).map(({ code }) => code);
      expect(strict).toEqual(expect.arrayContaining(loose));
    }),
    { numRuns: 500 },
  );
});

test("every requirement has words: what is missing, and who can help", () => {
  fc.assert(
    fc.property(settings, facts, (rule, change) => {
      const unmet = decideRefUpdate(change, rule);
      for (const { what, who } of unmet.map(requirementWords))
        expect([what, who].every((text) => /^\S.*[^.]$/.test(text))).toBe(true);
      if (unmet.length > 0) expect(refusalLine(unmet)).toMatch(/^protected: /);
      expect(refusalLine(unmet)).not.toMatch(/\n|undefined/);
    }),
  );
});

describe("the rule of a ref", () => {
  const rule = (number: number, pattern: string, target: "branch" | "tag" = "branch") => ({ number, target, pattern });
  const meter = () => ({ stepsLeft: 1_000 });
  const numberOf = (rules: readonly ReturnType<typeof rule>[], name: string) => {
    const found = new ProtectionRules(rules).find(parseRefName(name)!, meter());
    return found === "exhausted" ? found : found?.number;
  };

  test("is one of exactly its name, then the oldest whose pattern names it", () => {
    const rules = [rule(1, "re*/**/*"), rule(2, "release/*"), rule(3, "release/1"), rule(4, "v*", "tag")];
    expect(numberOf(rules, "refs/heads/release/1")).toBe(3);
    expect(numberOf(rules, "refs/heads/release/2")).toBe(1);
    expect(numberOf(rules.slice(1), "refs/heads/release/2")).toBe(2);
    expect(numberOf(rules, "refs/heads/v1")).toBeUndefined();
    expect(numberOf(rules, "refs/tags/v1")).toBe(4);
    expect(numberOf([rule(1, "main"), rule(2, "main", "tag")], "refs/tags/main")).toBe(2);
    expect(numberOf(rules, "refs/notes/v1")).toBeUndefined();
  });

  test("is not looked for without end", () => {
    const many = Array.from({ length: 50 }, (_, index) => rule(index, `${"*a".repeat(100)}${index}`));
    expect(numberOf(many, `refs/heads/${"a".repeat(200)}`)).toBe("exhausted");
  });

  test("is refused with a pattern, or settings, that cannot be a rule's", () => {
    expect(refuseProtection("branch", "main", plainProtection)).toBeUndefined();
    expect(refuseProtection("branch", "[", plainProtection)).toBe("pattern-malformed");
    expect(refuseProtection("tag", "v*", { ...plainProtection, requiresLinearHistory: true })).toBe("not-for-tags");
    const pullRequest = { ...reviewed, approvals: approvalsMax };
    expect(refuseProtection("branch", "main", { ...plainProtection, pullRequest })).toBeUndefined();
    const tooMany = { ...reviewed, approvals: approvalsMax + 1 };
    expect(refuseProtection("branch", "main", { ...plainProtection, pullRequest: tooMany })).toBe(
      "approvals-out-of-range",
    );
    const pushers = { accounts: [ada, ada], teams: [] };
    expect(refuseProtection("branch", "main", { ...plainProtection, pushers })).toBe("named-twice");
    const bypassers = { accounts: [ada], teams: [] };
    expect(refuseProtection("branch", "main", { ...plainProtection, bypassers })).toBe("needs-pull-request");
    const reviewing = { ...plainProtection, pullRequest: reviewed };
    expect(refuseProtection("branch", "main", { ...reviewing, bypassers, dismissers: noActors })).toBeUndefined();
    expect(refuseProtection("branch", "main", { ...reviewing, bypassers: pushers })).toBe("named-twice");
  });
});
