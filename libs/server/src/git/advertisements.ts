import { RefAdvertisement, type AdvertisedRef } from "@guts/git";
import { isPublicRef } from "@guts/governance";
import { KINDS, type CertifiedUpdate, type ForgeState, type LedgerEvent, type Repository } from "@guts/ledger";
import { decode, isZeroObjectId, type ObjectId, type RepositoryId, type TimeMs } from "@guts/primitives";
import { LRUCache } from "lru-cache";

import { gitLimits } from "../limits.ts";
import type { GitEngine } from "../ports/index.ts";

/** The refs that clients of one repository see, as of its newest change. */
export interface Advertised {
  readonly refs: RefAdvertisement;
  /** Every id that a client may ask for without further proof (tips, and what annotated tags point to), with how many refs lead to it. */
  readonly tips: ReadonlyMap<ObjectId, number>;
  /** Whole answers to recent `ls-refs` requests, by the request's bytes: clients of a kind send the same. */
  readonly answers: LRUCache<string, Buffer>;
}

/** Advertisements of hot repositories: built once, then moved along with each push. */
export interface Advertisements {
  /** The advertisement of the repository as `state` has it. */
  get(state: ForgeState, repository: Repository, signal: AbortSignal): Promise<Advertised>;
  /** Moves advertisements along with applied events, in their order. What cannot be moved is built anew when it is asked for. */
  follow(events: readonly LedgerEvent[]): void;
}

interface Entry {
  /** When the repository last changed; block times grow strictly, so no two states of its refs share one. */
  generation: TimeMs;
  readonly advertised: Promise<Advertised>;
  /** The same once it is there. */
  ready: Advertised | undefined;
  readonly peeledById: Promise<ReadonlyMap<ObjectId, ObjectId>>;
  readonly sizeBytes: number;
}

/** Bytes that one ref takes in all forms of its line and in kept answers, about. */
const BYTES_PER_REF = 700;
/** Answers kept beside one advertisement. */
const ANSWERS_MAX = 4;

/** Kinds that change a repository's row, and with it what `generation` is compared with. */
const ROW_CHANGES: ReadonlySet<string> = new Set([
  "repository.update",
  "repository.rename",
  "repository.archive",
  "repository.delete",
  "transfer.accept",
]);

/** A cache bounded by bytes. Requests for one repository share one building of it. */
export function createAdvertisements(git: Pick<GitEngine, "peel">): Advertisements {
  const entries = new LRUCache<RepositoryId, Entry>({
    maxSize: gitLimits.advertisementCacheBytesMax,
    sizeCalculation: ({ sizeBytes }) => sizeBytes,
  });
  return {
    async get(state, repository, signal) {
      signal.throwIfAborted();
      const known = entries.get(repository.id);
      if (known?.generation === repository.updatedTime) return known.advertised;
      const refs = [...state.refs(repository.id)].filter(([name]) => isPublicRef(name));
      const peeledById = peelTags(git, repository.id, refs, known?.peeledById);
      const advertised = peeledById.then((peeled) => build(repository, refs, peeled));
      const sizeBytes = BYTES_PER_REF * (refs.length + 1);
      const entry: Entry = { generation: repository.updatedTime, advertised, ready: undefined, peeledById, sizeBytes };
      entries.set(repository.id, entry);
      advertised.then(
        (ready) => (entry.ready = ready),
        // A failure is not kept: the next request tries again.
        () => entries.get(repository.id) === entry && entries.delete(repository.id),
      );
      return advertised;
    },
    follow(events) {
      for (const event of events) {
        if (event.scope.type !== "repository") continue;
        const id = event.scope.id as RepositoryId;
        const entry = entries.peek(id);
        if (entry === undefined || entry.generation >= event.time) continue;
        if (event.kind === "refs.update" && entry.ready !== undefined && moveRefs(entry.ready, event))
          entry.generation = event.time;
        else if (event.kind === "refs.update" || ROW_CHANGES.has(event.kind)) entries.delete(id);
      }
    },
  };
}

/** Applies a push to an advertisement; false when git would have to peel a new annotated tag. */
function moveRefs({ refs, tips, answers }: Advertised, event: LedgerEvent): boolean {
  const { updates } = decode(KINDS["refs.update"].payload, event.payload);
  const { refusals, defaultBranch } = decode(KINDS["refs.update"].result, event.result);
  const moved = updates.filter(({ name }, index) => refusals[index] === undefined && isPublicRef(name));
  if (
    moved.some(
      ({ name, oldId, newType }) => newType === "tag" || (name.startsWith("refs/tags/") && !isZeroObjectId(oldId)),
    )
  )
    return false;
  for (const update of moved) moveRef(refs, tips as Map<ObjectId, number>, update);
  if (defaultBranch !== undefined) refs.setHead({ target: defaultBranch });
  answers.clear();
  return true;
}

function moveRef(refs: RefAdvertisement, tips: Map<ObjectId, number>, { name, oldId, newId }: CertifiedUpdate): void {
  if (isZeroObjectId(newId)) refs.delete(name);
  else refs.set({ name, id: newId, peeled: undefined });
  if (!isZeroObjectId(oldId)) countTip(tips, oldId, -1);
  if (!isZeroObjectId(newId)) countTip(tips, newId, 1);
}

function countTip(tips: Map<ObjectId, number>, id: ObjectId, change: 1 | -1): void {
  const count = (tips.get(id) ?? 0) + change;
  if (count > 0) tips.set(id, count);
  else tips.delete(id);
}

type Refs = readonly (readonly [AdvertisedRef["name"], ObjectId])[];

function build(repository: Repository, refs: Refs, peeled: ReadonlyMap<ObjectId, ObjectId>): Advertised {
  const advertisement = new RefAdvertisement({
    objectFormat: repository.objectFormat,
    head: { target: repository.defaultBranch },
    refs: refs.map(([name, id]) => ({ name, id, peeled: peeledOf(peeled, id) })),
  });
  const tips = new Map<ObjectId, number>();
  for (const [, id] of refs) {
    countTip(tips, id, 1);
    const target = peeledOf(peeled, id);
    if (target !== undefined) countTip(tips, target, 1);
  }
  return { refs: advertisement, tips, answers: new LRUCache({ max: ANSWERS_MAX }) };
}

/** An annotated tag's target; undefined for anything that is no annotated tag. */
function peeledOf(peeled: ReadonlyMap<ObjectId, ObjectId>, id: ObjectId): ObjectId | undefined {
  const target = peeled.get(id);
  return target === id ? undefined : target;
}

/** What each tag's id finally points to, itself unless it is an annotated tag. Ids never change their meaning, so what was known before is kept. */
async function peelTags(
  git: Pick<GitEngine, "peel">,
  repository: RepositoryId,
  refs: Refs,
  before: Promise<ReadonlyMap<ObjectId, ObjectId>> | undefined,
): Promise<ReadonlyMap<ObjectId, ObjectId>> {
  const ids = new Set(refs.filter(([name]) => name.startsWith("refs/tags/")).map(([, id]) => id));
  const known = (await before?.catch(() => undefined)) ?? new Map<ObjectId, ObjectId>();
  const unknown = [...ids].filter((id) => !known.has(id));
  const found = unknown.length === 0 ? known : await git.peel(repository, unknown, new AbortController().signal);
  const peeled = new Map<ObjectId, ObjectId>();
  for (const id of ids) peeled.set(id, known.get(id) ?? found.get(id) ?? id);
  return peeled;
}
