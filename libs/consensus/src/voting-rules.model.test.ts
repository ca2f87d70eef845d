import { brokenRules, checkModel, type ModelReport } from "@guts/testing";
import { describe, expect, test } from "vitest";
import { votingRules, type VotingRules } from "./voting-rules.ts";

const isLong = process.env["GUTS_TEST_TIER"] === "long";

interface Network {
  readonly n: number;
  readonly byzantine: number;
  readonly views?: number;
  readonly rules?: VotingRules;
}

function check({ n, byzantine, views = 2, rules = votingRules }: Network): ModelReport {
  return checkModel({ validatorCount: n, byzantineCount: byzantine, viewCount: views, rules });
}

describe("within the number of liars that quorums bear, no schedule leads to a fork", () => {
  // The counts of states are those of the model as it is; a count that changes means that rules or model did.
  test.each([
    { n: 4, byzantine: 1, stateCount: 16_855 },
    { n: 4, byzantine: 0, stateCount: 70_411 },
    { n: 3, byzantine: 2, stateCount: 43 },
    { n: 3, byzantine: 1, stateCount: 351 },
    { n: 5, byzantine: 2, stateCount: 16_855 },
    { n: 5, byzantine: 1, stateCount: 70_411 },
  ])("$n validators, $byzantine of them Byzantine, two views", ({ stateCount, ...network }) => {
    expect(check(network)).toEqual({ verdict: "safe", stateCount, counterexample: [] });
  });

  if (isLong)
    test("4 validators, 1 of them Byzantine, three views", { timeout: 1_800_000 }, () => {
      expect(check({ n: 4, byzantine: 1, views: 3 })).toEqual({
        verdict: "safe",
        stateCount: 4_336_263,
        counterexample: [],
      });
    });
});

describe("beyond that number the check finds the fork, so it would find one within", () => {
  test("4 validators, 2 of them Byzantine", () => {
    const { verdict, counterexample } = check({ n: 4, byzantine: 2 });
    expect(verdict).toBe("fork");
    expect(counterexample).toEqual([
      "notarize 1a",
      "finalize 1a",
      "notarize 1b",
      "finalize 1b",
      "final: 1a on genesis; and 1b on genesis",
    ]);
  });

  test("3 validators with a majority as their quorum, 1 of them Byzantine", () => {
    const majority: VotingRules = { ...votingRules, isQuorum: (votes, validatorCount) => votes > validatorCount / 2 };
    expect(check({ n: 3, byzantine: 1, rules: majority }).verdict).toBe("fork");
    expect(check({ n: 3, byzantine: 0, rules: majority }).verdict).toBe("safe");
  });
});

describe("breaking a rule makes the check find a fork of 4 validators, 1 of them Byzantine", () => {
  for (const [name, rules] of Object.entries(brokenRules))
    test(name, () => {
      const { verdict, counterexample } = check({ n: 4, byzantine: 1, rules });
      expect(verdict).toBe("fork");
      expect(counterexample.at(-1)).toMatch(/^final: .+; and .+$/);
    });
});
