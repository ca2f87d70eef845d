import { expect, test } from "vitest";

import { createRequestIds } from "./request-ids.ts";

test("ids are those that were drawn, each given once, and drawn again when they run out", () => {
  const sizes: number[] = [];
  let next = 0;
  const ids = createRequestIds((count) => {
    sizes.push(count);
    return Uint8Array.from({ length: count }, () => next++ >> 3);
  });
  const given = Array.from({ length: 200 }, () => ids());
  expect(given.slice(0, 3)).toEqual(["0000000000000000", "0101010101010101", "0202020202020202"]);
  expect(new Set(given).size).toBe(200);
  expect(sizes).toEqual([1024, 1024]);
});
