/**
 * Which applied transactions are administrative acts, and what an audit log says of each: the one table of both.
 *
 * An act's name is GitHub's where GitHub logs the like. Everything here is read from the event alone, so that a row of any list
 * can be checked against the block that holds the transaction.
 */
import { decode, shortRefName, type AccountId, type NodeId, type RepositoryId, type TeamId } from "@guts/primitives";
import type { ContentRef } from "./content.ts";
import type { LedgerEvent } from "./event.ts";
import type { IssueKey } from "./issue-tables.ts";
import { kindOf, type KindName, type PayloadOf, type ResultOf } from "./kinds/index.ts";

/** What a log says of an act beside who did it and when. */
export interface AuditFacts {
  /** The account that it was done to, or for. */
  readonly target?: AccountId | undefined;
  readonly repository?: RepositoryId | undefined;
  readonly team?: TeamId | undefined;
  readonly node?: NodeId | undefined;
  /** Whose a repository is, or is offered to, from then on. */
  readonly owner?: AccountId | undefined;
  readonly offeredTo?: AccountId | undefined;
  /** A name that the act gave or was about, and what it was set to, as the payload has them. */
  readonly about?: string | undefined;
  /** Why, on the ledger for good or as a text that may be erased. */
  readonly reason?: string | ContentRef | undefined;
}

/** An administrative act as its transaction's own bytes tell it: its name, such as `org.add_member`, and what it was about. */
export interface AuditAct extends AuditFacts {
  readonly action: string;
}

/** An act as a log lists it. */
export interface AuditEntry extends AuditAct {
  /** Whether the network's own log lists it. */
  readonly isOfNetwork: boolean;
}

interface Rule<Kind extends KindName> {
  /** Its name; one of several where the payload tells which. */
  readonly action: string | { readonly names: readonly string[]; readonly of: (payload: PayloadOf<Kind>) => string };
  readonly facts?: (payload: PayloadOf<Kind>, result: ResultOf<Kind>, actor: AccountId) => AuditFacts;
  /** What concerns everybody is in the network's log although it happened to one account. */
  readonly isOfNetwork?: true;
}

/** A rule whose payload and result only its kind's own codecs know. */
interface AnyRule {
  readonly action: string | { readonly names: readonly string[]; readonly of: (payload: unknown) => string };
  readonly facts?: (payload: unknown, result: unknown, actor: AccountId) => AuditFacts;
  readonly isOfNetwork?: true;
}

/** By kind; undefined for what is everyday work and no administration: pushes, profiles, answers. */
const RULES: { readonly [Kind in KindName]: Rule<Kind> | undefined } = {
  "account.create": {
    action: "user.create",
    isOfNetwork: true,
    facts: ({ handle, homeNode }, { account }) => ({ target: account, about: handle, node: homeNode }),
  },
  "account.update": undefined,
  "account.rename": { action: "user.rename", isOfNetwork: true, facts: ({ handle }) => ({ about: handle }) },
  "account.close": { action: "user.destroy", isOfNetwork: true },
  "account.follow": undefined,
  "account.unfollow": undefined,
  "profile.change": undefined,
  "avatar.set": undefined,
  "key.add": { action: "account_key.create", facts: ({ label, role }) => ({ about: `${label} (${role})` }) },
  "key.revoke": { action: "account_key.revoke" },
  "credential.create": {
    action: {
      names: ["user.login", "personal_access_token.create"],
      of: ({ kind }) => (kind === "session" ? "user.login" : "personal_access_token.create"),
    },
    facts: ({ label, audience }) => ({ about: label, node: audience[0] }),
  },
  "credential.create-restricted": {
    action: "personal_access_token.create",
    facts: ({ label, audience }) => ({ about: label, node: audience[0] }),
  },
  "credential.revoke": { action: "credential.revoke" },
  "credential.share": { action: "credential.share", facts: ({ nodes }) => ({ node: nodes[0] }) },
  "voucher.create": { action: "visit.allow", facts: ({ node }) => ({ node }) },
  "voucher.redeem": { action: "user.login", facts: ({ label }) => ({ about: label }) },
  "delegation.grant": { action: "home_node.add", facts: ({ node }) => ({ node }) },
  "delegation.revoke": { action: "home_node.remove", facts: ({ node }) => ({ node }) },
  "network-invitation.create": { action: "network_invitation.create" },
  "network-invitation.offer": {
    action: "network_invitation.create",
    facts: ({ uses, reason }) => ({ about: uses === 1 ? "1 account" : `${uses} accounts`, reason }),
  },
  "network-invitation.revoke": { action: "network_invitation.cancel", facts: ({ reason }) => ({ reason }) },
  "registration.set": {
    action: "registration.update",
    facts: ({ registration, reason }) => ({ about: registration, reason }),
  },
  "node.admit": { action: "node.admit", facts: ({ node, name }) => ({ node, about: name }) },
  "node.remove": { action: "node.remove", facts: ({ node }) => ({ node }) },
  "node.dismiss": { action: "node.remove", facts: ({ node, reason }) => ({ node, reason }) },
  "account.suspend": { action: "user.suspend", facts: ({ account, reason }) => ({ target: account, reason }) },
  "account.unsuspend": { action: "user.unsuspend", facts: ({ account }) => ({ target: account }) },
  "account.reinstate": { action: "user.unsuspend", facts: ({ account, reason }) => ({ target: account, reason }) },
  "budget.set": { action: "budget.update", facts: ({ subject }) => subjectFacts(subject) },
  "budget.change": { action: "budget.update", facts: ({ subject, reason }) => ({ ...subjectFacts(subject), reason }) },
  "content.redact": { action: "content.redact", facts: ({ reason }) => ({ reason }) },

  "repository.create": {
    action: "repo.create",
    facts: ({ owner, name }, { repository }) => ({ repository, owner: owner as AccountId, about: name }),
  },
  "repository.update": {
    action: {
      names: ["repo.update", "repo.access"],
      of: ({ visibility }) => (visibility === undefined ? "repo.update" : "repo.access"),
    },
    facts: ({ repository, visibility }) => ({ repository, about: visibility }),
  },
  "repository.rename": { action: "repo.rename", facts: ({ repository, name }) => ({ repository, about: name }) },
  "repository.transfer": {
    action: "repo.transfer_start",
    facts: ({ repository, to, newName }) => ({ repository, target: to, offeredTo: to, about: newName }),
  },
  "transfer.accept": { action: "repo.transfer", facts: ({ repository }) => ({ repository }) },
  "transfer.cancel": { action: "repo.transfer_cancel", facts: ({ repository }) => ({ repository }) },
  "repository.archive": {
    action: {
      names: ["repo.archived", "repo.unarchived"],
      of: ({ isArchived }) => (isArchived ? "repo.archived" : "repo.unarchived"),
    },
    facts: ({ repository }) => ({ repository }),
  },
  "repository.delete": { action: "repo.destroy", facts: ({ repository }) => ({ repository }) },
  "collaborator.invite": {
    action: "repository_invitation.create",
    facts: ({ repository, account, role }) => ({ repository, target: account, about: role }),
  },
  "collaborator.accept": {
    action: "repo.add_member",
    facts: ({ repository }, _result, actor) => ({ repository, target: actor }),
  },
  "collaborator.decline": { action: "repository_invitation.reject", facts: ({ repository }) => ({ repository }) },
  "collaborator.remove": {
    action: "repo.remove_member",
    facts: ({ repository, account }) => ({ repository, target: account }),
  },
  "collaborator.add": {
    action: "repo.add_member",
    facts: ({ repository, account, role }) => ({ repository, target: account, about: role }),
  },
  "issue.open": undefined,
  "issue.edit": undefined,
  "issue.close": undefined,
  "issue.reopen": undefined,
  "issue.lock": undefined,
  "issue.unlock": undefined,
  "issue.pin": { action: "issue.pinned", facts: ({ issue }) => issueFacts(issue) },
  "issue.unpin": { action: "issue.unpinned", facts: ({ issue }) => issueFacts(issue) },
  "issue.triage": undefined,
  "comment.add": undefined,
  "comment.edit": { action: "issue_comment.update", facts: (_payload, { issue }) => issueFacts(issue) },
  "comment.delete": { action: "issue_comment.destroy", facts: (_payload, { issue }) => issueFacts(issue) },
  "comment.hide": undefined,
  "reaction.add": undefined,
  "reaction.remove": undefined,
  "labels.create": undefined,
  "label.update": undefined,
  "label.delete": undefined,
  "milestone.create": undefined,
  "milestone.update": undefined,
  "milestone.delete": undefined,
  "pull.open": undefined,
  "pull.update": undefined,
  "pull.merge": undefined,
  "collaborator.update": {
    action: "repo.update_member",
    facts: ({ repository, account, role }) => ({ repository, target: account, about: role }),
  },
  "protection.set": {
    action: "protected_branch.update",
    facts: ({ repository, rule, reason }) => ({ repository, about: rule.pattern, reason }),
  },
  "protection.remove": {
    action: "protected_branch.destroy",
    facts: ({ repository, rule, reason }) => ({ repository, about: rule.pattern, reason }),
  },
  "protection.change": {
    action: "protected_branch.update",
    facts: ({ repository, rule, reason }) => ({ repository, about: rule.pattern, reason }),
  },
  "branch.rename": {
    action: "repo.rename_branch",
    facts: ({ repository, from, to }) => ({ repository, about: `${shortRefName(from)} to ${shortRefName(to)}` }),
  },
  "ssh-key.add": { action: "public_key.create", facts: ({ title }) => ({ about: title }) },
  "ssh-key.remove": { action: "public_key.delete" },
  "ssh-signing-key.add": { action: "ssh_signing_key.create", facts: ({ title }) => ({ about: title }) },
  "ssh-signing-key.remove": { action: "ssh_signing_key.delete" },
  "gpg-key.add": { action: "gpg_key.create", facts: ({ title }) => ({ about: title }) },
  "gpg-key.remove": { action: "gpg_key.delete" },
  "deploy-key.add": { action: "deploy_key.create", facts: ({ repository, title }) => ({ repository, about: title }) },
  "deploy-key.remove": { action: "deploy_key.delete", facts: ({ repository }) => ({ repository }) },
  "refs.update": undefined,
  "refs.change": undefined,
  "status.set": undefined,
  "repository.fork": {
    action: "repo.create",
    facts: ({ owner, name }, { repository }) => ({ repository, owner: owner as AccountId, about: name }),
  },
  "star.set": undefined,
  "subscription.set": undefined,
  "topics.set": {
    action: "repo.topics",
    facts: ({ repository, topics }) => ({ repository, about: topics.join(", ") }),
  },

  "organization.create": {
    action: "org.create",
    isOfNetwork: true,
    facts: ({ handle }, { organization }) => ({ target: organization, about: handle }),
  },
  "organization.update": { action: "org.update" },
  "organization.rename": { action: "org.rename", isOfNetwork: true, facts: ({ handle }) => ({ about: handle }) },
  "organization.delete": { action: "org.delete", isOfNetwork: true },
  "organization.invite": {
    action: "org.invite_member",
    facts: ({ account, role }) => ({ target: account, about: role }),
  },
  "organization.accept": { action: "org.add_member", facts: (_payload, _result, actor) => ({ target: actor }) },
  "organization.decline": { action: "org.cancel_invitation", facts: (_payload, _result, actor) => ({ target: actor }) },
  "organization.cancel-invitation": {
    action: "org.cancel_invitation",
    facts: ({ account }) => ({ target: account }),
  },
  "organization.remove-member": { action: "org.remove_member", facts: ({ account }) => ({ target: account }) },
  "organization.set-role": {
    action: "org.update_member",
    facts: ({ account, role }) => ({ target: account, about: role }),
  },
  "organization.set-visibility": undefined,
  "team.create": { action: "team.create", facts: ({ name }, { team }) => ({ team, about: name }) },
  "team.update": { action: "team.update", facts: ({ team, name }) => ({ team, about: name }) },
  "team.delete": { action: "team.destroy", facts: ({ team }) => ({ team }) },
  "team.set-member": {
    action: "team.add_member",
    facts: ({ team, account, role }) => ({ team, target: account, about: role }),
  },
  "team.remove-member": { action: "team.remove_member", facts: ({ team, account }) => ({ team, target: account }) },
  "team.set-repository": {
    action: "team.add_repository",
    facts: ({ team, repository, role }) => ({ team, repository, about: role }),
  },
  "team.remove-repository": {
    action: "team.remove_repository",
    facts: ({ team, repository }) => ({ team, repository }),
  },
};

/** What the audit logs say of an event; undefined for one that is no administrative act. */
export function auditOf(event: LedgerEvent): AuditEntry | undefined {
  const act = actOf(event);
  if (act === undefined) return undefined;
  const isOfNetwork = RULES[event.kind]?.isOfNetwork === true || event.scope.type === "network";
  return { ...act, isOfNetwork };
}

/**
 * The act that an applied transaction was; undefined for one that is no administrative act. It needs the bytes alone, no
 * state, so that who holds a proof learns what was done from it. Throws `DecodeError` for bytes that are not of the kind.
 */
export function actOf(applied: Pick<LedgerEvent, "kind" | "payload" | "result" | "actor">): AuditAct | undefined {
  const rule = RULES[applied.kind] as AnyRule | undefined;
  if (rule === undefined) return undefined;
  const kind = kindOf(applied.kind);
  const payload = decode(kind.payload, applied.payload);
  const result = decode(kind.result, applied.result);
  const { action } = rule;
  return {
    ...rule.facts?.(payload, result, applied.actor),
    action: typeof action === "string" ? action : action.of(payload),
  };
}

/** Every name of an act, sorted: what filters may ask for. */
export const auditActions: readonly string[] = [...new Set(Object.values(RULES).flatMap(namesOf))].toSorted();

function namesOf(rule: { readonly action: string | { readonly names: readonly string[] } } | undefined) {
  if (rule === undefined) return [];
  return typeof rule.action === "string" ? [rule.action] : rule.action.names;
}

type Subject = PayloadOf<"budget.change">["subject"];

function issueFacts({ repository, number }: IssueKey): AuditFacts {
  return { repository, about: `#${number}` };
}

function subjectFacts(subject: Subject): AuditFacts {
  return subject.type === "account" ? { target: subject.account } : { node: subject.node };
}
