import { ledgerLimits, type CertifiedUpdate } from "@guts/ledger";
import { isZeroObjectId, utf8 } from "@guts/primitives";

/** Bytes of one update beside its name and ids. */
const UPDATE_OVERHEAD_BYTES = 16;
/** Bytes of a transaction's payload that ref updates may fill; the rest is for packs, options and signatures. */
const UPDATES_BYTES_MAX = Math.floor(ledgerLimits.payloadBytesMax / 2);

/**
 * The updates of one push in batches that each fit into one transaction. Deletions come first, so that `a` can make room
 * for `a/b` in an earlier batch.
 */
export function planBatches(updates: readonly CertifiedUpdate[]): readonly (readonly CertifiedUpdate[])[] {
  const deletions = updates.filter(({ newId }) => isZeroObjectId(newId));
  const others = updates.filter(({ newId }) => !isZeroObjectId(newId));
  const batches: CertifiedUpdate[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const update of [...deletions, ...others]) {
    const size = utf8(update.name).length + 2 * update.newId.length + UPDATE_OVERHEAD_BYTES;
    const last = batches.at(-1);
    if (last === undefined || bytes + size > UPDATES_BYTES_MAX || last.length >= ledgerLimits.refUpdatesPerPushMax) {
      batches.push([update]);
      bytes = size;
    } else {
      last.push(update);
      bytes += size;
    }
  }
  return batches;
}

/** Updates that certainly fit into one transaction, whatever their names. */
export const updatesPerTransactionMax = Math.min(
  ledgerLimits.refUpdatesPerPushMax,
  Math.floor(UPDATES_BYTES_MAX / (255 + 2 * 64 + UPDATE_OVERHEAD_BYTES)),
);
