/** Ref updates: the effect of a push, one compare-and-swap per ref. */
import {
  bool,
  heightCodec,
  isZeroObjectId,
  list,
  option,
  repositoryIdCodec,
  struct,
  text,
  u16,
  u64,
  type Codec,
  type Decoded,
  type RefName,
} from "@guts/primitives";
import type { Repository } from "../forge-state.ts";
import { removeFormerBranch } from "../former-branches.ts";
import { applied, defineKind, rejected, repositoryScope, type ActContext, type ActOutcome } from "../kind.ts";
import {
  examinationWork,
  packsPerPushMax,
  pushOptionBytesMax,
  pushOptionsMax,
  receiptLifeBlocksMax,
  refUpdatesPerPushMax,
  verificationWork,
} from "../limits.ts";
import {
  certifiedUpdateCodec,
  factsVersion,
  firstCertifiedUpdateCodec,
  isCertified,
  packRefCodec,
  placementAllValidators,
  receiptSignaturesCodec,
  type AnyCertifiedUpdate,
} from "../receipt.ts";
import { followBranch, newFollowMeter, refuseFollowing } from "../pull-heads.ts";
import { refMoveWork, RefChanges, type RefPusher } from "../ref-changes.ts";
import { rejectionCodec, type RejectionCode } from "../rejection.ts";
import { openRepository } from "../repository-act.ts";
import { removeRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { saveRepository } from "./repositories.ts";

/** What of a receipt stands in a payload beside the updates and packs. */
export const receiptTerms = struct({
  epoch: u64,
  placement: u16,
  factsVersion: u16,
  baseHeight: heightCodec,
  expiresHeight: heightCodec,
  signatures: receiptSignaturesCodec,
});

/** A push whose updates have facts of some version. */
function pushCodec<Update extends AnyCertifiedUpdate>(update: Codec<Update>) {
  return struct({
    repository: repositoryIdCodec,
    /** All refs or none. */
    isAtomic: bool,
    updates: list(update, refUpdatesPerPushMax),
    packs: list(packRefCodec, packsPerPushMax),
    pushOptions: list(text(pushOptionBytesMax), pushOptionsMax),
    /** The rest of the statement that the signatures certify. */
    receipt: receiptTerms,
  });
}
type Push = Decoded<ReturnType<typeof pushCodec<AnyCertifiedUpdate>>>;

const pushResult = struct({
  /** One for each update, in order: undefined where the ref moved. */
  refusals: list(option(rejectionCodec), refUpdatesPerPushMax),
  /** The default branch, when this push decided it. */
  defaultBranch: option(tables.refNameCodec),
});

/** What pushes have in common, whatever the version of their facts. */
const pushFrame = {
  result: pushResult,
  authority: "any",
  work: ({ updates, receipt }: Push) =>
    updates.reduce((work, { name }) => work + refMoveWork(name), 0) +
    examinationWork +
    verificationWork * receipt.signatures.length,
  spared: () => examinationWork,
  scope: (_context: ActContext, { repository }: Push) => repositoryScope(repository),
} as const;

/**
 * Moves refs. Each update that does not apply has its reason in the result. If none applies, or if an atomic push has a
 * refusal, the transaction is rejected for the first of them.
 */
export const refsChange = defineKind({
  tag: 41,
  payload: pushCodec(certifiedUpdateCodec),
  ...pushFrame,
  authority: "push",
  apply: (context, payload) => applyPush(context, payload, factsVersion),
});

/** The same with facts of version 1, as nodes submitted it before there were protection rules. */
export const refsUpdate = defineKind({
  tag: 40,
  payload: pushCodec(firstCertifiedUpdateCodec),
  ...pushFrame,
  apply: (context, payload) => applyPush(context, payload, 1),
});

function applyPush(context: ActContext, payload: Push, version: number): ActOutcome<Decoded<typeof pushResult>> {
  const opened = openRepository(context, payload.repository, "push");
  if (opened.refusal !== undefined) return rejected(opened.refusal);
  if (payload.updates.length === 0) return rejected("nothing-to-do");
  if (new Set(payload.updates.map(({ name }) => name)).size !== payload.updates.length) return rejected("ref-repeated");
  const receiptRefusal = refuseReceipt(context, payload, version);
  if (receiptRefusal !== undefined) return rejected(receiptRefusal);
  const { refusals, repository } = moveRefs(context, opened.repository, payload);
  const firstRefusal = refusals.find((refusal) => refusal !== undefined);
  const isNothingDone = payload.isAtomic || refusals.every((refusal) => refusal !== undefined);
  if (firstRefusal !== undefined && isNothingDone) return rejected(firstRefusal);
  const defaultBranch = followFirstPush(context, repository, payload.updates);
  saveRepository(context, {
    ...repository,
    pushedTime: context.time,
    ...(defaultBranch === undefined ? {} : { defaultBranch, defaultBranchIs: "chosen" as const }),
  });
  return applied({ refusals, defaultBranch });
}

/** Applies what applies. Updates see the ones before them, so that `a` can be deleted and `a/b` created in one push. */
function moveRefs(
  context: ActContext,
  before: Repository,
  payload: Push,
): { readonly refusals: readonly (RejectionCode | undefined)[]; readonly repository: Repository } {
  let repository = before;
  const refusals: (RejectionCode | undefined)[] = [];
  const changes = new RefChanges(context.forge, before.id, pusherOf(context));
  const deletionsFirst = [...payload.updates.keys()].sort(
    (left, right) => rank(payload, left) - rank(payload, right) || left - right,
  );
  const meter = newFollowMeter();
  for (const index of deletionsFirst) {
    const update = payload.updates[index]!;
    const branch = { repository: before.id, name: update.name };
    const refusal = changes.refuse(repository, update) ?? refuseFollowing(context, branch, meter);
    refusals[index] = refusal;
    if (refusal === undefined) repository = moveRef(context, repository, update);
  }
  return { refusals, repository };
}

/** Nodes sign what credentials allow; only a key of the account, or one that it signed for, makes a push its owner's own word. */
export function pusherOf({ actor, authority }: ActContext): RefPusher {
  const isSignedByGit = authority.type === "push-certificate" && authority.signer === "own";
  return { account: actor, isSigned: authority.type === "key" || isSignedByGit };
}

function rank(payload: Push, index: number): number {
  return isZeroObjectId(payload.updates[index]!.newId) ? 0 : 1;
}

/** Moves one ref and takes along the pull requests that follow it; returns the repository with its refs counted. */
export function moveRef(
  context: ActContext,
  repository: Repository,
  { name, oldId, newId }: AnyCertifiedUpdate,
): Repository {
  const { state } = context;
  const key = { repository: repository.id, name };
  if (isZeroObjectId(newId)) removeRow(state, tables.refTable, key);
  else writeRow(state, tables.refTable, key, newId);
  if (isZeroObjectId(oldId)) removeFormerBranch(state, key);
  followBranch(context, key, newId);
  const change = isZeroObjectId(newId) ? -1 : isZeroObjectId(oldId) ? 1 : 0;
  return { ...repository, refCount: repository.refCount + change };
}

/** Why a receipt with facts of `version` does not certify these updates now, or undefined. */
export function refuseReceipt(
  { forge, networkId, height }: ActContext,
  payload: Pick<Push, "repository" | "updates" | "packs" | "receipt">,
  version: number,
): RejectionCode | undefined {
  const network = forge.network();
  const { repository, updates, packs, receipt } = payload;
  const { baseHeight, expiresHeight } = receipt;
  if (expiresHeight < height) return "receipt-expired";
  const isKnown = receipt.placement === placementAllValidators && receipt.factsVersion === version;
  // Of refs that are not final yet nobody can say what they reach, and nobody keeps objects for ever.
  const isInBounds = baseHeight < height && expiresHeight - baseHeight <= receiptLifeBlocksMax;
  if (receipt.epoch !== network.epoch || !isKnown || !isInBounds) return "receipt-insufficient";
  const { signatures, ...terms } = receipt;
  const statement = { networkId, repository, updates, packs, ...terms };
  return isCertified(statement, signatures, network.validators) ? undefined : "receipt-insufficient";
}

/** The first branch of a repository without a chosen default becomes it; main and master go before others. */
function followFirstPush(
  context: ActContext,
  repository: Repository,
  updates: readonly AnyCertifiedUpdate[],
): RefName | undefined {
  if (repository.defaultBranchIs === "chosen") return undefined;
  const exists = (name: RefName): boolean => context.forge.ref(repository.id, name) !== undefined;
  const created = updates.map(({ name }) => name).filter((name) => name.startsWith("refs/heads/") && exists(name));
  const preferred = [repository.defaultBranch, "refs/heads/main", "refs/heads/master"];
  return (
    preferred.map((name) => created.find((other) => other === name)).find((name) => name !== undefined) ?? created[0]
  );
}
