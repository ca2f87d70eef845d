import {
  focusPlan,
  cheapNetwork,
  mutations,
  runScenario,
  simulationTier,
  unmutated,
  type Mutation,
} from "@guts/testing";
import { describe, expect, test } from "vitest";

const { isLong } = simulationTier();
/** Scenarios within which the damage must show. */
const scenariosMax = 120;
/** Where the scenarios begin. Fixed: how soon a mutation shows depends on it. */
const firstSeed = 1;

/** The first seed whose scenario shows the damage, with what else it shows; 0 if none does. */
function seedThatShows(mutation: Mutation): number {
  for (let seed = firstSeed; seed < firstSeed + scenariosMax; seed++) {
    const { violations } = run(mutation, seed, mutation.make);
    if (violations.some(({ property }) => mutation.shows.includes(property))) return seed;
  }
  return 0;
}

function run({ focus }: Mutation, seed: number, make: Mutation["make"]) {
  const plan = focusPlan(seed, focus);
  return runScenario(plan, make, cheapNetwork(plan.validatorCount));
}

describe(`within ${scenariosMax} scenarios the simulation catches a core that`, () => {
  test.each(mutations)("$name", { timeout: 120_000 }, (mutation) => {
    const caughtAt = seedThatShows(mutation);
    expect(caughtAt).toBeGreaterThan(0);
    // The product passes the very same scenarios: what was caught is the mutation.
    const lastSeed = isLong ? firstSeed + scenariosMax - 1 : caughtAt;
    for (let seed = firstSeed; seed <= lastSeed; seed++)
      expect(run(mutation, seed, unmutated).violations, `seed ${seed}`).toEqual([]);
  });
});
