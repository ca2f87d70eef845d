import { RefAdvertisement, type LsRefsRequest } from "@guts/git";
import { isVisibleRef } from "@guts/governance";
import { followedMovesOf, refMovesOf, type ForgeState, type LedgerEvent, type Repository } from "@guts/ledger";
import { isZeroObjectId, type ObjectId, type RefName, type RepositoryId, type TimeMs } from "@guts/primitives";
import { LRUCache } from "lru-cache";

import { gitLimits } from "../limits.ts";
import type { GitEngine } from "../ports/index.ts";
import { countedCache } from "./counted-cache.ts";
import { KeptAnswer } from "./kept-answer.ts";
import { RefList } from "./ref-list.ts";

/**
 * The refs of hot repositories in memory.
 *
 * Reading 5,000 refs from the state takes 30 ms, so they are read once and then follow the ledger's events. An entry
 * stands for one state of its repository: the time of its last change, which is a block's and therefore grows strictly.
 * Whatever an entry missed makes that time differ, and it is read anew; so a lost event costs time, never truth.
 */
export interface RefCache {
  /** The visible refs as the state has them now. The list is changed by later events: not to be kept over an `await`. */
  list(state: ForgeState, repository: Repository): RefList;
  /** The same refs ready to be sent. */
  advertisement(state: ForgeState, repository: Repository, signal: AbortSignal): Promise<RefAdvertisement>;
  /** The whole answer to an `ls-refs` request. Clients of a kind send the same bytes, so some answers are kept. */
  answerLsRefs(
    state: ForgeState,
    repository: Repository,
    question: LsRefsQuestion,
    signal: AbortSignal,
  ): Promise<KeptAnswer>;
  /**
   * Where the visible refs point, what annotated tags among them finally point to as far as that is known, and perhaps
   * commits that these reach. The set follows later events.
   */
  tips(state: ForgeState, repository: Repository): ReadonlySet<ObjectId>;
  /** Applies what the ledger applied: all events of one block. */
  follow(state: ForgeState, events: readonly LedgerEvent[]): void;
}

/** An `ls-refs` request, parsed and as it was sent. */
export interface LsRefsQuestion {
  readonly lsRefs: LsRefsRequest;
  readonly bytes: Uint8Array;
}

interface Entry {
  generation: TimeMs;
  readonly list: RefList;
  advertisement: Promise<RefAdvertisement> | undefined;
  tips: Set<ObjectId> | undefined;
  /** Answers to `ls-refs` by the request's bytes. */
  readonly answers: LRUCache<string, KeptAnswer>;
  readonly sizeBytes: number;
}

/** Bytes that one ref takes, in the list and in all forms of its line, about. */
const bytesPerRef = 1_000;
/** Answers to `ls-refs` that are kept for one repository, and bytes of a request that is of a kind that repeats. */
const keptAnswersMax = 4;
const keptRequestBytesMax = 1_024;
/** Commits that are kept among the tips of a small repository though refs have moved on. */
const passedTipsMax = 1_000;
/** Annotated tags whose targets are remembered. */
const peeledCountMax = 200_000;

/** A cache bounded by bytes. */
export function createRefCache(git: Pick<GitEngine, "peel">): RefCache {
  return new EventedRefCache(git);
}

class EventedRefCache implements RefCache {
  readonly #git: Pick<GitEngine, "peel">;
  readonly #entries = new LRUCache<RepositoryId, Entry>({
    maxSize: gitLimits.advertisementCacheBytesMax,
    sizeCalculation: ({ sizeBytes }) => sizeBytes,
  });
  /** What tags' ids finally point to. Ids never change their meaning. */
  readonly #peeled = countedCache<ObjectId, ObjectId>(peeledCountMax);

  constructor(git: Pick<GitEngine, "peel">) {
    this.#git = git;
  }

  list(state: ForgeState, repository: Repository): RefList {
    return this.#entry(state, repository).list;
  }

  advertisement(state: ForgeState, repository: Repository, signal: AbortSignal): Promise<RefAdvertisement> {
    signal.throwIfAborted();
    const entry = this.#entry(state, repository);
    if (entry.advertisement !== undefined) return entry.advertisement;
    const building = this.#advertise(state.repository(repository.id) ?? repository, entry);
    entry.advertisement = building;
    // A failure is not kept: the next request tries again.
    building.catch(() => {
      if (entry.advertisement === building) entry.advertisement = undefined;
    });
    return building;
  }

  async answerLsRefs(
    state: ForgeState,
    repository: Repository,
    { lsRefs, bytes }: LsRefsQuestion,
    signal: AbortSignal,
  ): Promise<KeptAnswer> {
    const name = bytes.length > keptRequestBytesMax ? undefined : Buffer.from(bytes).toString("latin1");
    const { answers } = this.#entry(state, repository);
    const kept = name === undefined ? undefined : answers.get(name);
    if (kept !== undefined) return kept;
    const lines = (await this.advertisement(state, repository, signal)).lsRefs(lsRefs);
    const answer = new KeptAnswer(Buffer.concat(lines));
    if (name !== undefined) answers.set(name, answer);
    return answer;
  }

  tips(state: ForgeState, repository: Repository): ReadonlySet<ObjectId> {
    const entry = this.#entry(state, repository);
    if (entry.tips !== undefined) return entry.tips;
    const tips = new Set<ObjectId>();
    for (const { id } of entry.list) {
      tips.add(id);
      const target = this.#peeled.get(id);
      if (target !== undefined) tips.add(target);
    }
    entry.tips = tips;
    return tips;
  }

  follow(state: ForgeState, events: readonly LedgerEvent[]): void {
    // Events of one block have one time, so entries are compared as they stood before the block.
    const generationBefore = new Map<Entry, TimeMs>();
    for (const event of events) {
      const id = event.scope.id as RepositoryId;
      const entry = event.scope.type === "repository" ? this.#entries.peek(id) : undefined;
      if (entry === undefined) continue;
      const before = generationBefore.get(entry) ?? entry.generation;
      generationBefore.set(entry, before);
      if (before >= event.time) continue;
      const head = state.repository(id)?.defaultBranch;
      if (head === undefined || event.kind === "repository.delete") this.#entries.delete(id);
      else this.#follow(entry, event, { state, head });
    }
  }

  /** Row and refs are read without an `await` in between, so they belong together. */
  #entry(state: ForgeState, { id, updatedTime }: Repository): Entry {
    const generation = state.repository(id)?.updatedTime ?? updatedTime;
    const known = this.#entries.get(id);
    if (known?.generation === generation) return known;
    const list = new RefList([...state.refs(id)].filter(([name]) => isVisibleRef(name)));
    const entry: Entry = {
      generation,
      list,
      answers: new LRUCache({ max: keptAnswersMax }),
      advertisement: undefined,
      tips: undefined,
      sizeBytes: bytesPerRef * (list.size + 1),
    };
    this.#entries.set(id, entry);
    return entry;
  }

  #follow(
    entry: Entry,
    event: LedgerEvent,
    { state, head }: { readonly state: ForgeState; readonly head: RefName },
  ): void {
    entry.generation = event.time;
    const moved = movedRefs(state, event);
    for (const { name, newId } of moved) entry.list.move(name, newId);
    entry.tips = followTips(entry, moved);
    // A new tag may have to be peeled, which waits for git; the next reader builds the advertisement anew.
    if (moved.some(({ name }) => isTag(name))) entry.advertisement = undefined;
    const names = moved.map(({ name }) => name);
    entry.answers.clear();
    entry.advertisement?.then(
      (advertisement) => {
        update(advertisement, entry.list, { names, head });
        // A reader that was already waiting may have kept an answer from before.
        entry.answers.clear();
      },
      () => {},
    );
  }

  async #advertise({ id, objectFormat, defaultBranch }: Repository, entry: Entry): Promise<RefAdvertisement> {
    const refs = [...entry.list];
    const tags = refs.filter(({ name }) => isTag(name));
    const unknown = [...new Set(tags.map((tag) => tag.id))].filter((tag) => !this.#peeled.has(tag));
    // Others wait for the same building, so no single client may abort it.
    const found = unknown.length === 0 ? undefined : await this.#git.peel(id, unknown, new AbortController().signal);
    for (const tag of unknown) this.#peeled.set(tag, found?.get(tag) ?? tag);
    if (unknown.length > 0) entry.tips = undefined;
    const peeledOf = (tag: ObjectId): ObjectId | undefined => {
      const target = this.#peeled.get(tag);
      return target === tag ? undefined : target;
    };
    return new RefAdvertisement({
      objectFormat,
      head: { target: defaultBranch },
      refs: refs.map((ref) => (isTag(ref.name) ? { ...ref, peeled: peeledOf(ref.id) } : ref)),
    });
  }
}

function isTag(name: RefName): boolean {
  return name.startsWith("refs/tags/");
}

/** Brings the named refs of an advertisement to what the list has. */
function update(
  advertisement: RefAdvertisement,
  list: RefList,
  { names, head }: { readonly names: readonly RefName[]; readonly head: RefName },
): void {
  for (const name of names) {
    const id = list.get(name);
    if (id === undefined) advertisement.delete(name);
    else advertisement.set({ name, id });
  }
  advertisement.setHead({ target: head });
}

/**
 * The tips after these moves, if they are still known. A tip that was moved forward is reached as before and stays, until
 * there are too many; a move that may lose objects has the tips collected anew, which takes milliseconds for 5,000 refs.
 */
function followTips({ tips, list }: Entry, moved: ReturnType<typeof movedRefs>): Set<ObjectId> | undefined {
  if (tips === undefined || tips.size > 2 * list.size + passedTipsMax) return undefined;
  const mayLose = ({ oldId, newId, isFastForward }: (typeof moved)[number]): boolean =>
    isZeroObjectId(newId) || !(isFastForward || isZeroObjectId(oldId));
  if (moved.some((update) => mayLose(update) || isTag(update.name))) return undefined;
  for (const { newId } of moved) tips.add(newId);
  return tips;
}

/** The visible refs that an event moved. */
function movedRefs(state: ForgeState, event: LedgerEvent) {
  return [...refMovesOf(event), ...followedMovesOf(state, event)].filter(({ name }) => isVisibleRef(name));
}
