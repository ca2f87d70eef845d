/** Dense numbers for things, the same on every node. */
import type { Overlay } from "./state.ts";
import { readRow, writeRow } from "./table.ts";
import { counters, counterTable } from "./tables.ts";

/** Takes the next number of a class; the first is 1. */
export function nextNumber(state: Overlay, counter: keyof typeof counters): number {
  const number = (readRow(state, counterTable, counters[counter]) ?? 0) + 1;
  writeRow(state, counterTable, counters[counter], number);
  return number;
}
