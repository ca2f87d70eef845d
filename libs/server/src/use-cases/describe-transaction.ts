import type { Transaction } from "@guts/api";
import {
  decodeEnvelope,
  findKind,
  pushCertificateOf,
  refChangesOf,
  type Envelope,
  type ForgeState,
  type KindName,
  type PayloadOf,
} from "@guts/ledger";
import { decode, DecodeError, sshBlobOf, toHex, type AccountId, type RepositoryId } from "@guts/primitives";

import { refuseActor, type Actor } from "../auth/actor.ts";
import type { ChainBlock, ChainTransaction } from "../ports/index.ts";
import type { Services } from "../services.ts";
import { fingerprintOf } from "../ssh/host-key.ts";
import type { CountCommits } from "./commit-counts.ts";
import { describePush } from "./describe-push.ts";
import { refusalOfRejection } from "./rejection.ts";

/** A transaction in its block. */
export interface PlacedTransaction {
  readonly block: ChainBlock;
  readonly transaction: ChainTransaction;
  readonly index: number;
}

/** Whom it is told, and how commits are counted for that answer. */
export interface Audience {
  readonly actor: Actor;
  readonly countCommits: CountCommits;
}

/** What each kind did, after the account's name. `@` stands for the repository. */
const DEEDS: Readonly<Record<KindName, string>> = {
  "account.create": "opened an account",
  "account.update": "changed their profile",
  "account.rename": "took another handle",
  "account.close": "closed their account",
  "account.follow": "followed somebody",
  "account.unfollow": "unfollowed somebody",
  "profile.change": "changed their profile",
  "avatar.set": "changed a picture",
  "key.add": "added a key",
  "key.revoke": "revoked a key",
  "credential.create": "signed in or made a token",
  "credential.revoke": "signed out or revoked a token",
  "credential.share": "made a token good at another home node",
  "delegation.grant": "made a node a home of their account",
  "delegation.revoke": "took a home node away",
  "network-invitation.create": "invited somebody to the network",
  "node.admit": "admitted a node",
  "node.remove": "removed a node from the network",
  "node.dismiss": "removed a node from the network",
  "repository.create": "created @",
  "repository.update": "changed the settings of @",
  "repository.rename": "renamed @",
  "repository.transfer": "offered @ to another owner",
  "transfer.accept": "took over @",
  "transfer.cancel": "ended the transfer of @",
  "repository.archive": "archived or unarchived @",
  "repository.delete": "deleted a repository",
  "issue.open": "opened an issue in @",
  "issue.edit": "edited an issue in @",
  "issue.close": "closed an issue in @",
  "issue.reopen": "reopened an issue in @",
  "issue.lock": "locked a conversation in @",
  "issue.unlock": "unlocked a conversation in @",
  "issue.pin": "pinned an issue in @",
  "issue.unpin": "unpinned an issue in @",
  "issue.triage": "sorted an issue in @",
  "comment.add": "commented in @",
  "comment.edit": "edited a comment in @",
  "comment.delete": "deleted a comment in @",
  "comment.hide": "hid or showed a comment in @",
  "reaction.add": "reacted in @",
  "reaction.remove": "took a reaction back in @",
  "labels.create": "made labels in @",
  "label.update": "changed a label in @",
  "label.delete": "deleted a label in @",
  "milestone.create": "made a milestone in @",
  "milestone.update": "changed a milestone in @",
  "milestone.delete": "deleted a milestone in @",
  "pull.open": "opened a pull request in @",
  "pull.update": "changed a pull request in @",
  "pull.merge": "merged a pull request in @",
  "collaborator.invite": "invited somebody to @",
  "collaborator.accept": "joined @",
  "collaborator.decline": "declined an invitation",
  "collaborator.remove": "removed somebody from @",
  "collaborator.update": "changed somebody's role in @",
  "collaborator.add": "added a member of the organization to @",
  "repository.fork": "forked a repository to @",
  "status.set": "gave a status to a commit of @",
  "star.set": "starred or unstarred @",
  "subscription.set": "changed what they hear of @",
  "topics.set": "changed the topics of @",
  "refs.update": "pushed to @",
  "refs.change": "pushed to @",
  "content.redact": "erased texts",
  "ssh-key.add": "added an SSH key",
  "ssh-key.remove": "removed an SSH key",
  "deploy-key.add": "added a deploy key to @",
  "deploy-key.remove": "removed a deploy key from @",
  "credential.create-restricted": "made a fine-grained token",
  "ssh-signing-key.add": "added an SSH key that signs",
  "ssh-signing-key.remove": "removed an SSH key that signs",
  "gpg-key.add": "added a GPG key",
  "gpg-key.remove": "removed a GPG key",
  "protection.set": "protected branches or tags of @",
  "protection.remove": "removed a protection rule of @",
  "protection.change": "protected branches or tags of @",
  "branch.rename": "gave a branch of @ another name",
  "organization.create": "founded an organization",
  "organization.update": "changed the settings of an organization",
  "organization.rename": "gave an organization another handle",
  "organization.delete": "deleted an organization",
  "organization.invite": "invited somebody to an organization",
  "organization.accept": "joined an organization",
  "organization.decline": "declined an invitation to an organization",
  "organization.cancel-invitation": "took an invitation to an organization back",
  "organization.remove-member": "left an organization or removed somebody from it",
  "organization.set-role": "changed somebody's role in an organization",
  "organization.set-visibility": "showed or concealed their membership of an organization",
  "team.create": "made a team",
  "team.update": "changed a team",
  "team.delete": "deleted a team",
  "team.set-member": "added somebody to a team or changed their role there",
  "team.remove-member": "left a team or removed somebody from it",
  "team.set-repository": "gave a team a role on @",
  "team.remove-repository": "took a team's role on @ away",
  "account.suspend": "suspended an account",
  "account.unsuspend": "let a suspended account act again",
  "account.reinstate": "let a suspended account act again",
  "budget.set": "changed a budget",
  "voucher.create": "agreed to sign in at another node",
  "voucher.redeem": "signed in at a node that is not their home",
  "budget.change": "changed a budget",
  "network-invitation.offer": "invited people to the network",
  "network-invitation.revoke": "took an invitation to the network back",
  "registration.set": "changed who may open accounts",
};

/**
 * A transaction in the forge's words. Everybody may see that it happened and who did it; a repository is named only to
 * those who may read it, as it is called now.
 */
export async function describeTransaction(
  { ledger }: Pick<Services, "ledger">,
  placed: PlacedTransaction,
  { actor, countCommits }: Audience,
): Promise<Transaction> {
  const { block, transaction, index } = placed;
  const { transactionId, verdict } = transaction.record;
  const result = verdict.type === "applied" ? verdict.result : undefined;
  const envelope = decodeEnvelope(transaction.envelope);
  const state = ledger.state();
  const kind = envelope === undefined ? undefined : findKind(envelope.body.kind)?.name;
  const account = envelope === undefined ? undefined : accountOf(state, envelope, result);
  const repository = envelope === undefined || kind === undefined ? undefined : repositoryOf(envelope, kind, result);
  const fullName = repository === undefined ? undefined : readableName(state, repository, actor);
  const changes = envelope === undefined || kind === undefined ? undefined : refChangesOf(kind, envelope.body.payload);
  const isToTell =
    changes !== undefined && repository !== undefined && mayOn(state, repository, actor, "read-contents");
  const push = isToTell ? { changes, repository } : undefined;
  const deed = await deedOf(kind, push, countCommits);
  const signedBy = envelope === undefined ? null : signerOf(envelope);
  const signature = signedBy === null ? "" : " (signed push)";
  const rejection =
    verdict.type === "applied" ? null : { code: verdict.code, message: refusalOfRejection(verdict.code).message };
  return {
    id: toHex(transactionId),
    height: block.header.height,
    index,
    time: new Date(block.header.time).toISOString(),
    kind: kind ?? "unknown",
    summary: `${account?.handle ?? "somebody"} ${deed.replace("@", () => fullName ?? "a private repository")}${signature}`,
    outcome: rejection === null ? "applied" : "rejected",
    rejection,
    account: account === undefined ? null : { id: account.id, handle: account.handle },
    repository: repository === undefined || fullName === undefined ? null : { id: repository, fullName },
    authority: envelope?.authorization.type ?? "unknown",
    signedBy,
    nodeId: envelope?.admission.node ?? "",
  };
}

function signerOf({ authorization }: Envelope): string | null {
  const certificate = pushCertificateOf(authorization);
  return certificate === undefined ? null : fingerprintOf(sshBlobOf(certificate.publicKey));
}

/** What the transaction did, for those who may read its repository or where there is none. */
async function deedOf(
  kind: KindName | undefined,
  push: ToldPush | undefined,
  countCommits: CountCommits,
): Promise<string> {
  if (kind === undefined) return "did something this release does not know";
  return push === undefined ? DEEDS[kind] : describePush(push.changes, push.repository, countCommits);
}

interface ToldPush {
  readonly changes: PayloadOf<"refs.update">;
  readonly repository: RepositoryId;
}

/** The account that acted; a sign-up acts for the account that it makes, whose number is in the result. */
function accountOf(state: ForgeState, { body }: Envelope, result: Uint8Array | undefined) {
  const number = body.account === 0 ? numberIn(result, body.kind, "account") : body.account;
  return number === undefined ? undefined : state.account(number as AccountId);
}

function repositoryOf({ body }: Envelope, kind: KindName, result: Uint8Array | undefined): RepositoryId | undefined {
  const number =
    kind === "repository.create" ? numberIn(result, body.kind, "repository") : numberInPayload(body.payload, body.kind);
  return number as RepositoryId | undefined;
}

function numberIn(result: Uint8Array | undefined, tag: number, field: string): number | undefined {
  const codec = findKind(tag)?.kind.result;
  return codec === undefined || result === undefined ? undefined : fieldOf(() => decode(codec, result), field);
}

function numberInPayload(payload: Uint8Array, tag: number): number | undefined {
  const codec = findKind(tag)?.kind.payload;
  return codec === undefined ? undefined : fieldOf(() => decode(codec, payload), "repository");
}

function fieldOf(read: () => unknown, field: string): number | undefined {
  try {
    const value = (read() as Readonly<Record<string, unknown>>)[field];
    return typeof value === "number" ? value : undefined;
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

function readableName(state: ForgeState, id: RepositoryId, actor: Actor): string | undefined {
  const repository = state.repository(id);
  const owner = repository === undefined ? undefined : state.account(repository.owner);
  if (repository === undefined || owner === undefined) return undefined;
  return mayOn(state, id, actor, "read") ? `${owner.handle}/${repository.name}` : undefined;
}

function mayOn(state: ForgeState, id: RepositoryId, actor: Actor, action: "read" | "read-contents"): boolean {
  const repository = state.repository(id);
  return repository !== undefined && refuseActor(state, actor, repository, action) === undefined;
}
