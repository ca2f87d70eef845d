/** What happened to issues, in GitHub's shapes. */
import type { Issue as IssueShape, IssueComment, IssueEvent, TimelineEntry } from "@guts/api";
import { entriesPerEventMax, type IssueKey } from "@guts/ledger";

import type { TimelineItem } from "../../ports/index.ts";
import type { Services } from "../../services.ts";
import type { LocatedRepository } from "../../use-cases/find-repository.ts";
import { isoTime } from "../iso-time.ts";
import {
  issueViewOf,
  presentComments,
  presentIssues,
  presentPerson,
  type IssueView,
  type PlacedIssue,
} from "./present-issue.ts";
import { nodeIdOf } from "./urls.ts";

interface Asked {
  readonly baseUrl: string;
  readonly signal: AbortSignal;
}
type Needs = Pick<Services, "ledger" | "readModel">;
type Place = PlacedIssue["place"];

/** An event of an issue. */
export function presentIssueEvent(view: IssueView, { fullName }: Place, item: TimelineItem): IssueEvent {
  const id = item.sequence * entriesPerEventMax + item.ordinal;
  // Whom a text mentions is the actor of that, as GitHub has it.
  const actor = item.type === "mentioned" ? item.account! : item.actor;
  const isAssignment = item.type === "assigned" || item.type === "unassigned";
  return {
    id,
    node_id: nodeIdOf("IssueEvent", id),
    url: `${view.urls.repository(fullName)}/issues/events/${id}`,
    actor: presentPerson(view, actor),
    event: item.type,
    commit_id: null,
    commit_url: null,
    created_at: isoTime(item.time),
    performed_via_github_app: null,
    ...(item.label !== undefined && { label: { name: item.label.name, color: item.label.color } }),
    ...(isAssignment && {
      assignee: presentPerson(view, item.account!),
      assigner: presentPerson(view, item.actor),
    }),
    ...(item.milestone !== undefined && { milestone: { title: item.milestone.title ?? "[removed]" } }),
    ...(item.type === "renamed" && {
      rename: { from: item.titleBefore ?? "[removed]", to: item.titleAfter ?? "[removed]" },
    }),
    ...(item.type === "locked" && { lock_reason: item.reason === "none" ? null : (item.reason ?? null) }),
    ...(item.type === "closed" && { state_reason: item.reason ?? null }),
  };
}

/** A page of events with the issues that they are about. */
export async function presentRepositoryEvents(
  needs: Needs,
  call: Asked,
  { place, items }: { readonly place: Place; readonly items: readonly TimelineItem[] },
): Promise<IssueEvent[]> {
  const view = issueViewOf(needs, call);
  const issues = await issuesOf(
    needs,
    call,
    items.map(({ issue }) => issue),
  );
  return items.flatMap((item) => {
    const issue = issues.get(nameOf(item.issue));
    return issue === undefined ? [] : [{ ...presentIssueEvent(view, place, item), issue }];
  });
}

/** A page of a timeline: comments and references with what they show. */
export async function presentTimeline(
  needs: Needs,
  call: Asked,
  { place, items }: { readonly place: Place; readonly items: readonly TimelineItem[] },
): Promise<TimelineEntry[]> {
  const view = issueViewOf(needs, call);
  const written = items.filter(({ type }) => type === "commented").flatMap(({ comment }) => comment ?? []);
  const found = written.flatMap((id) => view.state.issues.comment(id) ?? []);
  const comments = new Map(
    (await presentComments(needs, call, { place, comments: found })).map((comment) => [comment.id, comment]),
  );
  const references = items.filter(({ type }) => type === "cross-referenced").flatMap(({ other }) => other ?? []);
  const sources = await issuesOf(needs, call, references);
  return items.flatMap((item) => presentItem(view, { place, item }, { comments, sources }) ?? []);
}

function presentItem(
  view: IssueView,
  { place, item }: { readonly place: Place; readonly item: TimelineItem },
  {
    comments,
    sources,
  }: {
    readonly comments: ReadonlyMap<number, IssueComment>;
    readonly sources: ReadonlyMap<string, IssueShape>;
  },
): TimelineEntry | undefined {
  const actor = presentPerson(view, item.actor);
  if (item.type === "commented") {
    const comment = item.comment && comments.get(item.comment);
    return comment ? { ...comment, event: "commented", actor } : undefined;
  }
  if (item.type !== "cross-referenced") return presentIssueEvent(view, place, item);
  const issue = item.other && sources.get(nameOf(item.other));
  if (issue === undefined) return undefined;
  const at = isoTime(item.time);
  return { event: "cross-referenced", actor, created_at: at, updated_at: at, source: { type: "issue", issue } };
}

/** Issues wherever they are, by their places; those that are gone are left out. */
async function issuesOf(
  needs: Needs,
  call: Asked,
  keys: readonly IssueKey[],
): Promise<ReadonlyMap<string, IssueShape>> {
  const state = needs.ledger.state();
  const distinct = [...new Map(keys.map((key) => [nameOf(key), key])).values()];
  const placed = distinct.flatMap((key): readonly PlacedIssue[] => {
    const issue = state.issues.issue(key);
    const repository = state.repository(key.repository);
    const owner = repository && state.account(repository.owner);
    if (issue === undefined || repository === undefined || owner === undefined) return [];
    const place: Pick<LocatedRepository, "repository" | "fullName"> = {
      repository,
      fullName: `${owner.handle}/${repository.name}`,
    };
    return [{ place, issue }];
  });
  const shapes = await presentIssues(needs, call, placed);
  return new Map(placed.map(({ issue }, index) => [nameOf(issue), shapes[index]!]));
}

function nameOf({ repository, number }: IssueKey): string {
  return `${repository}#${number}`;
}
