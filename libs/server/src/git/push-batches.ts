import { ledgerLimits, refMoveWork, type CertifiedUpdate } from "@guts/ledger";
import { isZeroObjectId, utf8 } from "@guts/primitives";
import { quorumOf, validatorCountMax } from "@guts/verifier";

/** Bytes of one update beside its name and ids. */
const UPDATE_OVERHEAD_BYTES = 16;
/** Bytes of a transaction's payload that ref updates may fill; the rest is for packs, options and signatures. */
const UPDATES_BYTES_MAX = Math.floor(ledgerLimits.payloadBytesMax / 2);
/** Work that ref updates may be; the rest is for the transaction and the signatures of the largest quorum. */
const UPDATES_WORK_MAX =
  ledgerLimits.blockWorkMax -
  ledgerLimits.transactionWork -
  ledgerLimits.examinationWork -
  ledgerLimits.verificationWork * quorumOf(validatorCountMax);
/** Parts of the longest name: a slash and one byte each. */
const NAME_PARTS_MAX = 128;

/**
 * The updates of one push in batches that each fit into one transaction. Deletions come first, so that `a` can make room
 * for `a/b` in an earlier batch.
 */
export function planBatches(updates: readonly CertifiedUpdate[]): readonly (readonly CertifiedUpdate[])[] {
  const deletions = updates.filter(({ newId }) => isZeroObjectId(newId));
  const others = updates.filter(({ newId }) => !isZeroObjectId(newId));
  const batches: CertifiedUpdate[][] = [];
  let room = { bytes: 0, work: 0, count: 0 };
  for (const update of [...deletions, ...others]) {
    const bytes = utf8(update.name).length + 2 * update.newId.length + UPDATE_OVERHEAD_BYTES;
    const work = refMoveWork(update.name);
    if (room.bytes < bytes || room.work < work || room.count === 0) {
      batches.push([]);
      room = { bytes: UPDATES_BYTES_MAX, work: UPDATES_WORK_MAX, count: ledgerLimits.refUpdatesPerPushMax };
    }
    batches.at(-1)!.push(update);
    room = { bytes: room.bytes - bytes, work: room.work - work, count: room.count - 1 };
  }
  return batches;
}

/** Updates that certainly fit into one transaction, whatever their names. */
export const updatesPerTransactionMax = Math.min(
  ledgerLimits.refUpdatesPerPushMax,
  Math.floor(UPDATES_BYTES_MAX / (255 + 2 * 64 + UPDATE_OVERHEAD_BYTES)),
  Math.floor(UPDATES_WORK_MAX / (ledgerLimits.refUpdateWork + ledgerLimits.refNamePartWork * NAME_PARTS_MAX)),
);
