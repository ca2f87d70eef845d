import { parseObjectId, type ObjectId, type RepositoryId } from "@guts/primitives";
import { expect, test } from "vitest";

import { CommitCounts, countedCommitsMax, countsPerAnswerMax, type CommitRange } from "./commit-counts.ts";

const idOf = (number: number): ObjectId => parseObjectId(number.toString(16).padStart(40, "0"), "sha1")!;
const range = (number: number): CommitRange => ({
  repository: 1 as RepositoryId,
  base: idOf(0),
  head: idOf(number + 1),
});
const { signal } = new AbortController();

/** Counts that git answers by a function, and how often it was asked. */
function countsBy(answer: (head: ObjectId, signal: AbortSignal) => Promise<number | undefined>) {
  const asked: ObjectId[] = [];
  const countNewCommits = (_id: RepositoryId, options: { head: ObjectId; countMax: number; signal: AbortSignal }) => {
    expect(options.countMax).toBe(countedCommitsMax + 1);
    asked.push(options.head);
    return answer(options.head, options.signal);
  };
  return { counts: new CommitCounts({ countNewCommits }), asked };
}

test("git is asked once for a push, whoever looks at it", async () => {
  const { counts, asked } = countsBy(() => Promise.resolve(3));
  expect(await counts.forAnswer(signal)(range(1))).toBe(3);
  expect(await counts.forAnswer(signal)(range(1))).toBe(3);
  expect(asked).toHaveLength(1);
});

test("an answer asks for a bounded number; the next one for those that are left", async () => {
  const { counts, asked } = countsBy(() => Promise.resolve(1));
  const ranges = Array.from({ length: countsPerAnswerMax + 5 }, (_, index) => range(index));
  const first = await Promise.all(ranges.map(counts.forAnswer(signal)));
  expect(first.filter((count) => count === undefined)).toHaveLength(5);
  expect(await Promise.all(ranges.map(counts.forAnswer(signal)))).not.toContain(undefined);
  expect(asked).toHaveLength(countsPerAnswerMax + 5);
});

test("an answer waits for a moment only, and git is told to stop", async () => {
  const { counts } = countsBy(
    (_head, patience) =>
      new Promise((_resolve, reject) => patience.addEventListener("abort", () => reject(patience.reason as Error))),
  );
  expect(await counts.forAnswer(signal)(range(1))).toBeUndefined();
});

test("what git could not say is asked again", async () => {
  const answers = [Promise.resolve(undefined), Promise.resolve(7)];
  const { counts } = countsBy(() => answers.shift()!);
  expect([await counts.forAnswer(signal)(range(1)), await counts.forAnswer(signal)(range(1))]).toEqual([undefined, 7]);
});
