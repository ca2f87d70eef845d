/** Names that branches had before they were renamed: who comes by one is sent to the branch as it is called now. */
import type { RefName, RepositoryId } from "@guts/primitives";
import { formerBranchesMax } from "./limits.ts";
import type { Overlay } from "./state.ts";
import { readRow, removeRow, writeRow } from "./table.ts";
import * as tables from "./tables.ts";
import { addToTally, tallyOf } from "./tally.ts";

/** A name of a branch in a repository. */
export interface BranchKey {
  readonly repository: RepositoryId;
  readonly name: RefName;
}

/** Remembers what a branch is called from now on, unless the repository remembers as many names as it may. */
export function keepFormerBranch(state: Overlay, key: BranchKey, present: RefName): void {
  if (tallyOf(state, "formerBranches", key.repository) >= formerBranchesMax) return;
  writeRow(state, tables.formerBranchTable, key, present);
  addToTally(state, "formerBranches", key.repository, 1);
}

/** Forgets a former name, because a branch has it now or the repository is gone. */
export function removeFormerBranch(state: Overlay, key: BranchKey): void {
  if (readRow(state, tables.formerBranchTable, key) === undefined) return;
  removeRow(state, tables.formerBranchTable, key);
  addToTally(state, "formerBranches", key.repository, -1);
}
