import type { RepositoryAction } from "@guts/governance";
import type { Issue, Pull } from "@guts/ledger";
import type { IssueNumber, ObjectId, RefName } from "@guts/primitives";

import type { Actor } from "../auth/actor.ts";
import { notFound } from "../errors.ts";
import type { Ledger } from "../ports/index.ts";
import { openRepository, type OpenedRepository, type RepositoryPath } from "./open-repository.ts";

/** A pull request of a repository that the actor may use as they asked. */
export interface OpenedPull extends OpenedRepository {
  readonly issue: Issue;
  readonly pull: Pull;
}

/** Where a pull request is asked for. */
export interface PullPath extends RepositoryPath {
  readonly pull_number: string;
}

/** The pull request, if it is there and the actor may do this to its repository. Throws `Refusal`. */
export function openPull(
  ledger: Ledger,
  actor: Actor,
  path: PullPath,
  action: RepositoryAction = "read-contents",
): OpenedPull {
  const opened = openRepository(ledger, actor, path, action);
  const number = /^[1-9]\d{0,14}$/.test(path.pull_number) ? (Number(path.pull_number) as IssueNumber) : undefined;
  const key = number && { repository: opened.repository.id, number };
  const [issue, pull] = key ? [opened.state.issues.issue(key), opened.state.pulls.pull(key)] : [];
  if (issue === undefined || pull === undefined) throw notFound();
  return { ...opened, issue, pull };
}

/** The two sides of a pull request: as they are while it is open, as they were when it was merged. */
export interface PullSides {
  readonly baseName: RefName;
  /** Undefined when the base branch is gone. */
  readonly base: ObjectId | undefined;
  readonly head: ObjectId;
}

/** Finds both sides. */
export function sidesOf({ state, pull }: Pick<OpenedPull, "state" | "pull">): PullSides {
  const { repository, base, merged } = pull;
  const isThere = state.ref(repository, base) !== undefined;
  const baseName = isThere ? base : (state.presentBranch(repository, base) ?? base);
  return { baseName, base: merged?.baseId ?? state.ref(repository, baseName), head: state.pulls.headId(pull) };
}
