/** What stands between a pull request and its base branch, for the person who asks, with who can do something about it. */
import { requirementWords } from "@guts/governance";
import { refusePull, type RejectionCode } from "@guts/ledger";
import type { ObjectId } from "@guts/primitives";

import { refuseActor, type Actor } from "../auth/actor.ts";
import type { Services } from "../services.ts";
import { provisionalMerge, unmetByMerge } from "./merge-pull.ts";
import type { Mergeable } from "./mergeability.ts";
import { sidesOf, type OpenedPull } from "./open-pull.ts";

/** One thing that is missing. */
export interface MissingForMerge {
  readonly code: string;
  readonly what: string;
  readonly who: string;
}

/** Everything that a merge box says. */
export interface MergeReadiness {
  readonly base: ObjectId | undefined;
  readonly head: ObjectId;
  /** Undefined while it is computed. */
  readonly mergeable: Mergeable | undefined;
  readonly missing: readonly MissingForMerge[];
}

/** How long a request waits for git's answer. */
const patienceMs = 1_500;

/** Looks at both sides and at what the rule of the base asks of a merge by the actor. */
export async function readinessOf(
  { git, mergeability }: Pick<Services, "git" | "mergeability">,
  actor: Actor,
  opened: OpenedPull,
): Promise<MergeReadiness> {
  const { base, head } = sidesOf(opened);
  const isOpen = opened.issue.closed === undefined;
  const mergeable =
    base === undefined || !isOpen ? undefined : await mergeability.of(opened.repository.id, { base, head }, patienceMs);
  return { base, head, mergeable, missing: [...missingFor(git, actor, opened)] };
}

function* missingFor(
  { mergeStrategy: strategy }: Pick<Services["git"], "mergeStrategy">,
  actor: Actor,
  opened: OpenedPull,
): Generator<MissingForMerge, undefined> {
  const refusal = refusePull(opened.pull, opened.issue.closed !== undefined);
  if (refusal !== undefined) yield { code: refusal, ...(stateWords[refusal] ?? { what: refusal, who: "nobody" }) };
  const update = provisionalMerge(opened, { method: "merge", strategy });
  if (update === undefined) yield { code: "pull-base-missing", ...baseGone };
  if (refuseActor(opened.state, actor, opened.repository, "push") !== undefined) yield { code: "push", ...noPush };
  if (actor.account === undefined || update === undefined) return undefined;
  const unmet = unmetByMerge(opened, actor.account.id, update);
  if (unmet === "exhausted") yield { code: unmet, ...tooManyRules };
  else for (const each of unmet) yield { code: each.code, ...requirementWords(each) };
  return undefined;
}

const noPush = {
  what: "you may not push to the base branch's repository",
  who: "somebody with write access can merge",
};
const baseGone = {
  what: "the base branch is gone",
  who: "its author or somebody with write access can choose another",
};
const tooManyRules = { what: "too many rules match the base branch", who: "an administrator can remove some" };
const stateWords: Partial<Record<RejectionCode, Omit<MissingForMerge, "code">>> = {
  "pull-merged": { what: "it is merged already", who: "open another pull request to change more" },
  "pull-closed": { what: "it is closed", who: "its author or somebody with triage access can reopen it" },
  "pull-draft": { what: "it is a draft", who: "its author or somebody with write access can mark it ready" },
};
