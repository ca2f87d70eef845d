/** Entries of issues and of what pull requests share with them, version 1. */
import {
  accountIdCodec,
  commentIdCodec,
  fixed,
  fromHex,
  heightCodec,
  issueNumberCodec,
  labelIdCodec,
  mapped,
  milestoneNumberCodec,
  oneOf,
  option,
  repositoryIdCodec,
  restText,
  struct,
  text,
  timeCodec,
  toHex,
  u64,
  union,
  type Codec,
  type Decoded,
} from "@guts/primitives";
import {
  foldLabelName,
  labelNameBytesMax,
  parseLabelColor,
  parseLabelName,
  type CloseReason,
  type FoldedLabelName,
  type HideReason,
  type LabelColor,
  type LabelName,
  type LockReason,
  type Reaction,
} from "@guts/collaboration";
import { contentRefCodec } from "./content.ts";
import { defineTable } from "./table.ts";

export const closeReasonCodec: Codec<CloseReason> = oneOf({ completed: 1, not_planned: 2, duplicate: 3 });
export const lockReasonCodec: Codec<LockReason> = oneOf({
  none: 1,
  "off-topic": 2,
  "too heated": 3,
  resolved: 4,
  spam: 5,
});
export const hideReasonCodec: Codec<HideReason> = oneOf({
  abuse: 1,
  "off-topic": 2,
  outdated: 3,
  resolved: 4,
  duplicate: 5,
  spam: 6,
});
export const reactionCodec: Codec<Reaction> = oneOf({
  "+1": 1,
  "-1": 2,
  laugh: 3,
  hooray: 4,
  confused: 5,
  heart: 6,
  rocket: 7,
  eyes: 8,
});
export const labelNameCodec: Codec<LabelName> = mapped(text(labelNameBytesMax), parseLabelName, (name) => name);
export const labelColorCodec: Codec<LabelColor> = mapped(
  fixed(3),
  (bytes) => parseLabelColor(toHex(bytes)),
  (color) => fromHex(color)!,
);
const foldedLabelNameCodec: Codec<FoldedLabelName> = mapped(
  restText(labelNameBytesMax),
  (name) => (parseLabelName(name) === undefined ? undefined : sameIfFolded(name as LabelName)),
  (name) => name,
);
const nothing = struct({});

/** An issue or pull request by its place. */
export const issueKeyCodec = struct({ repository: repositoryIdCodec, number: issueNumberCodec });
/** Where an issue or pull request is. */
export type IssueKey = Decoded<typeof issueKeyCodec>;

/** Issues, and what pull requests have in common with them. */
export const issueTable = defineTable("issue", 0x70, {
  key: issueKeyCodec,
  value: struct({
    /** Dense over the network. */
    id: u64,
    kind: oneOf({ issue: 1, pull: 2 }),
    author: accountIdCodec,
    title: contentRefCodec,
    body: option(contentRefCodec),
    closed: option(
      struct({
        reason: closeReasonCodec,
        duplicateOf: option(issueKeyCodec),
        by: accountIdCodec,
        time: timeCodec,
      }),
    ),
    lock: option(lockReasonCodec),
    milestone: option(milestoneNumberCodec),
    pinnedTime: option(timeCodec),
    commentCount: u64,
    createdTime: timeCodec,
    createdHeight: heightCodec,
    updatedTime: timeCodec,
  }),
});
/** An issue's row. */
export type IssueRow = Decoded<(typeof issueTable)["value"]>;

/** Labels of issues. A label that was deleted since counts as none. */
export const issueLabelTable = defineTable("issue-label", 0x71, {
  key: struct({ repository: repositoryIdCodec, number: issueNumberCodec, label: labelIdCodec }),
  value: nothing,
});

/** Who is to work on an issue. */
export const issueAssigneeTable = defineTable("issue-assignee", 0x72, {
  key: struct({ repository: repositoryIdCodec, number: issueNumberCodec, account: accountIdCodec }),
  value: nothing,
});

/** Labels of repositories. */
export const labelTable = defineTable("label", 0x73, {
  key: struct({ repository: repositoryIdCodec, label: labelIdCodec }),
  value: struct({ name: labelNameCodec, color: labelColorCodec, description: option(contentRefCodec) }),
});
/** A label's row. */
export type LabelRow = Decoded<(typeof labelTable)["value"]>;

/** Labels of a repository by name. */
export const labelNameTable = defineTable("label-name", 0x74, {
  key: struct({ repository: repositoryIdCodec, name: foldedLabelNameCodec }),
  value: labelIdCodec,
});

/** Milestones. An issue whose milestone was deleted since has none. */
export const milestoneTable = defineTable("milestone", 0x75, {
  key: struct({ repository: repositoryIdCodec, milestone: milestoneNumberCodec }),
  value: struct({
    id: u64,
    creator: accountIdCodec,
    title: contentRefCodec,
    description: option(contentRefCodec),
    dueTime: option(timeCodec),
    closedTime: option(timeCodec),
    createdTime: timeCodec,
    updatedTime: timeCodec,
  }),
});
/** A milestone's row. */
export type MilestoneRow = Decoded<(typeof milestoneTable)["value"]>;

/** Comments on issues and pull requests. */
export const commentTable = defineTable("comment", 0x76, {
  key: commentIdCodec,
  value: struct({
    repository: repositoryIdCodec,
    number: issueNumberCodec,
    author: accountIdCodec,
    body: contentRefCodec,
    hidden: option(hideReasonCodec),
    createdTime: timeCodec,
    createdHeight: heightCodec,
    updatedTime: timeCodec,
  }),
});
/** A comment's row. */
export type CommentRow = Decoded<(typeof commentTable)["value"]>;

/** Comments by issue: the index of the table above. */
export const issueCommentTable = defineTable("issue-comment", 0x77, {
  key: struct({ repository: repositoryIdCodec, number: issueNumberCodec, comment: commentIdCodec }),
  value: nothing,
});

/** What is reacted to. */
export const reactionSubjectCodec = union({
  issue: [1, issueKeyCodec],
  comment: [2, struct({ comment: commentIdCodec })],
});
/** An issue or a comment. */
export type ReactionSubject = Decoded<typeof reactionSubjectCodec>;

/** Reactions: each person once with each. */
export const reactionTable = defineTable("reaction", 0x78, {
  key: struct({ subject: reactionSubjectCodec, content: reactionCodec, account: accountIdCodec }),
  value: struct({ id: u64, createdTime: timeCodec }),
});
/** Whose reaction to what. */
export type ReactionKey = Decoded<(typeof reactionTable)["key"]>;
/** A reaction's row. */
export type ReactionRow = Decoded<(typeof reactionTable)["value"]>;

function sameIfFolded(name: LabelName): FoldedLabelName | undefined {
  const folded = foldLabelName(name);
  return (folded as string) === name ? folded : undefined;
}
