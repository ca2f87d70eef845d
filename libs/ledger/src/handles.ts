/** The one namespace of people's and organizations' names. */
import { foldName, type AccountId, type Handle } from "@guts/primitives";
import type { ActContext } from "./kind.ts";
import { handlesPerAccountMax } from "./limits.ts";
import type { RejectionCode } from "./rejection.ts";
import { readRow, writeRow } from "./table.ts";
import * as tables from "./tables.ts";
import { addToTally, tallyOf } from "./tally.ts";

/** Gives an account another handle; the former one redirects and stays with it. Why not, or undefined. */
export function renameAccount(
  { state, time }: ActContext,
  account: AccountId,
  handle: Handle,
): RejectionCode | undefined {
  const row = readRow(state, tables.accountTable, account)!;
  if (row.handle === handle) return "already-so";
  const taken = readRow(state, tables.handleTable, foldName(handle));
  if (taken !== undefined && taken.account !== account) return "handle-taken";
  if (taken === undefined && tallyOf(state, "handles", account) >= handlesPerAccountMax) return "handle-limit";
  writeRow(state, tables.handleTable, foldName(row.handle), { account, state: "former" });
  writeRow(state, tables.handleTable, foldName(handle), { account, state: "current" });
  if (taken === undefined) addToTally(state, "handles", account, 1);
  writeRow(state, tables.accountTable, account, { ...row, handle, updatedTime: time });
  return undefined;
}
