import type { RepositoryRole } from "@guts/governance";
import type { Account, ForgeState, tables } from "@guts/ledger";
import type { Height } from "@guts/primitives";

import { notFound, Refusal } from "../errors.ts";
import type { InvitationKey, PageRequest } from "../ports/index.ts";
import type { Services } from "../services.ts";
import { optionsOf, type ChangeRequest } from "./change-repositories.ts";
import { findAccount, type LocatedRepository } from "./find-repository.ts";
import { awaitReadModel } from "./lists.ts";
import { openRepository, type OpenedRepository, type RepositoryPath } from "./open-repository.ts";
import { requireApplied } from "./rejection.ts";

type Needs = Pick<Services, "ledger" | "transactions" | "readModel">;

/** An open invitation with what it is about. */
export interface Invitation {
  readonly located: LocatedRepository;
  readonly row: tables.RepositoryInvitationRow;
  readonly invitee: Account;
  readonly inviter: Account;
  readonly isExpired: boolean;
}

/** The role that a request names: `pull` and `push` are GitHub's older names of read and write. Without one, write. */
export function roleOf(permission: RepositoryRole | "pull" | "push" | undefined): RepositoryRole {
  if (permission === "pull") return "read";
  return permission === undefined || permission === "push" ? "write" : permission;
}

/**
 * Invites an account, or changes the role of a collaborator or of an invitation that waits. A member of the organization
 * that owns the repository becomes a collaborator at once. Undefined `invitation` means that the account is one now.
 */
export async function inviteCollaborator(
  needs: Needs,
  request: ChangeRequest,
  { path, username, role }: { readonly path: RepositoryPath; readonly username: string; readonly role: RepositoryRole },
): Promise<{ readonly invitation: Invitation | undefined; readonly height: Height | undefined }> {
  const { repository, state } = openRepository(needs.ledger, request.actor, path, "manage-collaborators");
  const account = requireAccount(state, username).id;
  const held = state.collaboratorRole(repository.id, account);
  if (held === role) return { invitation: undefined, height: undefined };
  const isInside = state.organizations.member(repository.owner, account) !== undefined;
  const added = isInside ? ("collaborator.add" as const) : ("collaborator.invite" as const);
  const kind = held === undefined ? added : ("collaborator.update" as const);
  const payload = { repository: repository.id, account, role };
  const { height } = requireApplied(await needs.transactions.submit({ kind, payload }, optionsOf(request)));
  if (held !== undefined || isInside) return { invitation: undefined, height };
  const key = { repository: { id: repository.id }, invitee: { id: account } };
  return { invitation: describeInvitation(needs, key), height };
}

/** Removes a collaborator or takes an invitation back; collaborators may remove themselves. */
export async function removeCollaborator(
  needs: Needs,
  request: ChangeRequest,
  { path, username }: { readonly path: RepositoryPath; readonly username: string },
): Promise<Height> {
  const { repository, state } = openRepository(needs.ledger, request.actor, path);
  const payload = { repository: repository.id, account: requireAccount(state, username).id };
  const outcome = await needs.transactions.submit({ kind: "collaborator.remove", payload }, optionsOf(request));
  return requireApplied(outcome).height;
}

/** The invitation with this number, if the actor may manage it. */
export async function openInvitation(
  needs: Needs,
  request: ChangeRequest,
  { path, number }: { readonly path: RepositoryPath; readonly number: string },
): Promise<{ readonly opened: OpenedRepository; readonly key: InvitationKey }> {
  const opened = openRepository(needs.ledger, request.actor, path, "manage-collaborators");
  const key = await findInvitation(needs, number, request.signal);
  if (key.repository.id !== opened.repository.id) throw notFound();
  return { opened, key };
}

/** Changes the role that an invitation offers. */
export async function updateInvitation(
  needs: Needs,
  request: ChangeRequest,
  { key, role }: { readonly key: InvitationKey; readonly role: RepositoryRole },
): Promise<{ readonly invitation: Invitation; readonly height: Height }> {
  const payload = { repository: key.repository.id, account: key.invitee.id, role };
  const outcome = await needs.transactions.submit({ kind: "collaborator.update", payload }, optionsOf(request));
  const { height } = requireApplied(outcome);
  const invitation = describeInvitation(needs, key);
  if (invitation === undefined) throw notFound();
  return { invitation, height };
}

/** Withdraws an invitation. */
export async function withdrawInvitation(needs: Needs, request: ChangeRequest, key: InvitationKey): Promise<Height> {
  const payload = { repository: key.repository.id, account: key.invitee.id };
  const outcome = await needs.transactions.submit({ kind: "collaborator.remove", payload }, optionsOf(request));
  return requireApplied(outcome).height;
}

/** Accepts or declines one's own invitation. */
export async function answerInvitation(
  needs: Needs,
  request: ChangeRequest,
  { number, answer }: { readonly number: string; readonly answer: "accept" | "decline" },
): Promise<Height> {
  const key = await findInvitation(needs, number, request.signal);
  if (key.invitee.id !== request.actor.account.id) throw notFound();
  const payload = { repository: key.repository.id };
  const kind = answer === "accept" ? ("collaborator.accept" as const) : ("collaborator.decline" as const);
  return requireApplied(await needs.transactions.submit({ kind, payload }, optionsOf(request))).height;
}

/** Open invitations of a repository or to an account, oldest first. */
export async function listInvitations(
  needs: Needs,
  of: Parameters<Services["readModel"]["repositoryInvitations"]>[0],
  { page, signal }: { readonly page: PageRequest; readonly signal: AbortSignal },
): Promise<{ readonly items: readonly Invitation[]; readonly hasMore: boolean }> {
  await awaitReadModel(needs, signal);
  const { items, hasMore } = await needs.readModel.repositoryInvitations(of, page, signal);
  return { items: items.flatMap((key) => describeInvitation(needs, key) ?? []), hasMore };
}

/** An invitation as the state has it now; undefined when it was answered. */
export function describeInvitation({ ledger }: Pick<Needs, "ledger">, key: InvitationKey): Invitation | undefined {
  const state = ledger.state();
  const row = state.repositoryInvitation(key.repository.id, key.invitee.id);
  const repository = state.repository(key.repository.id);
  const invitee = state.account(key.invitee.id);
  const inviter = row === undefined ? undefined : state.account(row.invitedBy);
  const owner = repository === undefined ? undefined : state.account(repository.owner);
  if (
    row === undefined ||
    repository === undefined ||
    owner === undefined ||
    invitee === undefined ||
    inviter === undefined
  )
    return undefined;
  const located = { repository, owner, fullName: `${owner.handle}/${repository.name}`, isFormerName: false };
  return { located, row, invitee, inviter, isExpired: row.expiresTime <= ledger.time() };
}

async function findInvitation(needs: Needs, number: string, signal: AbortSignal): Promise<InvitationKey> {
  const id = /^[1-9]\d{0,14}$/.test(number) ? Number(number) : undefined;
  await awaitReadModel(needs, signal);
  const key = id === undefined ? undefined : await needs.readModel.repositoryInvitation(id, signal);
  if (key === undefined) throw notFound();
  return key;
}

function requireAccount(state: ForgeState, username: string): Account {
  const found = findAccount(state, username);
  if (found === undefined) throw new Refusal("not-found", "Not Found");
  return found.account;
}
