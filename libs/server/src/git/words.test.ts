import { parseDigest, parseHeight, type TimeMs } from "@guts/primitives";
import { expect, test } from "vitest";

import { finalWords, outcomeWords } from "./words.ts";

const height = parseHeight(42)!;

test("a push ends with its height, and with the validators where there are several", () => {
  expect(finalWords(height, { validatorCount: 1, signerCount: 1, storedCount: 1 })).toBe("Final at height 42.");
  expect(finalWords(height, { validatorCount: 4, signerCount: 3, storedCount: 4 })).toBe(
    "Final at height 42: signed by 3 of 4 validators, objects stored by 4.",
  );
});

test("a push that cannot be written says who is missing; one that is under way, until when and under which id", () => {
  const quorum = { validatorCount: 3, upCount: 1, neededCount: 3 };
  expect(outcomeWords({ outcome: "refused", rejection: "validators-missing", quorum })).toMatch(
    /until 2 more are back/,
  );
  expect(outcomeWords({ outcome: "refused", rejection: "ref-stale" })).toMatch(/^fetch first/);
  const transactionId = parseDigest(new Uint8Array(32).fill(0xab))!;
  const words = outcomeWords({ outcome: "unknown", transactionId, untilTime: 0 as TimeMs });
  expect(words).toMatch(/until 00:00:00 UTC \(transaction abababababababab\)/);
  expect(words).not.toContain("\n");
});
