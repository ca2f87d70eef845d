/** Brings the repositories on disk to what a block decided: made, moved and removed as the events say. */
import {
  decode,
  type Height,
  type RefName,
  type RepositoryId,
  type ObjectFormat,
  type ObjectId,
} from "@guts/primitives";
import {
  followedMovesOf,
  KINDS,
  refMovesOf,
  storedObjectsOf,
  type ForgeState,
  type LedgerEvent,
  type Repository,
} from "@guts/ledger";

import type { FinalizedPush } from "../replication/object-completeness.ts";

/** What of git a projection needs. All of it is idempotent. */
export interface GitProjection {
  createRepository(id: RepositoryId, format: ObjectFormat, signal: AbortSignal): Promise<void>;
  forkRepository(
    id: RepositoryId,
    options: { readonly source: RepositoryId; readonly format: ObjectFormat; readonly signal: AbortSignal },
  ): Promise<void>;
  deleteRepository(id: RepositoryId, signal: AbortSignal): Promise<void>;
  projectRefs(
    id: RepositoryId,
    updates: readonly { readonly name: RefName; readonly newId: ObjectId }[],
    head: RefName,
    signal: AbortSignal,
  ): Promise<void>;
  rebuildRefs(
    id: RepositoryId,
    refs: Iterable<readonly [RefName, ObjectId]>,
    head: RefName,
    signal: AbortSignal,
  ): Promise<void>;
  /** Makes what `projectRefs` wrote durable. */
  syncRefs(): Promise<void>;
}

/** Sees to it that objects are there before refs lead to them. False: the repository is taken care of otherwise. */
export interface ObjectGate {
  prepare(push: FinalizedPush, signal: AbortSignal): Promise<boolean>;
  prepareAll(repository: RepositoryId, signal: AbortSignal): Promise<boolean>;
}

/** The gate of who has nobody to fetch from, and nothing to miss. */
export const openGate: ObjectGate = { prepare: async () => true, prepareAll: async () => true };

/** What a projection writes to and reads from. */
export interface ProjectionParts {
  readonly git: GitProjection;
  readonly forge: ForgeState;
  readonly objects: ObjectGate;
}

/** Applies one block's events, repositories side by side, each in order. */
export async function projectEvents(
  parts: ProjectionParts,
  events: readonly LedgerEvent[],
  { isCatchingUp }: { readonly isCatchingUp: boolean } = { isCatchingUp: false },
): Promise<void> {
  const byRepository = new Map<number, LedgerEvent[]>();
  for (const event of events) {
    if (event.scope.type === "repository")
      byRepository.set(event.scope.id, [...(byRepository.get(event.scope.id) ?? []), event]);
  }
  await Promise.all(
    [...byRepository].map(async ([id, own]) => {
      for (const event of own) await projectEvent(parts, { repository: id as RepositoryId, event, isCatchingUp });
    }),
  );
}

/** Makes the repositories that changed above `height` whole again, after a stop at any point of `projectEvents`. */
export async function reprojectSince(
  { git, forge, objects }: ProjectionParts,
  events: Iterable<LedgerEvent>,
): Promise<void> {
  const touched = new Set<RepositoryId>();
  for (const { scope } of events) if (scope.type === "repository") touched.add(scope.id as RepositoryId);
  for (const id of touched) {
    const repository = forge.repository(id);
    const signal = AbortSignal.timeout(projectionTimeoutMs);
    if (repository === undefined) await git.deleteRepository(id, signal);
    else {
      await projectWhole({ git, forge, objects }, repository, signal);
    }
  }
}

/**
 * A repository with all its refs. A fork begins with the objects that its parent has here; what it lacks then, because the parent has gone
 * or moved on, comes from other nodes.
 */
async function projectWhole(
  { git, forge, objects }: ProjectionParts,
  { id, objectFormat: format, defaultBranch }: Repository,
  signal: AbortSignal,
): Promise<void> {
  const fork = forge.standing.fork(id);
  if (fork === undefined) await git.createRepository(id, format, signal);
  else await git.forkRepository(id, { source: fork.parent, format, signal });
  if (await objects.prepareAll(id, signal)) await git.rebuildRefs(id, forge.refs(id), defaultBranch, signal);
}

/** A projection that takes longer has a dead disk beneath it. */
const projectionTimeoutMs = 120_000;

async function projectEvent(
  { git, forge, objects }: ProjectionParts,
  at: { readonly repository: RepositoryId; readonly event: LedgerEvent; readonly isCatchingUp: boolean },
): Promise<void> {
  const { repository: id, event, isCatchingUp } = at;
  const signal = AbortSignal.timeout(projectionTimeoutMs);
  const repository = forge.repository(id);
  // A later block may have removed the repository already; its own event cleans up.
  if (event.kind === "repository.delete") return git.deleteRepository(id, signal);
  if (repository === undefined) return undefined;
  if (event.kind === "repository.create") return git.createRepository(id, repository.objectFormat, signal);
  if (event.kind === "repository.fork") return projectWhole({ git, forge, objects }, repository, signal);
  if (event.kind === "repository.update") {
    // Of all that can be edited only the default branch shows in the repository on disk.
    const { defaultBranch } = decode(KINDS["repository.update"].payload, event.payload);
    return defaultBranch === undefined ? undefined : git.projectRefs(id, [], repository.defaultBranch, signal);
  }
  const finalized = finalizedPushOf(forge, event);
  if (finalized === undefined) return undefined;
  const push = { ...finalized, isCatchingUp };
  const isWhole = await objects.prepare(push, signal);
  return isWhole ? git.projectRefs(id, push.updates, repository.defaultBranch, signal) : undefined;
}

/** What an event moved, and who signed that its objects are there; undefined for one that moves no refs. */
export function finalizedPushOf(
  forge: ForgeState,
  event: LedgerEvent,
): Omit<FinalizedPush, "isCatchingUp"> | undefined {
  const updates = [...refMovesOf(event), ...followedMovesOf(forge, event)];
  if (updates.length === 0) return undefined;
  const push = storedObjectsOf(event.kind, event.payload);
  const { validators } = forge.network();
  // What another name is given to was certified when it was pushed, and every validator holds it.
  const holders =
    push === undefined
      ? validators.map(({ nodeId }) => nodeId)
      : push.receipt.signatures.flatMap(({ validator }) => validators[validator]?.nodeId ?? []);
  return { repository: event.scope.id as RepositoryId, updates, packs: push?.packs ?? [], holders };
}

/** The note under which the state store keeps how far git has come. */
export const gitHeightNote = "git-height";

/** Encodes a height for a note. */
export function heightNote(height: Height): Uint8Array {
  return new TextEncoder().encode(String(height));
}
