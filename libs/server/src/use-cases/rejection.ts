import { toHex, type TimeMs } from "@guts/primitives";

import { invalidField, Refusal, type InvalidField, type RefusalCode } from "../errors.ts";
import type { SubmitOutcome, SubmitRejection } from "../ports/index.ts";
import { tooFewValidatorsWords } from "./quorum.ts";

/** An applied transaction. */
export type Applied<Result> = Extract<SubmitOutcome<Result>, { outcome: "applied" }>;

/** The applied transaction, or the throw that a door turns into an answer. */
export function requireApplied<Result>(outcome: SubmitOutcome<Result>): Applied<Result> {
  switch (outcome.outcome) {
    case "applied":
      return outcome;
    case "refused":
    case "rejected":
      throw refusalOfOutcome(outcome);
    case "unknown":
    default:
      throw new Refusal(
        "outcome-unknown",
        `Not known yet whether this is applied: it may be until ${clockTime(outcome.untilTime)}. Repeat it with the same ` +
          `Idempotency-Key, or look up transaction ${toHex(outcome.transactionId)}.`,
        { transactionId: toHex(outcome.transactionId) },
      );
  }
}

/** What was refused before it was submitted, or rejected by the ledger, as clients get it. */
export function refusalOfOutcome(
  outcome: Extract<SubmitOutcome<unknown>, { outcome: "refused" | "rejected" }>,
): Refusal {
  if (outcome.rejection === "receipts-missing")
    return new Refusal("busy", outcome.words, { reason: outcome.rejection, retryAfterSeconds: 5 });
  if (outcome.rejection === "merges-differ")
    return new Refusal("conflict", outcome.words, { reason: outcome.rejection });
  if (outcome.rejection !== "validators-missing") return refusalOfRejection(outcome.rejection);
  return new Refusal("busy", tooFewValidatorsWords(outcome.quorum), {
    reason: outcome.rejection,
    retryAfterSeconds: 5,
  });
}

/** A time as people read it who may be anywhere: `17:03:20 UTC`. */
export function clockTime(time: TimeMs): string {
  return `${new Date(time).toISOString().slice(11, 19)} UTC`;
}

/** A rejection of the ledger as clients get it: GitHub's shapes for what GitHub has, our code in `code`. */
export function refusalOfRejection(rejection: SubmitRejection): Refusal {
  const field = FIELDS[rejection];
  if (field !== undefined) return invalidField(field, rejection);
  const [code, message] = WORDS[rejection] ?? ["invalid", `Refused: ${rejection.replaceAll("-", " ")}.`];
  const retryAfterSeconds = code === "rate-limited" ? 60 : code === "busy" ? 5 : undefined;
  return new Refusal(code, message, {
    reason: rejection,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}

const FIELDS: Partial<Record<SubmitRejection, InvalidField>> = {
  "repository-name-taken": {
    resource: "Repository",
    field: "name",
    message: "name already exists on this account",
  },
  "handle-taken": { resource: "User", field: "handle", message: "this handle is taken" },
  "default-branch-missing": {
    resource: "Repository",
    field: "default_branch",
    message: "The branch was not found. Please push that ref first or create it.",
  },
  "ssh-key-taken": { resource: "PublicKey", field: "key", message: "key is already in use" },
  "ssh-key-limit": { resource: "PublicKey", field: "key", message: "there are as many keys as there may be" },
  "signing-key-taken": { resource: "PublicKey", field: "key", message: "key is already in use" },
  "signing-key-limit": { resource: "PublicKey", field: "key", message: "there are as many keys as there may be" },
  "gpg-key-malformed": { resource: "GpgKey", field: "armored_public_key", message: "is no OpenPGP public key" },
  "key-unsound": { resource: "PublicKey", field: "key", message: "key is not one that signatures can be trusted with" },
  "restriction-invalid": {
    resource: "Token",
    field: "repositories",
    message: "names what you cannot see, or what is not the owner's",
  },
  "account-unknown": { resource: "User", field: "login", message: "there is no such account" },
  "expiry-invalid": { resource: "Token", field: "expiresInDays", message: "the expiry is out of bounds" },
  "credential-scope-exceeded": {
    resource: "Token",
    field: "scopes",
    message: "a token cannot make one that may do more than itself",
  },
  "transfer-to-self": { resource: "Repository", field: "new_owner", message: "already owns the repository" },
  "team-name-taken": { resource: "Team", field: "name", message: "Name must be unique for this org" },
  "not-a-member": { resource: "TeamMember", field: "user", message: "User isn't a member of this organization" },
  "team-nesting": {
    resource: "Team",
    field: "parent_team_id",
    message: "teams nest by one level, and a secret team not at all",
  },
  "label-unknown": { resource: "Label", field: "labels", message: "the repository has no such label" },
  "label-name-taken": { resource: "Label", field: "name", message: "already_exists" },
  "milestone-unknown": { resource: "Milestone", field: "milestone", message: "the repository has no such milestone" },
  "assignee-invalid": {
    resource: "Issue",
    field: "assignees",
    message: "only people who work on the repository, and the author, can be assigned",
  },
  "pull-exists": {
    resource: "PullRequest",
    field: "head",
    message: "A pull request already exists for these branches",
  },
  "pull-head-missing": { resource: "PullRequest", field: "head", message: "invalid" },
  "pull-head-foreign": {
    resource: "PullRequest",
    field: "head",
    message: "must be a branch of the same repository: push it here first",
  },
  "pull-base-missing": { resource: "PullRequest", field: "base", message: "invalid" },
  "pull-without-change": {
    resource: "PullRequest",
    field: "head",
    message: "No commits between the base and the head",
  },
  "mention-invalid": { resource: "Issue", field: "body", message: "mentions somebody who cannot be told" },
  "reference-invalid": { resource: "Issue", field: "body", message: "refers to an issue that is not there for you" },
  "collaborator-is-owner": { resource: "Collaborator", field: "username", message: "owns the repository" },
};

const WORDS: Partial<Record<SubmitRejection, readonly [RefusalCode, string]>> = {
  "not-found": ["not-found", "Not Found"],
  "content-unknown": ["not-found", "Not Found"],
  "transfer-not-offered": ["not-found", "Not Found"],
  forbidden: ["forbidden", "You may not do that."],
  "scope-missing": ["forbidden", "This token lacks a scope for that."],
  "personal-signature-needed": ["forbidden", "This needs the signature of your own root key."],
  "registration-closed": ["forbidden", "This network does not take new accounts."],
  "invitation-needed": ["forbidden", "This network takes new accounts by invitation only."],
  "repository-archived": ["forbidden", "The repository is archived, so it is read-only."],
  "account-not-active": ["forbidden", "The account is closed."],
  "account-suspended": ["forbidden", "Sorry. Your account was suspended."],
  "invitation-exists": ["conflict", "There is an invitation by this key already."],
  "invitation-uses-invalid": ["invalid", "An invitation opens 1 to 1,000 accounts."],
  "invitation-limit": ["invalid", "There are as many invitations as there may be. Take some back first."],
  "budget-too-small": ["invalid", "A budget must let its account or node act at all."],
  "delegation-missing": ["forbidden", "The account has not made this node one of its home nodes."],
  "audience-not-delegated": ["forbidden", "The account has not made this node one of its home nodes."],
  "node-not-admitted": ["forbidden", "This node is not admitted to the network; an administrator has to admit it."],
  "node-unknown": ["not-found", "The network has no such node."],
  "node-is-validator": ["forbidden", "A validator cannot be removed: validators change with the epoch."],
  "credential-not-live": ["unauthenticated", "Bad credentials"],
  "credential-expired": ["unauthenticated", "Bad credentials"],
  "credential-wrong-node": ["unauthenticated", "Bad credentials"],
  "key-not-live": ["unauthenticated", "The key does not act for this account."],
  "signature-invalid": ["unauthenticated", "The signature does not hold."],
  malformed: ["malformed", "These bytes are no signed transaction."],
  "contents-mismatch": ["malformed", "The contents are not those that the transaction commits to."],
  "ref-protected": ["invalid", "A protection rule of the repository refuses this."],
  "protection-limit": ["invalid", "The repository has as many protection rules as it may have."],
  "protection-invalid": [
    "invalid",
    "This cannot be a protection rule: check its pattern; rules of tags ask for no pull request, checks or linear history.",
  ],
  "team-unknown": [
    "invalid",
    "A team of a rule must be of the organization that owns the repository, and have write access to it.",
  ],
  "branch-name-taken": ["invalid", "A branch of this name exists already."],
  "branch-rule-taken": ["invalid", "Both names have a protection rule of their own. Remove one of the rules first."],
  "protection-work-spent": ["invalid", "Too many refs at once for the patterns of the repository's protection rules."],
  "last-owner": ["forbidden", "An organization needs an owner. Make somebody else one first."],
  "account-in-organizations": ["conflict", "Leave your organizations first."],
  "account-owns-repositories": ["conflict", "Hand its repositories over or delete them first."],
  "already-so": ["conflict", "It is so already."],
  "pull-limit": ["invalid", "The branch is the head of as many open pull requests as it may be. Close one first."],
  "pull-merged": ["invalid", "The pull request is merged; that cannot be undone. Revert it by another one."],
  "pull-closed": ["invalid", "The pull request is closed. Reopen it first."],
  "pull-draft": ["not-mergeable", "Pull Request is still a draft. Mark it as ready for review first."],
  "pull-head-moved": ["conflict", "Head branch was modified. Review and try the merge again."],
  "pull-follow-limit": [
    "invalid",
    "These branches have too many open pull requests for one push. Push fewer at a time.",
  ],
  "conversation-locked": ["forbidden", "The conversation is locked: only people with write access add to it."],
  "label-limit": ["invalid", "There are as many labels as there may be. Take one away first."],
  "milestone-limit": ["invalid", "The repository has had as many milestones as it may have."],
  "assignee-limit": ["invalid", "An issue has 10 assignees at most."],
  "comment-limit": ["invalid", "The conversation is as long as it may be. Go on in a new issue."],
  "pin-limit": ["invalid", "A repository has 3 pinned issues at most. Unpin one first."],
  "follows-self": ["invalid", "Nobody follows themselves."],
  "fork-empty": ["forbidden", "The repository is empty, so there is nothing to fork."],
  "fork-too-large": ["invalid", "The repository has too many branches and tags. Fork its default branch alone."],
  "fork-of-private": ["invalid", "What was forked of a private repository stays private."],
  "status-limit": ["invalid", "This commit has as many statuses as it may have."],
  "star-limit": ["conflict", "An account stars so many repositories and no more. Take a star back first."],
  "subscription-limit": ["conflict", "An account watches so many repositories and no more. Unwatch one first."],
  "follow-limit": ["conflict", "An account follows so many others and no more. Unfollow somebody first."],
  "already-applied": ["conflict", "The transaction was applied before."],
  "key-reused": ["conflict", "This Idempotency-Key was used for something else."],
  expired: ["conflict", "The transaction has expired. Sign it again."],
  "account-budget-spent": ["rate-limited", "You have written more than your share for now."],
  "node-budget-spent": ["rate-limited", "This node has written more than its share for now."],
  "voucher-needed": ["forbidden", "This needs the consent that was given at a home node."],
  "node-busy": ["busy", "This node is busy. Try again in a moment."],
};
