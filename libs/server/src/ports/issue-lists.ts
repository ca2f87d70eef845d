import type { Reaction } from "@guts/collaboration";
import type { IssueEntryType, IssueKey, IssueRow, ReactionSubject } from "@guts/ledger";
import type {
  AccountId,
  CommentId,
  IssueNumber,
  LabelId,
  MilestoneNumber,
  RepositoryId,
  TimeMs,
} from "@guts/primitives";

import type { Listed, PageRequest } from "./read-model.ts";

/** Which issues and pull requests of a repository. What is undefined does not matter. */
export interface IssueFilter {
  readonly repository: RepositoryId;
  readonly kind?: IssueRow["kind"] | undefined;
  readonly isClosed?: boolean | undefined;
  readonly labels?: readonly LabelId[] | undefined;
  readonly withoutLabels?: readonly LabelId[] | undefined;
  readonly author?: AccountId | undefined;
  readonly assignee?: AccountId | "none" | "any" | undefined;
  readonly mentioned?: AccountId | undefined;
  readonly commenter?: AccountId | undefined;
  readonly milestone?: MilestoneNumber | "none" | "any" | undefined;
  readonly since?: TimeMs | undefined;
  /** Words that the title has, in any case. */
  readonly words?: readonly string[] | undefined;
}

/** How many are open and closed. */
export interface OpenAndClosed {
  readonly open: number;
  readonly closed: number;
}

/** One entry of a timeline. A title is undefined when it was erased. */
export interface TimelineItem {
  readonly issue: IssueKey;
  readonly sequence: number;
  /** Its place among the entries of its event. */
  readonly ordinal: number;
  readonly type: IssueEntryType;
  readonly actor: AccountId;
  readonly time: TimeMs;
  readonly label: { readonly name: string; readonly color: string } | undefined;
  readonly account: AccountId | undefined;
  readonly milestone: { readonly number: MilestoneNumber; readonly title: string | undefined } | undefined;
  readonly comment: CommentId | undefined;
  readonly titleBefore: string | undefined;
  readonly titleAfter: string | undefined;
  readonly reason: string | undefined;
  readonly other: IssueKey | undefined;
}

/** A reaction in a list. */
export interface ReactionItem {
  readonly id: number;
  readonly content: Reaction;
  readonly account: AccountId;
  readonly createdTime: TimeMs;
}

type Direction = "asc" | "desc";

/** Lists of issues, as numbers: handlers read the things themselves from the state. */
export interface IssueLists {
  issues(
    query: IssueFilter &
      PageRequest & { readonly sort: "created" | "updated" | "comments"; readonly direction: Direction },
    signal: AbortSignal,
  ): Promise<Listed<IssueNumber>>;
  /** The filter's own `isClosed` does not matter. */
  counts(filter: IssueFilter, signal: AbortSignal): Promise<OpenAndClosed>;
  /** In the order in which they were pinned. */
  pinned(repository: RepositoryId, signal: AbortSignal): Promise<readonly IssueNumber[]>;
  comments(
    query: PageRequest & {
      readonly repository: RepositoryId;
      readonly number?: IssueNumber | undefined;
      readonly since?: TimeMs | undefined;
      readonly sort: "created" | "updated";
      readonly direction: Direction;
    },
    signal: AbortSignal,
  ): Promise<Listed<CommentId>>;
  /** Author and commenters, by account number. */
  participants(issue: IssueKey, signal: AbortSignal): Promise<readonly AccountId[]>;
  milestones(
    query: PageRequest & {
      readonly repository: RepositoryId;
      readonly isClosed?: boolean | undefined;
      readonly sort: "due_on" | "completeness";
      readonly direction: Direction;
    },
    signal: AbortSignal,
  ): Promise<Listed<MilestoneNumber>>;
  milestoneNamed(repository: RepositoryId, title: string, signal: AbortSignal): Promise<MilestoneNumber | undefined>;
  milestoneCounts(
    repository: RepositoryId,
    milestones: readonly MilestoneNumber[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<MilestoneNumber, OpenAndClosed>>;
  reactions(
    query: PageRequest & { readonly subject: ReactionSubject; readonly content?: Reaction | undefined },
    signal: AbortSignal,
  ): Promise<Listed<ReactionItem>>;
  /** Of one page of subjects, in their order. */
  reactionCounts(
    subjects: readonly ReactionSubject[],
    signal: AbortSignal,
  ): Promise<readonly ReadonlyMap<Reaction, number>[]>;
  /** `all` has comments, and references from issues that the viewer may read; `events` has neither. */
  entries(
    query: PageRequest & {
      readonly repository: RepositoryId;
      readonly number?: IssueNumber | undefined;
      readonly list: "all" | "events";
      readonly viewer: AccountId | undefined;
      readonly direction: Direction;
    },
    signal: AbortSignal,
  ): Promise<Listed<TimelineItem>>;
}
