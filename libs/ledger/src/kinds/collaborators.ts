/** Collaborators: invited by who administers the repository, there once they accept; members of its organization at once. */
import {
  accountIdCodec,
  repositoryIdCodec,
  struct,
  type AccountId,
  type RepositoryId,
  type TimeMs,
} from "@guts/primitives";
import type { RepositoryRole } from "@guts/governance";
import { applied, defineKind, rejected, repositoryScope, type ActContext } from "../kind.ts";
import { collaborationsPerAccountMax, collaboratorsPerRepositoryMax, repositoryInvitationLifeMs } from "../limits.ts";
import { nextNumber } from "../numbering.ts";
import { openRepository } from "../repository-act.ts";
import type { Overlay } from "../state.ts";
import { readRow, removeRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { addToTally, tallyOf } from "../tally.ts";

const memberPayload = struct({ repository: repositoryIdCodec, account: accountIdCodec });
const rolePayload = struct({ repository: repositoryIdCodec, account: accountIdCodec, role: tables.roleCodec });
const repositoryPayload = struct({ repository: repositoryIdCodec });

/** Invites an account. Inviting again changes the role and starts the time anew. */
export const collaboratorInvite = defineKind({
  tag: 30,
  payload: rolePayload,
  result: struct({}),
  authority: "any",
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository: id, account, role }) => {
    const opened = openRepository(context, id, "manage-collaborators");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const { state, forge, actor, time } = context;
    if (opened.repository.owner === account) return rejected("collaborator-is-owner");
    if (!forge.isActivePerson(account)) return rejected("account-unknown");
    if (forge.collaboratorRole(id, account) !== undefined) return rejected("already-so");
    const earlier = forge.repositoryInvitation(id, account);
    if (earlier === undefined && tallyOf(state, "members", id) >= collaboratorsPerRepositoryMax)
      return rejected("collaborator-limit");
    if (earlier === undefined) addToTally(state, "members", id, 1);
    const number = earlier?.number ?? nextNumber(state, "repositoryInvitation");
    const expiresTime = (time + repositoryInvitationLifeMs) as TimeMs;
    const row = { number, role, invitedBy: actor, createdTime: time, expiresTime };
    writeRow(state, tables.repositoryInvitationTable, { repository: id, account }, row);
    return applied({});
  },
});

/**
 * Makes a member of the organization that owns the repository a collaborator at once: who joined it has agreed to work on
 * what it has. An open invitation of theirs goes.
 */
export const collaboratorAdd = defineKind({
  tag: 77,
  payload: rolePayload,
  result: struct({}),
  authority: "any",
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository: id, account, role }) => {
    const opened = openRepository(context, id, "manage-collaborators");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const { state, forge } = context;
    if (forge.organizations.member(opened.repository.owner, account) === undefined) return rejected("not-a-member");
    if (forge.collaboratorRole(id, account) !== undefined) return rejected("already-so");
    const member = { repository: id, account };
    removeInvitation(state, member);
    const isFull =
      tallyOf(state, "members", id) >= collaboratorsPerRepositoryMax ||
      tallyOf(state, "collaborations", account) >= collaborationsPerAccountMax;
    if (isFull) return rejected("collaborator-limit");
    writeCollaborator(context, member, role);
    return applied({});
  },
});

/** Accepts one's own invitation. */
export const collaboratorAccept = defineKind({
  tag: 31,
  payload: repositoryPayload,
  result: struct({}),
  authority: "administer-repository",
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository }) => {
    const { state, forge, actor, time } = context;
    const invitation = forge.repositoryInvitation(repository, actor);
    if (invitation === undefined || invitation.expiresTime <= time || forge.repository(repository) === undefined) {
      return rejected("not-found");
    }
    if (tallyOf(state, "collaborations", actor) >= collaborationsPerAccountMax) return rejected("collaborator-limit");
    removeInvitation(state, { repository, account: actor });
    writeCollaborator(context, { repository, account: actor }, invitation.role);
    return applied({});
  },
});

/** Declines one's own invitation. */
export const collaboratorDecline = defineKind({
  tag: 32,
  payload: repositoryPayload,
  result: struct({}),
  authority: "administer-repository",
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: ({ state, forge, actor }, { repository }) => {
    if (forge.repositoryInvitation(repository, actor) === undefined) return rejected("not-found");
    removeInvitation(state, { repository, account: actor });
    return applied({});
  },
});

/** Removes a collaborator or takes an invitation back. Collaborators may remove themselves. */
export const collaboratorRemove = defineKind({
  tag: 33,
  payload: memberPayload,
  result: struct({}),
  authority: "administer-repository",
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository, account }) => {
    const { state, forge, actor } = context;
    const { refusal } = openRepository(context, repository, account === actor ? "read" : "manage-collaborators");
    if (refusal !== undefined) return rejected(refusal);
    const isMember = forge.collaboratorRole(repository, account) !== undefined;
    if (!isMember && forge.repositoryInvitation(repository, account) === undefined) return rejected("not-found");
    removeCollaborator(state, { repository, account });
    removeInvitation(state, { repository, account });
    return applied({});
  },
});

/** Changes the role of a collaborator, or of an invitation that waits. */
export const collaboratorUpdate = defineKind({
  tag: 34,
  payload: rolePayload,
  result: struct({}),
  authority: "any",
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository, account, role }) => {
    const { refusal } = openRepository(context, repository, "manage-collaborators");
    if (refusal !== undefined) return rejected(refusal);
    const invitation = context.forge.repositoryInvitation(repository, account);
    if (context.forge.collaboratorRole(repository, account) !== undefined) {
      writeCollaborator(context, { repository, account }, role);
    } else if (invitation !== undefined) {
      writeRow(context.state, tables.repositoryInvitationTable, { repository, account }, { ...invitation, role });
    } else return rejected("not-found");
    return applied({});
  },
});

/** An account and the repository that it is, or is asked to be, a collaborator of. */
export interface Membership {
  readonly repository: RepositoryId;
  readonly account: AccountId;
}

/** Makes the account a collaborator with this role, or changes its role; both directions of the index. */
export function writeCollaborator({ state, time, height }: ActContext, member: Membership, role: RepositoryRole): void {
  const since = readRow(state, tables.collaboratorTable, member);
  const row = { role, sinceTime: since?.sinceTime ?? time, sinceHeight: since?.sinceHeight ?? height };
  writeRow(state, tables.collaboratorTable, member, row);
  if (since !== undefined) return;
  writeRow(state, tables.accountCollaborationTable, member, {});
  addToTally(state, "members", member.repository, 1);
  addToTally(state, "collaborations", member.account, 1);
}

/** Removes both rows of a collaborator; nothing happens when the account is none. */
export function removeCollaborator(state: Overlay, member: Membership): void {
  if (readRow(state, tables.collaboratorTable, member) === undefined) return;
  removeRow(state, tables.collaboratorTable, member);
  removeRow(state, tables.accountCollaborationTable, member);
  addToTally(state, "members", member.repository, -1);
  addToTally(state, "collaborations", member.account, -1);
}

/** Removes an invitation; nothing happens when there is none. */
export function removeInvitation(state: Overlay, member: Membership): void {
  if (readRow(state, tables.repositoryInvitationTable, member) === undefined) return;
  removeRow(state, tables.repositoryInvitationTable, member);
  addToTally(state, "members", member.repository, -1);
}
