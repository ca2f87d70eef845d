import { expect, test } from "vitest";

import { quorumLines } from "./quorum-words.ts";

test.each([
  [1, 1, "none", undefined],
  [2, 2, "none", "warning"],
  [3, 3, "none", "note"],
  [4, 3, "one", undefined],
  [5, 4, "one", "note"],
  [7, 5, "up to 2", undefined],
  [100, 67, "up to 33", undefined],
])("of %i validators %i must agree, %s may be down or lie", (count, quorum, spare, advice) => {
  const lines = quorumLines(count);
  expect(lines[0]).toContain(`${count}, of whom ${quorum} must agree`);
  expect(lines[1]).toContain(`down       ${spare} may`);
  expect(lines[2]).toContain(`lying      ${spare} may`);
  expect(lines[3]?.split(" ")[0]).toBe(advice);
});
