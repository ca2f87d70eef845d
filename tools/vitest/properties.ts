/**
 * How often properties are tried: the short tier keeps fast-check's 100 runs, the long one takes 2,000. `GUTS_SEED` replays
 * the seed that a failure printed. Loaded only where it matters, so that files without properties pay nothing.
 */
const { GUTS_SEED, GUTS_TEST_TIER } = process.env;

if (GUTS_SEED !== undefined || GUTS_TEST_TIER === "long") {
  const { configureGlobal } = await import("fast-check");
  configureGlobal({
    ...(GUTS_TEST_TIER === "long" ? { numRuns: 2_000 } : {}),
    ...(GUTS_SEED === undefined ? {} : { seed: Number(GUTS_SEED) }),
  });
}

export {};
