/** Filters of a list of issues, from the words of a request. */
import { parseLabelName } from "@guts/collaboration";
import type { AccountId, LabelId, MilestoneNumber, TimeMs } from "@guts/primitives";

import type { SignedInActor, Actor } from "../auth/actor.ts";
import type { IssueFilter } from "../ports/index.ts";
import { findAccount } from "./find-repository.ts";
import { parseNumber } from "./open-issue.ts";
import type { OpenedRepository } from "./open-repository.ts";

/** The parameters of GitHub's list; `*` and `none` stand for any and none. */
export interface IssueWords {
  readonly state?: "open" | "closed" | "all" | undefined;
  readonly kind?: "issue" | "pull" | undefined;
  readonly labels?: string | undefined;
  readonly creator?: string | undefined;
  readonly assignee?: string | undefined;
  readonly mentioned?: string | undefined;
  readonly milestone?: string | undefined;
  readonly since?: string | undefined;
}

/** The filter; undefined when it names what is not there, so that nothing can match. */
export function issueFilterOf(opened: OpenedRepository, actor: Actor, words: IssueWords): IssueFilter | undefined {
  const people = {
    author: accountOf(opened, actor, words.creator),
    mentioned: accountOf(opened, actor, words.mentioned),
    assignee:
      words.assignee === "none" ? "none" : words.assignee === "*" ? "any" : accountOf(opened, actor, words.assignee),
  } as const;
  const labels = labelsOf(opened, words.labels);
  const milestone = milestoneOf(words.milestone);
  if ([...Object.values(people), labels, milestone].includes("missing")) return undefined;
  const state = words.state ?? "open";
  return {
    repository: opened.repository.id,
    kind: words.kind,
    isClosed: state === "all" ? undefined : state === "closed",
    ...(people as Record<keyof typeof people, AccountId | undefined>),
    labels: labels as readonly LabelId[] | undefined,
    milestone: milestone as MilestoneNumber | "none" | "any" | undefined,
    since: words.since === undefined ? undefined : (Date.parse(words.since) as TimeMs),
  };
}

/** The account of a handle, or who asks for `@me`. */
export function accountOf(
  { state }: OpenedRepository,
  actor: Actor | SignedInActor,
  handle: string | undefined,
): AccountId | "missing" | undefined {
  if (handle === undefined || handle === "") return undefined;
  if (handle === "@me") return actor.account?.id ?? "missing";
  return findAccount(state, handle)?.account.id ?? "missing";
}

function labelsOf(
  { state, repository }: OpenedRepository,
  list: string | undefined,
): readonly LabelId[] | "missing" | undefined {
  if (list === undefined || list === "") return undefined;
  const ids = list.split(",").map((text) => {
    const name = parseLabelName(text.trim());
    return name && state.issues.findLabel(repository.id, name)?.id;
  });
  return ids.every((id) => id !== undefined) ? ids : "missing";
}

function milestoneOf(text: string | undefined): MilestoneNumber | "none" | "any" | "missing" | undefined {
  if (text === undefined || text === "") return undefined;
  if (text === "none") return "none";
  return text === "*" ? "any" : ((parseNumber(text) as MilestoneNumber | undefined) ?? "missing");
}
