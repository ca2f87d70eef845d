/** What checks say of commits. Synchronous reads, as in `ForgeState`. */
import { encode, repositoryIdCodec, struct, type ObjectId, type RepositoryId } from "@guts/primitives";
import type { StateReader } from "./state.ts";
import { readRow, scanRows } from "./table.ts";
import * as tables from "./tables.ts";

/** The newest status of one context. */
export interface CommitStatus extends tables.CommitStatusRow {
  readonly context: string;
}

/** All contexts of a commit in one word, GitHub's: failure where one failed or could not tell, else pending where one is. */
export type CombinedState = "success" | "pending" | "failure";

const ofCommit = struct({ repository: repositoryIdCodec, commit: tables.objectIdCodec });

/** Typed reads over the state at one height. */
export class CommitStatuses {
  readonly #reader: StateReader;

  constructor(reader: StateReader) {
    this.#reader = reader;
  }

  /** The newest status of each context, by context; `statusContextsPerCommitMax` bounds them. */
  *of(repository: RepositoryId, commit: ObjectId): Iterable<CommitStatus> {
    const within = encode(ofCommit, { repository, commit });
    for (const [{ context }, row] of scanRows(this.#reader, tables.commitStatusTable, { within }))
      yield { context, ...row };
  }

  /** Which of these contexts succeeded on the commit: what a protection rule asks. */
  succeeded(repository: RepositoryId, commit: ObjectId, contexts: readonly string[]): ReadonlySet<string> {
    const isGreen = (context: string): boolean =>
      readRow(this.#reader, tables.commitStatusTable, { repository, commit, context })?.state === "success";
    return new Set(contexts.filter(isGreen));
  }

  /** Undefined where nothing was said of the commit. */
  combined(repository: RepositoryId, commit: ObjectId): CombinedState | undefined {
    const count = readRow(this.#reader, tables.statusContextsTable, { repository, commit });
    return count === undefined ? undefined : combineStates([...this.of(repository, commit)]);
  }
}

/** The statuses in one word; pending where there are none, as GitHub says. */
export function combineStates(statuses: readonly Pick<CommitStatus, "state">[]): CombinedState {
  if (statuses.some(({ state }) => state === "failure" || state === "error")) return "failure";
  return statuses.length === 0 || statuses.some(({ state }) => state === "pending") ? "pending" : "success";
}
