import { encode, parseRefName, type ObjectId } from "@guts/primitives";
import { certifiedUpdateCodec, ledgerLimits, type CertifiedUpdate } from "@guts/ledger";
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { planBatches, updatesPerTransactionMax } from "./push-batches.ts";

const id = (digit: string, length: 40 | 64) => digit.repeat(length) as ObjectId;
const update = (name: string, options: { isDeletion: boolean; length: 40 | 64 }): CertifiedUpdate => ({
  name: parseRefName(`refs/heads/${name}`)!,
  oldId: id("1", options.length),
  newId: id(options.isDeletion ? "0" : "2", options.length),
  isFastForward: false,
  newType: options.isDeletion ? "none" : "commit",
});

const updates = fc.array(
  fc.record({
    name: fc.stringMatching(/^[a-z]{1,200}$/),
    isDeletion: fc.boolean(),
    length: fc.constantFrom<40 | 64>(40, 64),
  }),
  { maxLength: 5_000 },
);

test("every update is in one batch, every batch fits into a transaction, deletions come first", () => {
  fc.assert(
    fc.property(updates, (specs) => {
      const all = specs.map(({ name, ...options }) => update(name, options));
      const batches = planBatches(all);
      expect(batches.flat().length).toBe(all.length);
      for (const batch of batches) {
        const bytes = batch.reduce((sum, member) => sum + encode(certifiedUpdateCodec, member).length, 0);
        expect(bytes).toBeLessThan(ledgerLimits.payloadBytesMax);
        expect(batch.length).toBeLessThanOrEqual(ledgerLimits.refUpdatesPerPushMax);
      }
      const kinds = batches.flat().map(({ newType }) => newType);
      expect(kinds.lastIndexOf("none")).toBeLessThan(kinds.includes("commit") ? kinds.indexOf("commit") : kinds.length);
    }),
    { numRuns: 20 },
  );
});

test("the promised number of updates always fits", () => {
  const longest = Array.from({ length: updatesPerTransactionMax }, (_, index) =>
    update(String(index).padStart(244, "x"), { isDeletion: false, length: 64 }),
  );
  expect(planBatches(longest)).toHaveLength(1);
});
