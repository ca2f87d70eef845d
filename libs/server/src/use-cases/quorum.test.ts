import { expect, test } from "vitest";

import { quorumWords, tooFewValidatorsWords } from "./quorum.ts";

const state = (validatorCount: number, upCount: number) => ({
  validatorCount,
  upCount,
  neededCount: Math.floor((2 * validatorCount) / 3) + 1,
});

test.each([
  [1, 1, "the only validator is up"],
  [1, 0, "the only validator is down"],
  [3, 3, "3 of 3 validators up; none may fail"],
  [3, 2, "2 of 3 validators up; one more must come back before anything can be written"],
  [4, 4, "4 of 4 validators up; one may fail"],
  [4, 3, "3 of 4 validators up; none more may fail"],
  [7, 6, "6 of 7 validators up; one more may fail"],
  [7, 7, "7 of 7 validators up; 2 may fail"],
  [7, 3, "3 of 7 validators up; 2 more must come back before anything can be written"],
])("of %i validators %i up is said as: %s", (validatorCount, upCount, words) => {
  expect(quorumWords(state(validatorCount, upCount))).toBe(words);
});

test("a refused write says who is missing, and that reading goes on", () => {
  expect(tooFewValidatorsWords(state(4, 2))).toBe(
    "2 of 4 validators are up and 3 must agree: nothing can be written until one more is back. Reading goes on.",
  );
  expect(tooFewValidatorsWords(state(7, 3))).toContain("until 2 more are back");
});
