/** What an issue and a pull request begin with. */
import type { IssueNumber, RepositoryId } from "@guts/primitives";
import { issueTable, type IssueRow } from "./issue-tables.ts";
import type { ActContext } from "./kind.ts";
import { nextNumber } from "./numbering.ts";
import { writeRow } from "./table.ts";
import { addToTally, tallyOf } from "./tally.ts";

/** What its author says. */
type NewIssue = Pick<IssueRow, "kind" | "title" | "body" | "milestone"> & { readonly repository: RepositoryId };

/** Writes the row, by the next number of the repository, which issues and pull requests share. */
export function createIssue(
  { state, actor, time, height }: ActContext,
  { repository, ...said }: NewIssue,
): { readonly number: IssueNumber; readonly id: number } {
  addToTally(state, "issueNumbers", repository, 1);
  const number = tallyOf(state, "issueNumbers", repository) as IssueNumber;
  const id = nextNumber(state, "issue");
  const row = {
    id,
    author: actor,
    closed: undefined,
    lock: undefined,
    pinnedTime: undefined,
    commentCount: 0,
    createdTime: time,
    createdHeight: height,
    updatedTime: time,
    ...said,
  };
  writeRow(state, issueTable, { repository, number }, row);
  return { number, id };
}
