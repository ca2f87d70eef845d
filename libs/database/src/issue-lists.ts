import type {
  AccountId,
  CommentId,
  IssueNumber,
  LabelId,
  MilestoneNumber,
  RepositoryId,
  TimeMs,
} from "@guts/primitives";
import type { LabelColor, LabelName, Reaction } from "@guts/collaboration";
import type { IssueEntryType, IssueKey, IssueRow, ReactionSubject } from "@guts/ledger";
import type { Page, PageRequest } from "./listings.ts";

/** Which issues and pull requests of a repository. What is undefined does not matter. */
export interface IssueFilter {
  readonly repository: RepositoryId;
  readonly kind?: IssueRow["kind"] | undefined;
  readonly isClosed?: boolean | undefined;
  /** All of these, and none of those. */
  readonly labels?: readonly LabelId[] | undefined;
  readonly withoutLabels?: readonly LabelId[] | undefined;
  readonly author?: AccountId | undefined;
  readonly assignee?: AccountId | "none" | "any" | undefined;
  readonly mentioned?: AccountId | undefined;
  readonly commenter?: AccountId | undefined;
  readonly milestone?: MilestoneNumber | "none" | "any" | undefined;
  /** Changed at this time or later. */
  readonly since?: TimeMs | undefined;
  /** Words that the title has, in any case, each of them. */
  readonly words?: readonly string[] | undefined;
}

/** A page of such issues; equal places by number. */
export interface IssueQuery extends IssueFilter, PageRequest {
  readonly sort: "created" | "updated" | "comments";
  readonly direction: "asc" | "desc";
}

/** Comments of an issue, oldest first, or of a whole repository. */
export interface CommentQuery extends PageRequest {
  readonly repository: RepositoryId;
  readonly number?: IssueNumber | undefined;
  readonly since?: TimeMs | undefined;
  readonly sort: "created" | "updated";
  readonly direction: "asc" | "desc";
}

/** Milestones of a repository. `completeness` is the share of their issues that are closed. */
export interface MilestoneQuery extends PageRequest {
  readonly repository: RepositoryId;
  readonly isClosed?: boolean | undefined;
  readonly sort: "due_on" | "completeness";
  readonly direction: "asc" | "desc";
}

/** How many issues are open and closed. */
export interface IssueCounts {
  readonly open: number;
  readonly closed: number;
}

/** A reaction. */
export interface ReactionListing {
  readonly id: number;
  readonly content: Reaction;
  readonly account: AccountId;
  readonly createdTime: TimeMs;
}

/** Reactions to one subject. */
export interface ReactionQuery extends PageRequest {
  readonly subject: ReactionSubject;
  readonly content?: Reaction | undefined;
}

/** An entry of a timeline. Titles are undefined when they were erased; `label` is called as it is now, or last was. */
export interface IssueEntryListing {
  readonly issue: IssueKey;
  readonly sequence: number;
  readonly ordinal: number;
  readonly type: IssueEntryType;
  readonly actor: AccountId;
  readonly time: TimeMs;
  readonly label: { readonly id: LabelId; readonly name: LabelName; readonly color: LabelColor } | undefined;
  readonly account: AccountId | undefined;
  readonly milestone: { readonly number: MilestoneNumber; readonly title: string | undefined } | undefined;
  readonly comment: CommentId | undefined;
  readonly titleBefore: string | undefined;
  readonly titleAfter: string | undefined;
  readonly reason: string | undefined;
  readonly other: IssueKey | undefined;
}

/**
 * Entries of one issue, or of a whole repository. `all` has comments, as far as they are there, and references from issues that the
 * viewer may read; `events` has neither.
 */
export interface IssueEntryQuery extends PageRequest {
  readonly repository: RepositoryId;
  readonly number?: IssueNumber | undefined;
  readonly list: "all" | "events";
  readonly viewer: AccountId | undefined;
  readonly direction: "asc" | "desc";
}

/** Lists of issues. They give numbers alone where the state and the content log have the rest. */
export interface IssueLists {
  issues(query: IssueQuery, signal: AbortSignal): Promise<Page<IssueNumber>>;
  /** How many of the filter's issues are open and closed; its own `isClosed` does not matter. */
  counts(filter: IssueFilter, signal: AbortSignal): Promise<IssueCounts>;
  /** Pinned issues in the order in which they were pinned. */
  pinned(repository: RepositoryId, signal: AbortSignal): Promise<readonly IssueNumber[]>;
  comments(query: CommentQuery, signal: AbortSignal): Promise<Page<CommentId>>;
  /** Who took part in an issue: its author, and who commented, by account number, at most `perPageMax`. */
  participants(issue: IssueKey, signal: AbortSignal): Promise<readonly AccountId[]>;
  milestones(query: MilestoneQuery, signal: AbortSignal): Promise<Page<MilestoneNumber>>;
  milestoneNamed(repository: RepositoryId, title: string, signal: AbortSignal): Promise<MilestoneNumber | undefined>;
  /** Of at most `perPageMax` milestones; one without issues counts 0 of both. */
  milestoneCounts(
    repository: RepositoryId,
    milestones: readonly MilestoneNumber[],
    signal: AbortSignal,
  ): Promise<ReadonlyMap<MilestoneNumber, IssueCounts>>;
  /** By number, the oldest first. */
  reactions(query: ReactionQuery, signal: AbortSignal): Promise<Page<ReactionListing>>;
  /** Of at most `perPageMax` subjects, in their order: how many of each kind. */
  reactionCounts(
    subjects: readonly ReactionSubject[],
    signal: AbortSignal,
  ): Promise<readonly ReadonlyMap<Reaction, number>[]>;
  entries(query: IssueEntryQuery, signal: AbortSignal): Promise<Page<IssueEntryListing>>;
}
