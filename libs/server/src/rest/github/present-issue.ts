/** Issues, comments, labels, milestones and reactions in GitHub's shapes. */
import type {
  AuthorAssociation,
  IssueComment,
  Issue as IssueShape,
  Label as LabelShape,
  Milestone,
  ReactionRollup,
} from "@guts/api";
import { reactions as reactionKinds, type Reaction } from "@guts/collaboration";
import type {
  Account,
  Comment,
  ForgeState,
  Issue,
  Label,
  MilestoneRow,
  ReactionSubject,
  Repository,
} from "@guts/ledger";
import type { AccountId, MilestoneNumber } from "@guts/primitives";

import type { OpenAndClosed } from "../../ports/index.ts";
import type { Services } from "../../services.ts";
import type { LocatedRepository } from "../../use-cases/find-repository.ts";
import { textReader } from "../../use-cases/texts.ts";
import { isoTime } from "../iso-time.ts";
import { presentSimpleUser, type ReadText } from "./present-user.ts";
import { nodeIdOf, Urls } from "./urls.ts";

/** What issues are shown with. */
export interface IssueView {
  readonly state: ForgeState;
  readonly urls: Urls;
  readonly text: ReadText;
}

/** An issue with the repository that it is in. */
export interface PlacedIssue {
  readonly place: Pick<LocatedRepository, "repository" | "fullName">;
  readonly issue: Issue;
}

interface Asked {
  readonly baseUrl: string;
  readonly signal: AbortSignal;
}

/** The view of a request. */
export function issueViewOf({ ledger }: Pick<Services, "ledger">, { baseUrl }: Pick<Asked, "baseUrl">): IssueView {
  return { state: ledger.state(), urls: new Urls(baseUrl), text: textReader(ledger) };
}

/** At most a page of issues, with their reactions and their milestones' counts. */
export async function presentIssues(
  services: Pick<Services, "ledger" | "readModel">,
  call: Asked,
  placed: readonly PlacedIssue[],
): Promise<IssueShape[]> {
  const view = issueViewOf(services, call);
  const lists = services.readModel.issues;
  const subjects = placed.map(({ issue }) => ({ type: "issue", ...keyOf(issue) }) as const);
  const counts = await lists.reactionCounts(subjects, call.signal);
  const milestones = await milestoneCountsOf(services, placed, call.signal);
  return placed.map(({ place, issue }, index) => {
    const count = milestones.get(`${issue.repository} ${issue.milestone}`);
    return presentIssue(view, { place, issue }, { reactions: counts[index]!, milestone: count });
  });
}

async function milestoneCountsOf(
  { readModel }: Pick<Services, "readModel">,
  placed: readonly PlacedIssue[],
  signal: AbortSignal,
): Promise<ReadonlyMap<string, OpenAndClosed>> {
  const counts = new Map<string, OpenAndClosed>();
  for (const repository of new Set(placed.map(({ issue }) => issue.repository))) {
    const own = placed.filter(({ issue }) => issue.repository === repository);
    const numbers = [...new Set(own.flatMap(({ issue: { milestone } }) => milestone ?? []))];
    if (numbers.length === 0) continue;
    for (const [number, count] of await readModel.issues.milestoneCounts(repository, numbers, signal))
      counts.set(`${repository} ${number}`, count);
  }
  return counts;
}

function presentIssue(
  view: IssueView,
  { place, issue }: PlacedIssue,
  counts: { readonly reactions: ReadonlyMap<Reaction, number>; readonly milestone: OpenAndClosed | undefined },
): IssueShape {
  const { state, urls, text } = view;
  const { closed } = issue;
  const assignees = [...state.issues.assigneesOf(issue)].map((id) => presentPerson(view, id));
  const labels = sortedLabels(state.issues.labelsOf(issue)).map((label) => presentLabel(view, place, label));
  const milestone = issue.milestone && state.issues.milestone(issue.repository, issue.milestone);
  return {
    id: issue.id,
    node_id: nodeIdOf(issue.kind === "pull" ? "PullRequest" : "Issue", issue.id),
    ...addressesOf(urls, place.fullName, issue),
    number: issue.number,
    state: closed === undefined ? "open" : "closed",
    state_reason: closed?.reason ?? null,
    title: text(issue.title) ?? "[removed]",
    body: text(issue.body),
    user: presentPerson(view, issue.author),
    labels,
    assignee: assignees[0] ?? null,
    assignees,
    milestone: milestone
      ? presentMilestone(view, place, { number: issue.milestone, row: milestone, counts: counts.milestone })
      : null,
    locked: issue.lock !== undefined,
    active_lock_reason: issue.lock === undefined || issue.lock === "none" ? null : issue.lock,
    comments: issue.commentCount,
    closed_at: closed === undefined ? null : isoTime(closed.time),
    closed_by: closed === undefined ? null : presentPerson(view, closed.by),
    created_at: isoTime(issue.createdTime),
    updated_at: isoTime(issue.updatedTime),
    author_association: associationOf(state, place.repository, issue.author),
    reactions: presentRollup(`${issueUrl(urls, place.fullName, issue)}/reactions`, counts.reactions),
    performed_via_github_app: null,
  };
}

function addressesOf(urls: Urls, fullName: string, issue: Issue) {
  const url = issueUrl(urls, fullName, issue);
  const page = issuePage(urls, fullName, issue);
  const pull = `${urls.repository(fullName)}/pulls/${issue.number}`;
  return {
    url,
    repository_url: urls.repository(fullName),
    labels_url: `${url}/labels{/name}`,
    comments_url: `${url}/comments`,
    events_url: `${url}/events`,
    timeline_url: `${url}/timeline`,
    html_url: page,
    ...(issue.kind === "pull" && {
      pull_request: { url: pull, html_url: page, diff_url: `${page}.diff`, patch_url: `${page}.patch` },
    }),
  };
}

/** Where the API has an issue. */
export function issueUrl(urls: Urls, fullName: string, { number }: Pick<Issue, "number">): string {
  return `${urls.repository(fullName)}/issues/${number}`;
}

/** An issue's page. */
export function issuePage(urls: Urls, fullName: string, { number, kind }: Pick<Issue, "number" | "kind">): string {
  return `${urls.base}/${fullName}/${kind === "pull" ? "pull" : "issues"}/${number}`;
}

/** A comment; `reactions` are counts. */
export function presentComment(
  view: IssueView,
  { place, issue }: PlacedIssue,
  { comment, reactions }: { readonly comment: Comment; readonly reactions: ReadonlyMap<Reaction, number> },
): IssueComment {
  const { state, urls, text } = view;
  const url = `${urls.repository(place.fullName)}/issues/comments/${comment.id}`;
  return {
    id: comment.id,
    node_id: nodeIdOf("IssueComment", comment.id),
    url,
    html_url: `${issuePage(urls, place.fullName, issue)}#issuecomment-${comment.id}`,
    issue_url: issueUrl(urls, place.fullName, issue),
    body: text(comment.body) ?? "",
    user: presentPerson(view, comment.author),
    created_at: isoTime(comment.createdTime),
    updated_at: isoTime(comment.updatedTime),
    author_association: associationOf(state, place.repository, comment.author),
    reactions: presentRollup(`${url}/reactions`, reactions),
    performed_via_github_app: null,
    ...(comment.hidden !== undefined && { hidden: comment.hidden }),
  };
}

/** At most a page of comments, with their reactions. */
export async function presentComments(
  services: Pick<Services, "ledger" | "readModel">,
  call: Asked,
  { place, comments }: { readonly place: PlacedIssue["place"]; readonly comments: readonly Comment[] },
): Promise<IssueComment[]> {
  const view = issueViewOf(services, call);
  const subjects: readonly ReactionSubject[] = comments.map(({ id }) => ({ type: "comment", comment: id }));
  const counts = await services.readModel.issues.reactionCounts(subjects, call.signal);
  return comments.map((comment, index) => {
    const issue = view.state.issues.issue({ repository: comment.repository, number: comment.number })!;
    return presentComment(view, { place, issue }, { comment, reactions: counts[index]! });
  });
}

/** A label. None is a default one: repositories begin without. */
export function presentLabel({ urls, text }: IssueView, { fullName }: PlacedIssue["place"], label: Label): LabelShape {
  return {
    id: label.id,
    node_id: nodeIdOf("Label", label.id),
    url: `${urls.repository(fullName)}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    description: text(label.description),
    default: false,
  };
}

/** Labels by name, as GitHub lists them. */
export function sortedLabels(labels: Iterable<Label>): readonly Label[] {
  return [...labels].toSorted((left, right) => compare(left.name.toLowerCase(), right.name.toLowerCase()));
}

/** A milestone with how many of its issues are open and closed. */
export function presentMilestone(
  view: IssueView,
  { fullName }: PlacedIssue["place"],
  {
    number,
    row,
    counts,
  }: {
    readonly number: MilestoneNumber | undefined;
    readonly row: MilestoneRow;
    readonly counts: OpenAndClosed | undefined;
  },
): Milestone {
  const { urls, text } = view;
  const url = `${urls.repository(fullName)}/milestones/${number}`;
  return {
    url,
    html_url: `${urls.base}/${fullName}/milestone/${number}`,
    labels_url: `${url}/labels`,
    id: row.id,
    node_id: nodeIdOf("Milestone", row.id),
    number: number ?? 0,
    title: text(row.title) ?? "[removed]",
    description: text(row.description),
    state: row.closedTime === undefined ? "open" : "closed",
    creator: presentPerson(view, row.creator),
    open_issues: counts?.open ?? 0,
    closed_issues: counts?.closed ?? 0,
    created_at: isoTime(row.createdTime),
    updated_at: isoTime(row.updatedTime),
    closed_at: row.closedTime === undefined ? null : isoTime(row.closedTime),
    due_on: row.dueTime === undefined ? null : isoTime(row.dueTime),
  };
}

/** How many of each reaction there are. */
function presentRollup(url: string, counts: ReadonlyMap<Reaction, number>): ReactionRollup {
  const of = (content: Reaction) => counts.get(content) ?? 0;
  return {
    url,
    total_count: reactionKinds.reduce((sum, content) => sum + of(content), 0),
    "+1": of("+1"),
    "-1": of("-1"),
    laugh: of("laugh"),
    hooray: of("hooray"),
    confused: of("confused"),
    heart: of("heart"),
    rocket: of("rocket"),
    eyes: of("eyes"),
  };
}

/** An account inside what it wrote; closed ones stay authors. */
export function presentPerson({ state, urls }: IssueView, id: AccountId) {
  return presentSimpleUser(state.account(id) as Account, urls);
}

/** How somebody stands to a repository. */
function associationOf(state: ForgeState, repository: Repository, account: AccountId): AuthorAssociation {
  const sources = new Set(state.grants(repository, account).map(({ source }) => source));
  if (sources.has("owner")) return "OWNER";
  if (state.organizations.member(repository.owner, account) !== undefined) return "MEMBER";
  return sources.has("collaborator") ? "COLLABORATOR" : "NONE";
}

function keyOf({ repository, number }: Issue) {
  return { repository, number };
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}
