import { encode, parseRefName, type ObjectId } from "@guts/primitives";
import { certifiedUpdateCodec, kindOf, ledgerLimits, type CertifiedUpdate, type PayloadOf } from "@guts/ledger";
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { planBatches, updatesPerTransactionMax } from "./push-batches.ts";

const id = (digit: string, length: 40 | 64) => digit.repeat(length) as ObjectId;
const update = (name: string, options: { isDeletion: boolean; length: 40 | 64 }): CertifiedUpdate => ({
  name: parseRefName(`refs/heads/${name}`)!,
  oldId: id("1", options.length),
  newId: id(options.isDeletion ? "0" : "2", options.length),
  isFastForward: false,
  hasMerges: false,
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

test("the work of a batch fits into a block, however deep the names are", () => {
  const deep = Array.from({ length: 2_000 }, (_, index) =>
    update(`${index}${"/x".repeat(100)}`, { isDeletion: false, length: 40 }),
  );
  const batches = planBatches(deep);
  const signature = { validator: 0, signature: new Uint8Array(64) };
  for (const updates of batches) {
    const payload = { updates, receipt: { signatures: Array.from({ length: 67 }, () => signature) } };
    const work = kindOf("refs.change").work!(payload as unknown as PayloadOf<"refs.change">);
    expect(work + ledgerLimits.transactionWork).toBeLessThanOrEqual(ledgerLimits.blockWorkMax);
  }
  expect(batches.flat()).toHaveLength(deep.length);
});

test("the promised number of updates always fits", () => {
  const longest = Array.from({ length: updatesPerTransactionMax }, (_, index) =>
    update(String(index).padStart(244, "x"), { isDeletion: false, length: 64 }),
  );
  const deepest = Array.from({ length: updatesPerTransactionMax }, (_, index) =>
    update(`${String(index).padStart(2, "0")}${"/x".repeat(121)}`, { isDeletion: false, length: 64 }),
  );
  expect([planBatches(longest), planBatches(deepest)]).toMatchObject([{ length: 1 }, { length: 1 }]);
});
