/** Lists of issues straight from the state and the events, for tests of the doors. */
import { reactions, type Reaction } from "@guts/collaboration";
import { permits } from "@guts/governance";
import {
  issueEntriesOf,
  scanRows,
  tables,
  type ContentRef,
  type Issue,
  type IssueEntry,
  type IssueKey,
  type LedgerEvent,
  type ReactionSubject,
} from "@guts/ledger";
import type { AccountId, CommentId, IssueNumber, LabelId, MilestoneNumber, RepositoryId } from "@guts/primitives";

import type {
  IssueFilter,
  IssueLists,
  Ledger,
  Listed,
  OpenAndClosed,
  PageRequest,
  ReactionItem,
  TimelineItem,
} from "../ports/index.ts";
import { slicePage } from "../rest/paging.ts";
import { permissionOf } from "../use-cases/permission.ts";

type QueryOf<Name extends keyof IssueLists> = Parameters<IssueLists[Name]>[0];

/** Lists that never lag. */
export class MemoryIssueLists implements IssueLists {
  readonly #ledger: Ledger;
  readonly #events: readonly LedgerEvent[];

  constructor(ledger: Ledger, events: readonly LedgerEvent[]) {
    this.#ledger = ledger;
    this.#events = events;
  }

  issues(query: QueryOf<"issues">): Promise<Listed<IssueNumber>> {
    const key = { created: "number", updated: "updatedTime", comments: "commentCount" } as const;
    const found = this.#matching(query).toSorted(
      (left, right) => left[key[query.sort]] - right[key[query.sort]] || left.number - right.number,
    );
    return paged(
      ordered(found, query).map(({ number }) => number),
      query,
    );
  }

  counts(filter: IssueFilter): Promise<OpenAndClosed> {
    return Promise.resolve(countsOf(this.#matching({ ...filter, isClosed: undefined })));
  }

  pinned(repository: RepositoryId): Promise<readonly IssueNumber[]> {
    const found = this.#matching({ repository }).filter(({ pinnedTime }) => pinnedTime !== undefined);
    return Promise.resolve(found.toSorted((a, b) => a.pinnedTime! - b.pinnedTime!).map(({ number }) => number));
  }

  comments(query: QueryOf<"comments">): Promise<Listed<CommentId>> {
    const { repository, number, since } = query;
    const found = [...scanRows(this.#state.reader, tables.commentTable)].filter(
      ([, row]) =>
        row.repository === repository &&
        (number === undefined || row.number === number) &&
        (since === undefined || row.updatedTime >= since),
    );
    return paged(
      ordered(found, query).map(([id]) => id),
      query,
    );
  }

  participants({ repository, number }: IssueKey): Promise<readonly AccountId[]> {
    const author = this.#state.issues.issue({ repository, number })?.author;
    const comments = [...scanRows(this.#state.reader, tables.commentTable)].filter(
      ([, row]) => row.repository === repository && row.number === number,
    );
    const people = new Set([...(author === undefined ? [] : [author]), ...comments.map(([, row]) => row.author)]);
    return Promise.resolve([...people].toSorted((left, right) => left - right));
  }

  milestones(query: QueryOf<"milestones">): Promise<Listed<MilestoneNumber>> {
    const found = [...scanRows(this.#state.reader, tables.milestoneTable)].filter(
      ([{ repository }, { closedTime }]) =>
        repository === query.repository &&
        (query.isClosed === undefined || query.isClosed === (closedTime !== undefined)),
    );
    return paged(
      ordered(found, query).map(([{ milestone }]) => milestone),
      query,
    );
  }

  milestoneNamed(repository: RepositoryId, title: string): Promise<MilestoneNumber | undefined> {
    const rows = [...scanRows(this.#state.reader, tables.milestoneTable)];
    const found = rows.find(([key, row]) => key.repository === repository && this.#ledger.text(row.title) === title);
    return Promise.resolve(found?.[0].milestone);
  }

  milestoneCounts(repository: RepositoryId, milestones: readonly MilestoneNumber[]) {
    const counts = milestones.map(
      (milestone) => [milestone, countsOf(this.#matching({ repository, milestone }))] as const,
    );
    return Promise.resolve(new Map(counts));
  }

  reactions(query: QueryOf<"reactions">): Promise<Listed<ReactionItem>> {
    const found = this.#reactionsTo(query.subject).filter(
      ({ content }) => query.content === undefined || content === query.content,
    );
    return paged(
      found.toSorted((left, right) => left.id - right.id),
      query,
    );
  }

  reactionCounts(subjects: readonly ReactionSubject[]): Promise<readonly ReadonlyMap<Reaction, number>[]> {
    const counts = subjects.map((subject) => {
      const found = this.#reactionsTo(subject);
      return new Map(reactions.map((content) => [content, found.filter((each) => each.content === content).length]));
    });
    return Promise.resolve(counts);
  }

  entries(query: QueryOf<"entries">): Promise<Listed<TimelineItem>> {
    const found = this.#events.flatMap((event) =>
      issueEntriesOf(event).map((entry, ordinal) => this.#itemOf(event, entry, ordinal)),
    );
    const wanted = found.filter((item, index) => this.#isWanted(item, query) && isFirstReference(found, index));
    return paged(ordered(wanted, query), query);
  }

  get #state() {
    return this.#ledger.state();
  }

  #matching(filter: IssueFilter): readonly Issue[] {
    const rows = Array.from(scanRows(this.#state.reader, tables.issueTable), ([key, row]) => ({ ...key, ...row }));
    return rows.filter((issue) => issue.repository === filter.repository && this.#fits(issue, filter));
  }

  #fits(issue: Issue, filter: IssueFilter): boolean {
    const { issues } = this.#state;
    const hasLabel = (label: LabelId): boolean => [...issues.labelsOf(issue)].some(({ id }) => id === label);
    const isTitled = (words: readonly string[]): boolean => {
      const title = this.#ledger.text(issue.title)?.toLowerCase() ?? "";
      return words.every((word) => title.includes(word.toLowerCase()));
    };
    const { kind, isClosed, author, since, mentioned, assignee, labels = [], withoutLabels = [], words = [] } = filter;
    return (
      (kind === undefined || issue.kind === kind) &&
      (isClosed === undefined || (issue.closed !== undefined) === isClosed) &&
      (author === undefined || issue.author === author) &&
      (since === undefined || issue.updatedTime >= since) &&
      fitsAny(filter.milestone, issue.milestone === undefined ? [] : [issue.milestone]) &&
      labels.every(hasLabel) &&
      !withoutLabels.some(hasLabel) &&
      (assignee === undefined || fitsAny(assignee, [...issues.assigneesOf(issue)])) &&
      (mentioned === undefined || this.#isMentioned(issue, mentioned)) &&
      (words.length === 0 || isTitled(words))
    );
  }

  #isMentioned({ repository, number }: Issue, account: AccountId): boolean {
    return this.#events.some((event) =>
      issueEntriesOf(event).some(
        ({ type, issue, account: mentioned }) =>
          type === "mentioned" && mentioned === account && issue.repository === repository && issue.number === number,
      ),
    );
  }

  #reactionsTo(subject: ReactionSubject): readonly ReactionItem[] {
    const rows = [...scanRows(this.#state.reader, tables.reactionTable)];
    const found = rows.filter(([key]) => JSON.stringify(key.subject) === JSON.stringify(subject));
    return found.map(([{ content, account }, { id, createdTime }]) => ({ id, content, account, createdTime }));
  }

  #itemOf(event: LedgerEvent, entry: IssueEntry, ordinal: number): TimelineItem {
    const { issues } = this.#state;
    const { issue, type, title, reason, other, comment, account } = entry;
    const label = entry.label && issues.label(issue.repository, entry.label);
    const textOf = (ref: ContentRef | undefined) => ref && this.#ledger.text(ref);
    const row = entry.milestone && issues.milestone(issue.repository, entry.milestone);
    return {
      ...{ issue, type, reason, other, comment, account, ordinal },
      sequence: event.sequence,
      actor: event.actor,
      time: event.time,
      label: label || undefined,
      milestone: entry.milestone && { number: entry.milestone, title: row ? textOf(row.title) : undefined },
      titleBefore: textOf(title?.before),
      titleAfter: textOf(title?.after),
    };
  }

  #isWanted(item: TimelineItem, { repository, number, list, viewer }: QueryOf<"entries">): boolean {
    if (item.issue.repository !== repository || (number !== undefined && item.issue.number !== number)) return false;
    const elsewhere = item.other && this.#state.repository(item.other.repository);
    const seesOther = elsewhere === undefined || permits(permissionOf(this.#state, elsewhere, viewer), "read");
    if (list === "events") return seesOther && item.type !== "commented" && item.type !== "cross-referenced";
    const isThere = item.comment !== undefined && this.#state.issues.comment(item.comment) !== undefined;
    return seesOther && (item.type !== "commented" || isThere);
  }
}

/** Whether something that may be `any` or `none` is what there is. */
function fitsAny<Item>(wanted: Item | "none" | "any" | undefined, held: readonly Item[]): boolean {
  if (wanted === undefined) return true;
  if (wanted === "none") return held.length === 0;
  return wanted === "any" ? held.length > 0 : held.includes(wanted);
}

function isFirstReference(items: readonly TimelineItem[], index: number): boolean {
  const { type, issue, other } = items[index]!;
  if (type !== "cross-referenced") return true;
  const name = (item: TimelineItem) => JSON.stringify([item.type, item.issue, item.other]);
  return items.findIndex((item) => name(item) === JSON.stringify([type, issue, other])) === index;
}

function countsOf(issues: readonly Issue[]): OpenAndClosed {
  const closed = issues.filter((issue) => issue.closed !== undefined).length;
  return { open: issues.length - closed, closed };
}

function ordered<Item>(items: readonly Item[], { direction }: { readonly direction: "asc" | "desc" }): readonly Item[] {
  return direction === "asc" ? items : items.toReversed();
}

function paged<Item>(items: readonly Item[], page: PageRequest): Promise<Listed<Item>> {
  return Promise.resolve(slicePage(items, page));
}
