import { expect, test } from "vitest";

import { quorumState } from "./quorum-state.ts";

test.each([
  [4, 4, 3, ""],
  [4, 3, 3, "late"],
  [4, 2, 3, "down"],
  [1, 1, 1, ""],
  [3, 2, 3, "down"],
] as const)("of %i validators %i up, with %i needed, shows as %j", (validatorCount, upCount, neededCount, state) => {
  expect(quorumState({ quorum: { validatorCount, upCount, neededCount, summary: "" } })).toBe(state);
});
