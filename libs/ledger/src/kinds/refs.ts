/** Ref updates: the effect of a push, one compare-and-swap per ref. */
import {
  bool,
  concatBytes,
  isZeroObjectId,
  list,
  objectIdLength,
  option,
  repositoryIdCodec,
  struct,
  text,
  u16,
  u64,
  utf8,
  zeroObjectId,
  heightCodec,
  type RefName,
  type RepositoryId,
} from "@guts/primitives";
import { refuseRefUpdate } from "@guts/governance";
import type { Repository } from "../forge-state.ts";
import { applied, defineKind, rejected, repositoryScope, type ActContext } from "../kind.ts";
import {
  examinationWork,
  packsPerPushMax,
  pushOptionBytesMax,
  pushOptionsMax,
  receiptLifeBlocksMax,
  refsPerRepositoryMax,
  refNamePartWork,
  refUpdatesPerPushMax,
  refUpdateWork,
  verificationWork,
} from "../limits.ts";
import {
  certifiedUpdateCodec,
  factsVersion,
  isCertified,
  packRefCodec,
  placementAllValidators,
  receiptSignaturesCodec,
  type CertifiedUpdate,
} from "../receipt.ts";
import { rejectionCodec, type RejectionCode } from "../rejection.ts";
import { openRepository } from "../repository-act.ts";
import { removeRow, rowKey, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { saveRepository } from "./repositories.ts";

const updatePayload = struct({
  repository: repositoryIdCodec,
  /** All refs or none. */
  isAtomic: bool,
  updates: list(certifiedUpdateCodec, refUpdatesPerPushMax),
  packs: list(packRefCodec, packsPerPushMax),
  pushOptions: list(text(pushOptionBytesMax), pushOptionsMax),
  /** The rest of the statement that the signatures certify. */
  receipt: struct({
    epoch: u64,
    placement: u16,
    factsVersion: u16,
    baseHeight: heightCodec,
    expiresHeight: heightCodec,
    signatures: receiptSignaturesCodec,
  }),
});
type UpdatePayload = ReturnType<(typeof updatePayload)["read"]>;

/**
 * Moves refs. Each update that does not apply has its reason in the result. If none applies, or if an atomic push has a
 * refusal, the transaction is rejected for the first of them.
 */
export const refsUpdate = defineKind({
  tag: 40,
  payload: updatePayload,
  result: struct({
    /** One for each update, in order: undefined where the ref moved. */
    refusals: list(option(rejectionCodec), refUpdatesPerPushMax),
    /** The default branch, when this push decided it. */
    defaultBranch: option(tables.refNameCodec),
  }),
  authority: "any",
  work: ({ updates, receipt }) =>
    updates.reduce((work, { name }) => work + refMoveWork(name), 0) +
    examinationWork +
    verificationWork * receipt.signatures.length,
  spared: () => examinationWork,
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, payload) => {
    const opened = openRepository(context, payload.repository, "push");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    if (payload.updates.length === 0) return rejected("nothing-to-do");
    if (new Set(payload.updates.map(({ name }) => name)).size !== payload.updates.length)
      return rejected("ref-repeated");
    const receiptRefusal = refuseReceipt(context, payload);
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
  },
});

/** The work of one update: it is compared with every ref that could stand in its way. */
export function refMoveWork(name: RefName): number {
  return refUpdateWork + refNamePartWork * Math.max(0, name.split("/").length - 3);
}

/** Why one update would not apply now, or undefined. Early answers and the authoritative one come from here. */
export function refuseUpdate(
  context: Pick<ActContext, "forge">,
  repository: Repository,
  update: CertifiedUpdate,
): RejectionCode | undefined {
  const { name, oldId, newId, newType } = update;
  const length = objectIdLength(repository.objectFormat);
  if (oldId.length !== length || newId.length !== length) return "object-format-mismatch";
  const kind = isZeroObjectId(newId) ? "delete" : isZeroObjectId(oldId) ? "create" : "update";
  const refusal = refuseRefUpdate({ name, kind }, repository.defaultBranch);
  if (refusal !== undefined) return refusal;
  if (oldId === newId) return "ref-unchanged";
  const current = context.forge.ref(repository.id, name) ?? zeroObjectId(repository.objectFormat);
  if (current !== oldId) return "ref-stale";
  if (kind === "delete") return undefined;
  if (name.startsWith("refs/heads/") && newType !== "commit") return "ref-not-a-commit";
  if (kind === "update") return undefined;
  if (repository.refCount >= refsPerRepositoryMax) return "ref-limit";
  return hasConflictingRef(context, repository.id, name) ? "ref-conflict" : undefined;
}

/** Applies what applies. Updates see the ones before them, so that `a` can be deleted and `a/b` created in one push. */
function moveRefs(
  context: ActContext,
  before: Repository,
  payload: UpdatePayload,
): { readonly refusals: readonly (RejectionCode | undefined)[]; readonly repository: Repository } {
  let repository = before;
  const refusals: (RejectionCode | undefined)[] = [];
  const deletionsFirst = [...payload.updates.keys()].sort(
    (left, right) => rank(payload, left) - rank(payload, right) || left - right,
  );
  for (const index of deletionsFirst) {
    const update = payload.updates[index]!;
    const refusal = refuseUpdate(context, repository, update);
    refusals[index] = refusal;
    if (refusal === undefined) repository = moveRef(context, repository, update);
  }
  return { refusals, repository };
}

function rank(payload: UpdatePayload, index: number): number {
  return isZeroObjectId(payload.updates[index]!.newId) ? 0 : 1;
}

function moveRef({ state }: ActContext, repository: Repository, { name, oldId, newId }: CertifiedUpdate): Repository {
  const key = { repository: repository.id, name };
  if (isZeroObjectId(newId)) removeRow(state, tables.refTable, key);
  else writeRow(state, tables.refTable, key, newId);
  const change = isZeroObjectId(newId) ? -1 : isZeroObjectId(oldId) ? 1 : 0;
  return { ...repository, refCount: repository.refCount + change };
}

function refuseReceipt({ forge, networkId, height }: ActContext, payload: UpdatePayload): RejectionCode | undefined {
  const network = forge.network();
  const { repository, updates, packs, receipt } = payload;
  const { baseHeight, expiresHeight } = receipt;
  if (expiresHeight < height) return "receipt-expired";
  const isKnown = receipt.placement === placementAllValidators && receipt.factsVersion === factsVersion;
  // Of refs that are not final yet nobody can say what they reach, and nobody keeps objects for ever.
  const isInBounds = baseHeight < height && expiresHeight - baseHeight <= receiptLifeBlocksMax;
  if (receipt.epoch !== network.epoch || !isKnown || !isInBounds) return "receipt-insufficient";
  const { signatures, ...terms } = receipt;
  const statement = { networkId, repository, updates, packs, ...terms };
  return isCertified(statement, signatures, network.validators) ? undefined : "receipt-insufficient";
}

/** git keeps refs as files, so `a` and `a/b` cannot both exist. */
function hasConflictingRef({ forge }: Pick<ActContext, "forge">, repository: RepositoryId, name: RefName): boolean {
  const parts = name.split("/");
  for (let count = 3; count < parts.length; count++) {
    if (forge.ref(repository, parts.slice(0, count).join("/") as RefName) !== undefined) return true;
  }
  const below = concatBytes(rowKey(tables.refTable, { repository, name }), utf8("/"));
  const end = concatBytes(rowKey(tables.refTable, { repository, name }), utf8("0")); // "0" is the byte after "/".
  for (const _ of forge.reader.scan(below, end)) return true;
  return false;
}

/** The first branch of a repository without a chosen default becomes it; main and master go before others. */
function followFirstPush(
  context: ActContext,
  repository: Repository,
  updates: readonly CertifiedUpdate[],
): RefName | undefined {
  if (repository.defaultBranchIs === "chosen") return undefined;
  const exists = (name: RefName): boolean => context.forge.ref(repository.id, name) !== undefined;
  const created = updates.map(({ name }) => name).filter((name) => name.startsWith("refs/heads/") && exists(name));
  const preferred = [repository.defaultBranch, "refs/heads/main", "refs/heads/master"];
  return (
    preferred.map((name) => created.find((other) => other === name)).find((name) => name !== undefined) ?? created[0]
  );
}
