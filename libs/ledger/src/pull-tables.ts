/** Entries of pull requests, version 1. What they share with issues stands in the issue's rows. */
import {
  accountIdCodec,
  bool,
  heightCodec,
  issueNumberCodec,
  oneOf,
  option,
  repositoryIdCodec,
  struct,
  timeCodec,
  u16,
  u32,
  type Codec,
  type Decoded,
} from "@guts/primitives";
import { issueKeyCodec } from "./issue-tables.ts";
import { objectIdCodec, refNameCodec } from "./ref-codecs.ts";
import { defineTable } from "./table.ts";

/** How a branch takes in another. */
export type MergeMethod = "merge" | "squash" | "rebase" | "fast-forward";
export const mergeMethodCodec: Codec<MergeMethod> = oneOf({ merge: 1, squash: 2, rebase: 3, "fast-forward": 4 });

/** A branch of a repository. */
export const branchCodec = struct({ repository: repositoryIdCodec, name: refNameCodec });

/** Pull requests, beside their issue row. */
export const pullTable = defineTable("pull", 0x7a, {
  key: issueKeyCodec,
  value: struct({
    /** The branch that is asked to be taken in. */
    head: branchCodec,
    /** The branch of the issue's repository that is to take it in, by the name it had then. */
    base: refNameCodec,
    isDraft: bool,
    /** Rounds so far: how often the head has been somewhere else. The newest says where it is. */
    roundCount: u32,
    merged: option(
      struct({
        by: accountIdCodec,
        time: timeCodec,
        height: heightCodec,
        method: mergeMethodCodec,
        /** Where the base branch was, and where the merge took it. */
        baseId: objectIdCodec,
        resultId: objectIdCodec,
      }),
    ),
  }),
});
/** A pull request's row. */
export type PullRow = Decoded<(typeof pullTable)["value"]>;

/** Every commit that the head of a pull request has been at, from round 1. */
export const pullRoundTable = defineTable("pull-round", 0x7b, {
  key: struct({ repository: repositoryIdCodec, number: issueNumberCodec, round: u32 }),
  value: struct({
    headId: objectIdCodec,
    /** Where the base branch was then; undefined when there was none. */
    baseId: option(objectIdCodec),
    by: accountIdCodec,
    time: timeCodec,
    height: heightCodec,
  }),
});
/** A round's row. */
export type PullRoundRow = Decoded<(typeof pullRoundTable)["value"]>;

/** Open pull requests by the branch that they follow. */
export const pullHeadTable = defineTable("pull-head", 0x7c, {
  key: struct({ head: branchCodec, pull: issueKeyCodec }),
  value: struct({}),
});

/** What a merge is certified to be: the result of this method and strategy on the ref's old value and this head. */
export const mergeFactCodec = struct({
  strategy: u16,
  method: mergeMethodCodec,
  head: objectIdCodec,
  /** The head contains the branch as it was. */
  isUpToDate: bool,
});
/** The same as a value. */
export type MergeFact = Decoded<typeof mergeFactCodec>;
