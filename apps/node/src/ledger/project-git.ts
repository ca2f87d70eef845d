/** Brings the repositories on disk to what a block decided: made, moved and removed as the events say. */
import {
  decode,
  type Height,
  type RefName,
  type RepositoryId,
  type ObjectFormat,
  type ObjectId,
} from "@guts/primitives";
import { KINDS, type ForgeState, type LedgerEvent } from "@guts/ledger";

/** What of git a projection needs. All of it is idempotent. */
export interface GitProjection {
  createRepository(id: RepositoryId, format: ObjectFormat, signal: AbortSignal): Promise<void>;
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

/** Applies one block's events, repositories side by side, each in order. */
export async function projectEvents(
  git: GitProjection,
  forge: ForgeState,
  events: readonly LedgerEvent[],
): Promise<void> {
  const byRepository = new Map<number, LedgerEvent[]>();
  for (const event of events) {
    if (event.scope.type === "repository")
      byRepository.set(event.scope.id, [...(byRepository.get(event.scope.id) ?? []), event]);
  }
  await Promise.all(
    [...byRepository].map(async ([id, own]) => {
      for (const event of own) await projectEvent(git, forge, { repository: id as RepositoryId, event });
    }),
  );
}

/** Makes the repositories that changed above `height` whole again, after a stop at any point of `projectEvents`. */
export async function reprojectSince(
  git: GitProjection,
  forge: ForgeState,
  events: Iterable<LedgerEvent>,
): Promise<void> {
  const touched = new Set<RepositoryId>();
  for (const { scope } of events) if (scope.type === "repository") touched.add(scope.id as RepositoryId);
  for (const id of touched) {
    const repository = forge.repository(id);
    const signal = AbortSignal.timeout(projectionTimeoutMs);
    if (repository === undefined) await git.deleteRepository(id, signal);
    else {
      await git.createRepository(id, repository.objectFormat, signal);
      await git.rebuildRefs(id, forge.refs(id), repository.defaultBranch, signal);
    }
  }
}

/** A projection that takes longer has a dead disk beneath it. */
const projectionTimeoutMs = 120_000;

async function projectEvent(
  git: GitProjection,
  forge: ForgeState,
  at: { readonly repository: RepositoryId; readonly event: LedgerEvent },
): Promise<void> {
  const { repository: id, event } = at;
  const signal = AbortSignal.timeout(projectionTimeoutMs);
  const repository = forge.repository(id);
  // A later block may have removed the repository already; its own event cleans up.
  if (event.kind === "repository.delete") return git.deleteRepository(id, signal);
  if (repository === undefined) return undefined;
  if (event.kind === "repository.create") return git.createRepository(id, repository.objectFormat, signal);
  if (event.kind === "repository.update") return git.projectRefs(id, [], repository.defaultBranch, signal);
  if (event.kind !== "refs.update") return undefined;
  const { updates } = decode(KINDS["refs.update"].payload, event.payload);
  const { refusals } = decode(KINDS["refs.update"].result, event.result);
  const moved = updates.filter((_, index) => refusals[index] === undefined);
  return git.projectRefs(id, moved, repository.defaultBranch, signal);
}

/** The note under which the state store keeps how far git has come. */
export const gitHeightNote = "git-height";

/** Encodes a height for a note. */
export function heightNote(height: Height): Uint8Array {
  return new TextEncoder().encode(String(height));
}
