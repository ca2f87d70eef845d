/** Milestones of a repository: make, change, close, delete. */
import {
  bool,
  milestoneNumberCodec,
  option,
  repositoryIdCodec,
  struct,
  timeCodec,
  u64,
  type MilestoneNumber,
} from "@guts/primitives";
import { changedText, contentRefCodec, textChangeCodec } from "../content.ts";
import { milestoneTable } from "../issue-tables.ts";
import { applied, boundedRefs, defineKind, rejected, repositoryScope } from "../kind.ts";
import { bodyBytesMax, milestonesPerRepositoryMax, titleBytesMax } from "../limits.ts";
import { nextNumber } from "../numbering.ts";
import { openRepository } from "../repository-act.ts";
import { readRow, removeRow, writeRow } from "../table.ts";
import { addToTally, tallyOf } from "../tally.ts";

/** Makes a milestone. */
export const milestoneCreate = defineKind({
  tag: 143,
  payload: struct({
    repository: repositoryIdCodec,
    title: contentRefCodec,
    description: option(contentRefCodec),
    dueTime: option(timeCodec),
  }),
  result: struct({ milestone: milestoneNumberCodec, id: u64 }),
  authority: "any",
  contents: ({ title, description }) => [
    ...boundedRefs([title], titleBytesMax),
    ...boundedRefs([description], bodyBytesMax),
  ],
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository, title, description, dueTime }) => {
    const opened = openRepository(context, repository, "moderate");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const { state, actor: creator, time } = context;
    if (tallyOf(state, "milestoneNumbers", repository) >= milestonesPerRepositoryMax)
      return rejected("milestone-limit");
    addToTally(state, "milestoneNumbers", repository, 1);
    const milestone = tallyOf(state, "milestoneNumbers", repository) as MilestoneNumber;
    const id = nextNumber(state, "milestone");
    const times = { closedTime: undefined, createdTime: time, updatedTime: time };
    writeRow(state, milestoneTable, { repository, milestone }, { id, creator, title, description, dueTime, ...times });
    return applied({ milestone, id });
  },
});

/** Changes what is given; an absent field stays. */
export const milestoneUpdate = defineKind({
  tag: 144,
  payload: struct({
    repository: repositoryIdCodec,
    milestone: milestoneNumberCodec,
    title: option(contentRefCodec),
    description: textChangeCodec,
    dueTime: option(struct({ value: option(timeCodec) })),
    isClosed: option(bool),
  }),
  result: struct({}),
  authority: "any",
  contents: ({ title, description }) => [
    ...boundedRefs([title], titleBytesMax),
    ...boundedRefs([description?.value], bodyBytesMax),
  ],
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository, milestone, title, description, dueTime, isClosed }) => {
    const opened = openRepository(context, repository, "moderate");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const before = readRow(context.state, milestoneTable, { repository, milestone });
    if (before === undefined) return rejected("milestone-unknown");
    const closedTime =
      isClosed === undefined ? before.closedTime : isClosed ? (before.closedTime ?? context.time) : undefined;
    writeRow(
      context.state,
      milestoneTable,
      { repository, milestone },
      {
        ...before,
        title: title ?? before.title,
        description: changedText(before.description, description),
        dueTime: dueTime === undefined ? before.dueTime : dueTime.value,
        closedTime,
        updatedTime: context.time,
      },
    );
    return applied({});
  },
});

/** Deletes a milestone. Issues that had it have none; its number is not given again. */
export const milestoneDelete = defineKind({
  tag: 145,
  payload: struct({ repository: repositoryIdCodec, milestone: milestoneNumberCodec }),
  result: struct({}),
  authority: "any",
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository, milestone }) => {
    const opened = openRepository(context, repository, "moderate");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    if (readRow(context.state, milestoneTable, { repository, milestone }) === undefined)
      return rejected("milestone-unknown");
    removeRow(context.state, milestoneTable, { repository, milestone });
    return applied({});
  },
});
