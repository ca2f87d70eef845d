import {
  adversaries,
  cheapNetwork,
  drawPlan,
  focusPlan,
  realNetwork,
  runScenario,
  simulationTier,
  surveyScenarios,
  unmutated,
  type Focus,
} from "@guts/testing";
import { describe, expect, test } from "vitest";

const { isLong, firstSeed, scenarioCount } = simulationTier();
/** Scenarios of one test: few enough to see progress. */
const shardSize = 1_000;

describe(`whatever the network does, from seed ${firstSeed} on`, () => {
  for (let from = 0; from < scenarioCount; from += shardSize) {
    const count = Math.min(shardSize, scenarioCount - from);
    test(`scenarios ${from + 1} to ${from + count} keep every promise`, { timeout: 600_000 }, () => {
      const startedAt = performance.now();
      const { failures, ...totals } = surveyScenarios({
        ...{ firstSeed: firstSeed + from, count, plan: drawPlan, make: unmutated },
      });
      const seconds = (performance.now() - startedAt) / 1_000;
      if (isLong) console.log(`${(totals.scenarioCount / seconds).toFixed(0)} scenarios/s`, JSON.stringify(totals));
      expect(failures.join("\n")).toBe("");
      // A simulation in which nothing happens proves nothing.
      expect(totals.scenarioCount).toBe(count);
      expect(totals.blockCount).toBeGreaterThan(count);
    });
  }
});

test("one seed gives one trace, and another seed another", () => {
  const traceOf = (seed: number) => {
    const plan = drawPlan(seed);
    return runScenario(plan, unmutated, cheapNetwork(plan.validatorCount)).trace;
  };
  const seeds = Array.from({ length: 20 }, (_, index) => firstSeed + index);
  const traces = seeds.map(traceOf);
  expect(seeds.map(traceOf)).toEqual(traces);
  expect(new Set(traces).size).toBe(seeds.length);
});

test("Ed25519 signatures change nothing but the time that it takes", { timeout: 120_000 }, () => {
  const plan = focusPlan(firstSeed, { adversary: adversaries[0] });
  const real = runScenario(plan, unmutated, realNetwork(plan.validatorCount));
  expect(real.violations).toEqual([]);
  const cheap = runScenario(plan, unmutated, cheapNetwork(plan.validatorCount));
  expect({ ...real, trace: "" }).toEqual({ ...cheap, trace: "" });
});

describe("four validators bear one that", () => {
  const each = isLong ? 500 : 10;
  const survey = (focus: Focus, count = each) =>
    surveyScenarios({ firstSeed, count, plan: (seed) => focusPlan(seed, focus), make: unmutated });

  test.each(adversaries)("is $name", { timeout: 600_000 }, ({ name }) => {
    const adversary = adversaries.find((known) => known.name === name)!;
    expect(survey({ adversary }).failures.join("\n")).toBe("");
    expect(survey({ adversary, isRestless: true }).failures.join("\n")).toBe("");
  });

  test(
    "is told of a transaction that nobody else hears of: it becomes final in that one's turn",
    { timeout: 600_000 },
    () => {
      expect(survey({ isHoarded: true }).failures.join("\n")).toBe("");
      const silent = adversaries.find(({ name }) => name === "silent");
      expect(survey({ isHoarded: true, adversary: silent }).failures.join("\n")).toBe("");
    },
  );

  test("is set back to an older copy of its directory", { timeout: 600_000 }, () => {
    expect(survey({ isSetBack: true }).failures.join("\n")).toBe("");
  });

  test("loses its journal, and never contradicts itself", { timeout: 600_000 }, () => {
    expect(survey({ losesJournal: true, isRestless: true }, 2 * each).failures.join("\n")).toBe("");
  });

  test("contradicts itself, and convict it", { timeout: 600_000 }, () => {
    const adversary = adversaries.find(({ name }) => name === "equivocator")!;
    const { convictionCount, scenarioCount } = survey({ adversary });
    expect(convictionCount).toBeGreaterThan(scenarioCount / 2);
  });
});
