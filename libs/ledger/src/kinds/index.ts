/** Every kind of transaction. A new kind is a file in this folder and a line in `KINDS`. */
import { decode, objectIdLength, zeroObjectId, type ObjectId } from "@guts/primitives";
import type { LedgerEvent } from "../event.ts";
import type { TransactionKind } from "../kind.ts";
import { pullHeadRef } from "../pull-state.ts";
import type { AnyCertifiedUpdate } from "../receipt.ts";
import { accountClose, accountCreate, accountRename, accountUpdate } from "./accounts.ts";
import { accountReinstate, accountSuspend, accountUnsuspend, budgetChange, budgetSet } from "./administration.ts";
import { branchRename } from "./branches.ts";
import {
  collaboratorAccept,
  collaboratorAdd,
  collaboratorDecline,
  collaboratorInvite,
  collaboratorRemove,
  collaboratorUpdate,
} from "./collaborators.ts";
import { credentialCreate, credentialCreateRestricted, credentialRevoke, credentialShare } from "./credentials.ts";
import { delegationGrant, delegationRevoke } from "./delegations.ts";
import { accountFollow, accountUnfollow } from "./follows.ts";
import { repositoryFork } from "./forks.ts";
import { keyAdd, keyRevoke } from "./keys.ts";
import { networkInvitationCreate } from "./network-invitations.ts";
import { nodeAdmit, nodeDismiss, nodeRemove } from "./nodes.ts";
import { commentAdd, commentDelete, commentEdit, commentHide } from "./comments.ts";
import { issueTriage } from "./issue-triage.ts";
import {
  issueClose,
  issueEdit,
  issueLock,
  issueOpen,
  issuePin,
  issueReopen,
  issueUnlock,
  issueUnpin,
} from "./issues.ts";
import { labelDelete, labelsCreate, labelUpdate } from "./labels.ts";
import { milestoneCreate, milestoneDelete, milestoneUpdate } from "./milestones.ts";
import { pullMerge } from "./pull-merge.ts";
import { pullOpen, pullUpdate } from "./pulls.ts";
import { reactionAdd, reactionRemove } from "./reactions.ts";
import { avatarSet, profileChange } from "./profiles.ts";
import { contentRedact } from "./redaction.ts";
import { protectionChange, protectionRemove, protectionSet } from "./protection.ts";
import { refsChange, refsUpdate } from "./refs.ts";
import {
  organizationAccept,
  organizationCancelInvitation,
  organizationDecline,
  organizationInvite,
  organizationRemoveMember,
  organizationSetRole,
  organizationSetVisibility,
} from "./organization-members.ts";
import { organizationCreate, organizationDelete, organizationRename, organizationUpdate } from "./organizations.ts";
import { networkInvitationOffer, networkInvitationRevoke, registrationSet } from "./registration.ts";
import {
  repositoryArchive,
  repositoryCreate,
  repositoryDelete,
  repositoryRename,
  repositoryUpdate,
} from "./repositories.ts";
import { statusSet } from "./statuses.ts";
import { starSet, subscriptionSet, topicsSet } from "./repository-standing.ts";
import { gpgKeyAdd, gpgKeyRemove, sshSigningKeyAdd, sshSigningKeyRemove } from "./signing-keys.ts";
import { deployKeyAdd, deployKeyRemove, sshKeyAdd, sshKeyRemove } from "./ssh-keys.ts";
import { teamRemoveMember, teamRemoveRepository, teamSetMember, teamSetRepository } from "./team-access.ts";
import { teamCreate, teamDelete, teamUpdate } from "./teams.ts";
import { repositoryTransfer, transferAccept, transferCancel } from "./transfers.ts";
import { voucherCreate, voucherRedeem } from "./visits.ts";

/** The registry, by name. The number in the envelope is each kind's `tag`. */
export const KINDS = {
  "account.create": accountCreate,
  "account.update": accountUpdate,
  "account.rename": accountRename,
  "account.close": accountClose,
  "account.follow": accountFollow,
  "account.unfollow": accountUnfollow,
  "profile.change": profileChange,
  "avatar.set": avatarSet,
  "key.add": keyAdd,
  "key.revoke": keyRevoke,
  "credential.create": credentialCreate,
  "credential.revoke": credentialRevoke,
  "credential.share": credentialShare,
  "delegation.grant": delegationGrant,
  "delegation.revoke": delegationRevoke,
  "network-invitation.create": networkInvitationCreate,
  "node.admit": nodeAdmit,
  "node.remove": nodeRemove,
  "repository.create": repositoryCreate,
  "repository.update": repositoryUpdate,
  "repository.rename": repositoryRename,
  "repository.transfer": repositoryTransfer,
  "transfer.accept": transferAccept,
  "transfer.cancel": transferCancel,
  "repository.archive": repositoryArchive,
  "repository.delete": repositoryDelete,
  "collaborator.invite": collaboratorInvite,
  "collaborator.accept": collaboratorAccept,
  "collaborator.decline": collaboratorDecline,
  "collaborator.remove": collaboratorRemove,
  "collaborator.update": collaboratorUpdate,
  "collaborator.add": collaboratorAdd,
  "refs.update": refsUpdate,
  "refs.change": refsChange,
  "content.redact": contentRedact,
  "protection.set": protectionSet,
  "protection.remove": protectionRemove,
  "protection.change": protectionChange,
  "branch.rename": branchRename,
  "ssh-key.add": sshKeyAdd,
  "deploy-key.add": deployKeyAdd,
  "deploy-key.remove": deployKeyRemove,
  "ssh-key.remove": sshKeyRemove,
  "credential.create-restricted": credentialCreateRestricted,
  "ssh-signing-key.add": sshSigningKeyAdd,
  "gpg-key.add": gpgKeyAdd,
  "ssh-signing-key.remove": sshSigningKeyRemove,
  "gpg-key.remove": gpgKeyRemove,
  "organization.create": organizationCreate,
  "organization.update": organizationUpdate,
  "organization.rename": organizationRename,
  "organization.delete": organizationDelete,
  "organization.invite": organizationInvite,
  "organization.accept": organizationAccept,
  "organization.decline": organizationDecline,
  "organization.remove-member": organizationRemoveMember,
  "organization.set-role": organizationSetRole,
  "organization.set-visibility": organizationSetVisibility,
  "organization.cancel-invitation": organizationCancelInvitation,
  "team.create": teamCreate,
  "team.update": teamUpdate,
  "team.delete": teamDelete,
  "team.set-member": teamSetMember,
  "team.remove-member": teamRemoveMember,
  "team.set-repository": teamSetRepository,
  "team.remove-repository": teamRemoveRepository,
  "account.suspend": accountSuspend,
  "account.unsuspend": accountUnsuspend,
  "budget.set": budgetSet,
  "voucher.create": voucherCreate,
  "voucher.redeem": voucherRedeem,
  "network-invitation.offer": networkInvitationOffer,
  "network-invitation.revoke": networkInvitationRevoke,
  "registration.set": registrationSet,
  "budget.change": budgetChange,
  "account.reinstate": accountReinstate,
  "node.dismiss": nodeDismiss,
  "pull.open": pullOpen,
  "pull.update": pullUpdate,
  "pull.merge": pullMerge,
  "issue.open": issueOpen,
  "issue.edit": issueEdit,
  "issue.close": issueClose,
  "issue.reopen": issueReopen,
  "issue.lock": issueLock,
  "issue.unlock": issueUnlock,
  "issue.pin": issuePin,
  "issue.unpin": issueUnpin,
  "issue.triage": issueTriage,
  "comment.add": commentAdd,
  "comment.edit": commentEdit,
  "comment.delete": commentDelete,
  "comment.hide": commentHide,
  "reaction.add": reactionAdd,
  "reaction.remove": reactionRemove,
  "labels.create": labelsCreate,
  "label.update": labelUpdate,
  "label.delete": labelDelete,
  "milestone.create": milestoneCreate,
  "milestone.update": milestoneUpdate,
  "milestone.delete": milestoneDelete,
  "status.set": statusSet,
  "repository.fork": repositoryFork,
  "star.set": starSet,
  "subscription.set": subscriptionSet,
  "topics.set": topicsSet,
} as const;

/** A kind's name. */
export type KindName = keyof typeof KINDS;
/** What a kind's payload says. */
export type PayloadOf<Name extends KindName> = ReturnType<(typeof KINDS)[Name]["payload"]["read"]>;
/** What an applied transaction of a kind gives. */
export type ResultOf<Name extends KindName> = ReturnType<(typeof KINDS)[Name]["result"]["read"]>;

/** A kind with its payload: what a door wants done. */
export type LedgerCommand<Name extends KindName = KindName> = {
  readonly [Kind in Name]: { readonly kind: Kind; readonly payload: PayloadOf<Kind> };
}[Name];

/** A kind whose payload type only its own codec knows. */
export type AnyKind = TransactionKind<unknown, unknown>;

const nameByTag = new Map(Object.entries(KINDS).map(([name, kind]) => [kind.tag, name as KindName]));

/** The kind that an envelope's number selects, or undefined. */
export function findKind(tag: number): { readonly name: KindName; readonly kind: AnyKind } | undefined {
  const name = nameByTag.get(tag);
  return name === undefined ? undefined : { name, kind: kindOf(name) };
}

/** The kind of a name. */
export function kindOf(name: KindName): AnyKind {
  return KINDS[name] as unknown as AnyKind;
}

/** What a payload of either kind that pushes says; undefined for the bytes of any other kind. */
export function refChangesOf(kind: KindName, payload: Uint8Array): PayloadOf<"refs.update"> | undefined {
  if (kind === "refs.update") return decode(refsUpdate.payload, payload);
  return kind === "refs.change" ? decode(refsChange.payload, payload) : undefined;
}

/** Who signed for the objects that a transaction brings, and in which packs they are; undefined for one that brings none. */
export function storedObjectsOf(
  kind: KindName,
  payload: Uint8Array,
): Pick<PayloadOf<"refs.update">, "packs" | "receipt"> | undefined {
  return kind === "pull.merge" ? decode(pullMerge.payload, payload) : refChangesOf(kind, payload);
}

/** A ref that an applied transaction made, moved or deleted. */
export type RefMove = Pick<AnyCertifiedUpdate, "name" | "oldId" | "newId" | "isFastForward">;

/** Every ref that an applied transaction moved; none unless it was of a kind that moves refs. Deletions may come after creations. */
export function refMovesOf({
  kind,
  payload,
  result,
}: Pick<LedgerEvent, "kind" | "payload" | "result">): readonly RefMove[] {
  if (kind === "branch.rename") return renameMoves(decode(branchRename.payload, payload));
  if (kind === "pull.merge") return [decode(pullMerge.payload, payload).update];
  if (kind === "pull.open") return [openingMove(decode(pullOpen.payload, payload), decode(pullOpen.result, result))];
  const changes = refChangesOf(kind, payload);
  if (changes === undefined) return [];
  const { refusals } = decode(refsChange.result, result);
  return changes.updates.filter((_, index) => refusals[index] === undefined);
}

function openingMove({ headId }: PayloadOf<"pull.open">, { number }: ResultOf<"pull.open">): RefMove {
  return { name: pullHeadRef(number), oldId: zeroLike(headId), newId: headId, isFastForward: false };
}

function renameMoves({ from, to, id }: PayloadOf<"branch.rename">): readonly RefMove[] {
  const zero = zeroLike(id);
  return [
    { name: from, oldId: id, newId: zero, isFastForward: false },
    { name: to, oldId: zero, newId: id, isFastForward: false },
  ];
}

function zeroLike(id: ObjectId): ObjectId {
  return zeroObjectId(id.length === objectIdLength("sha1") ? "sha1" : "sha256");
}
