/** The questions that doors and rules ask about pull requests, answered by synchronous reads. */
import { encode, type ObjectId, type RefName, type RepositoryId } from "@guts/primitives";
import { issueKeyCodec, type IssueKey } from "./issue-tables.ts";
import type { StateReader } from "./state.ts";
import { readRow, scanRows } from "./table.ts";
import * as tables from "./pull-tables.ts";

/** A pull request with its place. */
export interface Pull extends tables.PullRow, IssueKey {}

/** A round with its number. */
export interface PullRound extends tables.PullRoundRow {
  readonly round: number;
}

/** A branch of some repository. */
export interface Branch {
  readonly repository: RepositoryId;
  readonly name: RefName;
}

/** Typed reads over pull requests in the state at one height. */
export class PullState {
  readonly #reader: StateReader;

  constructor(reader: StateReader) {
    this.#reader = reader;
  }

  pull({ repository, number }: IssueKey): Pull | undefined {
    const row = readRow(this.#reader, tables.pullTable, { repository, number });
    return row === undefined ? undefined : { repository, number, ...row };
  }

  /** Open pull requests whose head is this branch; `pullsPerHeadMax` bounds them. */
  *following(head: Branch): Iterable<Pull> {
    const within = encode(tables.branchCodec, head);
    for (const [{ pull }] of scanRows(this.#reader, tables.pullHeadTable, { within })) yield this.pull(pull)!;
  }

  /** The newest round. */
  head({ repository, number, roundCount }: Pull): PullRound {
    const key = { repository, number, round: roundCount };
    return { round: roundCount, ...readRow(this.#reader, tables.pullRoundTable, key)! };
  }

  /** Where the head is now, or was when the pull request was closed. */
  headId(pull: Pull): ObjectId {
    return this.head(pull).headId;
  }

  /** Every round, oldest first. */
  *rounds(key: IssueKey): Iterable<PullRound> {
    const within = encode(issueKeyCodec, { repository: key.repository, number: key.number });
    for (const [{ round }, row] of scanRows(this.#reader, tables.pullRoundTable, { within })) yield { round, ...row };
  }
}

/** The ref under which the head of a pull request can be fetched, also after its branch is gone. */
export function pullHeadRef(number: number): RefName {
  return `refs/pull/${number}/head` as RefName;
}
