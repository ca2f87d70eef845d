/** Which tier the suites run in; `npm run test:long` sets the long one. */
export const tier: "short" | "long" = process.env["GUTS_TEST_TIER"] === "long" ? "long" : "short";

/** A number of rounds, or a size, that depends on the tier. */
export function byTier<Value>(values: { readonly short: Value; readonly long: Value }): Value {
  return values[tier];
}
