/** How much to simulate. */
export interface SimulationTier {
  /** Before a release, not on every change. */
  readonly isLong: boolean;
  readonly firstSeed: number;
  readonly scenarioCount: number;
}

/**
 * What the environment asks for: GUTS_TEST_TIER, GUTS_SEED, GUTS_SCENARIOS. Without a seed the short tier begins at 1, so that no
 * change fails for a seed that it did not break; the long one explores.
 */
export function simulationTier(): SimulationTier {
  const { GUTS_SCENARIOS, GUTS_SEED, GUTS_TEST_TIER } = process.env;
  const isLong = GUTS_TEST_TIER === "long";
  return {
    isLong,
    firstSeed: Number(GUTS_SEED ?? (isLong ? 1 + Math.floor(Math.random() * 2 ** 30) : 1)),
    scenarioCount: Number(GUTS_SCENARIOS ?? (isLong ? 100_000 : 300)),
  };
}
