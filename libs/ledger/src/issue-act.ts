/** The first questions of every act on an issue: is it there, may this actor do this with it, do its effects exist. */
import { isAssignable, refuseRepositoryAction, refuseTeamAction, type RepositoryAction } from "@guts/governance";
import {
  accountIdCodec,
  type CommentId,
  list,
  struct,
  teamIdCodec,
  type AccountId,
  type Decoded,
  type RepositoryId,
  type TeamId,
} from "@guts/primitives";
import { mentionsPerTextMax, referencesPerTextMax } from "@guts/collaboration";
import type { Repository } from "./forge-state.ts";
import type { Comment, Issue } from "./issue-state.ts";
import { issueKeyCodec, issueTable, type IssueKey } from "./issue-tables.ts";
import { scopesOf, type ActContext } from "./kind.ts";
import type { RejectionCode } from "./rejection.ts";
import { openRepository } from "./repository-act.ts";
import { writeRow } from "./table.ts";

/** An issue with its repository, or why the actor may not do this with it. */
export type IssueVerdict =
  | { readonly issue: Issue; readonly repository: Repository; readonly refusal?: undefined }
  | { readonly refusal: RejectionCode };

/** Finds the issue and asks governance about `action` on its repository. */
export function openIssue(context: ActContext, key: IssueKey, action: RepositoryAction): IssueVerdict {
  const opened = openRepository(context, key.repository, action);
  if (opened.refusal !== undefined) return opened;
  const issue = context.forge.issues.issue(key);
  return issue === undefined ? { refusal: "not-found" } : { issue, repository: opened.repository };
}

/** The same for what the author of a text may do too: `discuss` suffices for them, others need `action`. */
export function openOwnIssue(context: ActContext, key: IssueKey, action: RepositoryAction): IssueVerdict {
  const isAuthor = context.forge.issues.issue(key)?.author === context.actor;
  return openIssue(context, key, isAuthor ? "discuss" : action);
}

/** A comment with its issue, for its author or for who may do `action`. */
export function openComment(
  context: ActContext,
  id: CommentId,
  action: RepositoryAction,
):
  | {
      readonly comment: Comment;
      readonly issue: Issue;
      readonly repository: Repository;
      readonly refusal?: undefined;
    }
  | { readonly refusal: RejectionCode } {
  const comment = context.forge.issues.comment(id);
  if (comment === undefined) return { refusal: "not-found" };
  const opened = openIssue(context, comment, comment.author === context.actor ? "discuss" : action);
  return opened.refusal === undefined ? { comment, ...opened } : opened;
}

/** Why the actor may not add to a conversation: a locked one is for those who may push. */
export function refuseLocked(
  context: ActContext,
  { lock }: Issue,
  repository: RepositoryId,
): RejectionCode | undefined {
  if (lock === undefined) return undefined;
  return openRepository(context, repository, "moderate").refusal === undefined ? undefined : "conversation-locked";
}

/** What a text causes: people and teams to be told, issues that are referred to, and those that it closes once merged. */
export const effectsCodec = struct({
  mentions: list(accountIdCodec, mentionsPerTextMax),
  teams: list(teamIdCodec, mentionsPerTextMax),
  references: list(issueKeyCodec, referencesPerTextMax),
  closes: list(issueKeyCodec, referencesPerTextMax),
});
/** A text's effects, as its author submits them. */
export type Effects = Decoded<typeof effectsCodec>;

/** What checking effects costs at most. */
export function effectsWork({ mentions, teams, references, closes }: Effects): number {
  return 3 * mentions.length + 8 * teams.length + 12 * (references.length + closes.length);
}

/**
 * Why the effects of a text in a repository of `owner` cannot be: somebody who is nobody, a team that is not the owner's or not for
 * the author to know, an issue that the author may not read.
 */
export function refuseEffects(
  context: ActContext,
  owner: AccountId,
  { mentions, teams, references, closes }: Effects,
): RejectionCode | undefined {
  if (mentions.some((account) => !context.forge.isActivePerson(account))) return "mention-invalid";
  if (!teams.every((team) => mayMentionTeam(context, owner, team))) return "mention-invalid";
  return [...references, ...closes].every((key) => mayRefer(context, key)) ? undefined : "reference-invalid";
}

/** People outside an organization cannot call its teams, as on GitHub. What a credential may read of it does not matter here. */
function mayMentionTeam({ forge, actor }: ActContext, owner: AccountId, id: TeamId): boolean {
  const team = forge.organizations.team(id);
  if (team?.organization !== owner) return false;
  return refuseTeamAction(forge.organizations.teamAccess(team, actor, undefined), "read") === undefined;
}

/** Why there is no issue that the actor may read under `key`, or undefined. */
export function refuseReference(context: ActContext, key: IssueKey): RejectionCode | undefined {
  return mayRefer(context, key) ? undefined : "reference-invalid";
}

function mayRefer(context: ActContext, key: IssueKey): boolean {
  const { forge, actor, authority } = context;
  const repository = forge.repository(key.repository);
  if (repository === undefined || forge.issues.issue(key) === undefined) return false;
  const access = forge.repositoryAccess(repository, actor, scopesOf(authority));
  return refuseRepositoryAction(access, "read") === undefined;
}

/** Whether an active person can be given an issue of `author`. */
export function mayBeAssigned(
  { forge }: ActContext,
  repository: Repository,
  author: AccountId,
  account: AccountId,
): boolean {
  return forge.isActivePerson(account) && isAssignable(forge.grants(repository, account), account === author);
}

/** Writes the issue as changed now. */
export function saveIssue({ state, time }: ActContext, { repository, number, ...row }: Issue): void {
  writeRow(state, issueTable, { repository, number }, { ...row, updatedTime: time });
}
