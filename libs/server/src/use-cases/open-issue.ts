import type { RepositoryAction } from "@guts/governance";
import type { Comment, Issue, Label } from "@guts/ledger";
import { parseLabelName } from "@guts/collaboration";
import type { CommentId, IssueNumber, MilestoneNumber } from "@guts/primitives";

import type { Actor } from "../auth/actor.ts";
import { notFound } from "../errors.ts";
import type { Ledger } from "../ports/index.ts";
import { openRepository, type OpenedRepository, type RepositoryPath } from "./open-repository.ts";

/** An issue of a repository that the actor may use as they asked. */
export interface OpenedIssue extends OpenedRepository {
  readonly issue: Issue;
}

/** Where an issue is asked for. */
export interface IssuePath extends RepositoryPath {
  readonly issue_number: string;
}

/** Where a comment is asked for. */
export interface CommentPath extends RepositoryPath {
  readonly comment_id: string;
}

/** The issue or pull request, if it is there and the actor may do this to its repository. Throws `Refusal`. */
export function openIssue(
  ledger: Ledger,
  actor: Actor,
  path: IssuePath,
  action: RepositoryAction = "read-issues",
): OpenedIssue {
  const opened = openRepository(ledger, actor, path, action);
  const number = parseNumber(path.issue_number) as IssueNumber | undefined;
  const issue = number && opened.state.issues.issue({ repository: opened.repository.id, number });
  if (issue === undefined) throw notFound();
  return { ...opened, issue };
}

/** The comment, if it is of this repository. Throws `Refusal`. */
export function openComment(
  ledger: Ledger,
  actor: Actor,
  path: CommentPath,
  action: RepositoryAction = "read-issues",
): OpenedIssue & { readonly comment: Comment } {
  const opened = openRepository(ledger, actor, path, action);
  const id = parseNumber(path.comment_id) as CommentId | undefined;
  const comment = id && opened.state.issues.comment(id);
  if (comment?.repository !== opened.repository.id) throw notFound();
  const { repository, number } = comment;
  return { ...opened, comment, issue: opened.state.issues.issue({ repository, number })! };
}

/** The repository's label of this name. Throws `Refusal`. */
export function requireLabel({ state, repository }: OpenedRepository, text: string): Label {
  const name = parseLabelName(text);
  const label = name && state.issues.findLabel(repository.id, name);
  if (label === undefined) throw notFound();
  return label;
}

/** The number of a milestone that the repository has. Throws `Refusal`. */
export function requireMilestone({ state, repository }: OpenedRepository, text: string): MilestoneNumber {
  const number = parseNumber(text) as MilestoneNumber | undefined;
  if (number === undefined || state.issues.milestone(repository.id, number) === undefined) throw notFound();
  return number;
}

/** A number as a path has it, from 1. */
export function parseNumber(text: string): number | undefined {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined;
}
