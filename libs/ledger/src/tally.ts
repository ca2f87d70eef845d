/** How many rows belong to an account or repository, kept so that a limit costs one read however many there are. */
import { assert } from "@guts/primitives";
import type { Overlay, StateReader } from "./state.ts";
import { readRow, removeRow, writeRow } from "./table.ts";
import { tallyTable, type TallyName } from "./tables.ts";

/** The count, 0 when nothing was added. */
export function tallyOf(state: StateReader, of: TallyName, id: number): number {
  return readRow(state, tallyTable, { of, id }) ?? 0;
}

/** Adds `change` to the count. A count of 0 has no row. */
export function addToTally(state: Overlay, of: TallyName, id: number, change: 1 | -1): void {
  const count = tallyOf(state, of, id) + change;
  assert(count >= 0, `tally ${of} of ${id} is below zero`);
  if (count === 0) removeRow(state, tallyTable, { of, id });
  else writeRow(state, tallyTable, { of, id }, count);
}
