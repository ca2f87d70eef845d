/** What says that a repository is a fork. */
import type { RepositoryId } from "@guts/primitives";
import type { Repository } from "../forge-state.ts";
import type { ActContext } from "../kind.ts";
import { readRow, removeRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { addToTally } from "../tally.ts";

/** Notes what a new repository was forked from. */
export function writeFork({ state, forge, time }: ActContext, repository: RepositoryId, parent: Repository): void {
  const root = forge.standing.fork(parent.id)?.root ?? parent.id;
  const isOfPrivate = parent.visibility === "private";
  writeRow(state, tables.forkTable, repository, { parent: parent.id, root, forkedTime: time, isOfPrivate });
  addToTally(state, "forks", parent.id, 1);
}

/** Forgets of a repository that goes what it was forked from. Its own forks keep saying that they are. */
export function removeFork(context: ActContext, repository: RepositoryId): void {
  const row = readRow(context.state, tables.forkTable, repository);
  if (row === undefined) return;
  removeRow(context.state, tables.forkTable, repository);
  addToTally(context.state, "forks", row.parent, -1);
}
