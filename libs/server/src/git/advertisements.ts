import { RefAdvertisement, type AdvertisedRef } from "@guts/git";
import { isPublicRef } from "@guts/governance";
import type { ForgeState, Repository } from "@guts/ledger";
import type { ObjectId, RepositoryId, TimeMs } from "@guts/primitives";
import { LRUCache } from "lru-cache";

import { gitLimits } from "../limits.ts";
import type { GitEngine } from "../ports/index.ts";

/** The refs that clients of one repository see, at one moment. */
export interface Advertised {
  readonly refs: RefAdvertisement;
  /** Every id that a client may ask for without further proof: tips, and what annotated tags point to. */
  readonly tips: ReadonlySet<ObjectId>;
  /** Whole answers to recent `ls-refs` requests, by the request's bytes: clients of a kind send the same. */
  readonly answers: LRUCache<string, Buffer>;
}

/** Advertisements of hot repositories, each built once for each state of its refs. */
export interface Advertisements {
  /** The advertisement of the repository as `state` has it. */
  get(state: ForgeState, repository: Repository, signal: AbortSignal): Promise<Advertised>;
}

interface Entry {
  /** When the repository last changed; block times grow strictly, so no two states of its refs share one. */
  readonly generation: TimeMs;
  readonly advertised: Promise<Advertised>;
  readonly peeledById: Promise<ReadonlyMap<ObjectId, ObjectId>>;
}

/** Bytes that one ref takes in all forms of its line, about. */
const BYTES_PER_REF = 700;
/** Answers kept beside one advertisement. */
const ANSWERS_MAX = 4;

/** A cache bounded by bytes. Requests for one repository share one building of it. */
export function createAdvertisements(git: Pick<GitEngine, "peel">): Advertisements {
  const entries = new LRUCache<RepositoryId, Entry & { readonly sizeBytes: number }>({
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
      const entry = { generation: repository.updatedTime, advertised, peeledById, sizeBytes };
      entries.set(repository.id, entry);
      // A failure is not kept: the next request tries again.
      advertised.catch(() => entries.get(repository.id) === entry && entries.delete(repository.id));
      return advertised;
    },
  };
}

type Refs = readonly (readonly [AdvertisedRef["name"], ObjectId])[];

function build(repository: Repository, refs: Refs, peeled: ReadonlyMap<ObjectId, ObjectId>): Advertised {
  const advertisement = new RefAdvertisement({
    objectFormat: repository.objectFormat,
    head: { target: repository.defaultBranch },
    refs: refs.map(([name, id]) => ({ name, id, peeled: peeledOf(peeled, id) })),
  });
  const tips = new Set<ObjectId>();
  for (const [, id] of refs) {
    tips.add(id);
    const target = peeled.get(id);
    if (target !== undefined) tips.add(target);
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
