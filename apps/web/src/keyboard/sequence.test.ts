import { describe, expect, it } from "vitest";

import { advanceSequence } from "./sequence.ts";

const bound = ["?", "g h", "g c", "w"];

function press(...keys: string[]): readonly (string | undefined)[] {
  let pending = "";
  return keys.map((key) => {
    const step = advanceSequence(pending, key, bound);
    pending = step.pending;
    return step.matched;
  });
}

describe("advanceSequence", () => {
  it("matches single keys and sequences", () => {
    expect(press("?")).toEqual(["?"]);
    expect(press("g", "h", "w")).toEqual([undefined, "g h", "w"]);
  });

  it("starts anew with a key that does not continue", () => {
    expect(press("g", "w")).toEqual([undefined, "w"]);
    expect(press("g", "g", "c")).toEqual([undefined, undefined, "g c"]);
  });

  it("ignores keys that nothing is bound to", () => {
    expect(press("x", "g", "x", "h")).toEqual([undefined, undefined, undefined, undefined]);
  });
});
