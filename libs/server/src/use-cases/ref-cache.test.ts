import { joinBytes, type ByteString } from "@guts/git";
import { KINDS, Overlay, ForgeState, removeRow, tables, writeRow, type LedgerEvent } from "@guts/ledger";
import {
  encode,
  parseRefName,
  parseRepositoryName,
  zeroDigest,
  zeroObjectId,
  type AccountId,
  type Height,
  type ObjectId,
  type RefName,
  type RepositoryId,
  type TimeMs,
} from "@guts/primitives";
import * as fc from "fast-check";
import { expect, test } from "vitest";

import { createRefCache } from "./ref-cache.ts";

const id = 1 as RepositoryId;
const main = parseRefName("refs/heads/main")!;
const { signal } = new AbortController();
const oid = (digit: number) => String(digit).repeat(40) as ObjectId;
const everything = { peel: true, symrefs: true, unborn: true, refPrefixes: [] as ByteString[] };

/** A repository's refs as the state has them, and the events that blocks would give. */
class FakeChain {
  readonly overlay = new Overlay({ get: () => undefined, scan: () => [] });
  readonly state = new ForgeState(this.overlay);
  #time = 1_000;

  constructor() {
    this.#saveRow();
  }

  /** One block with these pushes, each of several refs; digit 0 deletes. */
  push(pushes: readonly (readonly (readonly [RefName, number])[])[]): readonly LedgerEvent[] {
    this.#time++;
    const events = pushes.map((moves) => {
      const before = new Map([...this.state.refs(id)]);
      for (const [name, digit] of moves)
        if (digit === 0) removeRow(this.overlay, tables.refTable, { repository: id, name });
        else writeRow(this.overlay, tables.refTable, { repository: id, name }, oid(digit));
      return this.#event(moves, before);
    });
    this.#saveRow();
    return events;
  }

  get repository() {
    return this.state.repository(id)!;
  }

  /** A commit's digit is its place in one line of history, so that it reaches all lower ones. */
  #event(moves: readonly (readonly [RefName, number])[], before: ReadonlyMap<RefName, ObjectId>): LedgerEvent {
    const updates = moves.map(([name, digit]) => ({
      name,
      oldId: before.get(name) ?? zeroObjectId("sha1"),
      newId: digit === 0 ? zeroObjectId("sha1") : oid(digit),
      isFastForward: before.has(name) && digit !== 0 && before.get(name)! <= oid(digit),
      newType: digit === 0 ? ("none" as const) : ("commit" as const),
      hasMerges: false,
    }));
    const height = 1 as Height;
    const receipt = {
      epoch: 0,
      placement: 1,
      factsVersion: 2,
      baseHeight: height,
      expiresHeight: height,
      signatures: [],
    };
    const payload = { repository: id, isAtomic: false, updates, packs: [], pushOptions: [], receipt };
    const result = { refusals: updates.map(() => undefined), defaultBranch: undefined };
    return {
      ...{ sequence: 1, height, index: 0, transactionId: zeroDigest, actor: 1 as AccountId },
      time: this.#time as TimeMs,
      kind: "refs.change",
      scope: { type: "repository", id },
      payload: encode(KINDS["refs.change"].payload, payload),
      result: encode(KINDS["refs.change"].result, result),
    };
  }

  #saveRow(): void {
    const time = this.#time as TimeMs;
    writeRow(this.overlay, tables.repositoryTable, id, {
      ...{ owner: 1 as AccountId, name: parseRepositoryName("x")!, visibility: "public", objectFormat: "sha1" },
      ...{ defaultBranch: main, defaultBranchIs: "chosen", state: "active", description: undefined },
      ...{ homepage: undefined, createdTime: time, createdHeight: 1 as Height, updatedTime: time },
      ...{ pushedTime: undefined, refCount: 0 },
    });
  }
}

const git = {
  peel: (_id: RepositoryId, ids: readonly ObjectId[]) => Promise.resolve(new Map(ids.map((tag) => [tag, oid(8)]))),
};
const names = [
  "refs/heads/main",
  "refs/heads/a/b",
  "refs/heads/z",
  "refs/heads/\u00e9",
  "refs/heads/\u{1f600}",
  "refs/tags/v1",
  "refs/notes/commits",
];
const move = fc.tuple(fc.constantFrom(...names.map((name) => parseRefName(name)!)), fc.nat(7));
/** A push changes each ref once, or the ledger rejects it. */
const push = fc.uniqueArray(move, { minLength: 1, maxLength: 3, selector: ([name]) => name });
const blocks = fc.array(fc.array(push, { minLength: 1, maxLength: 2 }), { maxLength: 12 });

test("a cache that follows events answers what a fresh one answers", async () => {
  await fc.assert(
    fc.asyncProperty(blocks, fc.array(fc.boolean(), { maxLength: 12 }), async (pushes, reads) => {
      const chain = new FakeChain();
      const cache = createRefCache(git);
      for (const [index, block] of pushes.entries()) {
        const events = chain.push(block);
        // Sometimes somebody reads between the block and its events, and sometimes events are lost.
        if (reads[index]) cache.list(chain.state, chain.repository);
        if (reads[index] !== undefined) cache.follow(chain.state, events);
        if (index % 3 === 0) await cache.advertisement(chain.state, chain.repository, signal);
        const fresh = createRefCache(git);
        const followed = [...cache.list(chain.state, chain.repository)].map(({ name, id: at }) => [name, at]);
        expect(followed).toEqual([...chain.state.refs(id)].map(([name, at]) => [name, at]));
        const ours = await cache.advertisement(chain.state, chain.repository, signal);
        const theirs = await fresh.advertisement(chain.state, chain.repository, signal);
        await Promise.resolve();
        expect(joinBytes(ours.lsRefs(everything))).toEqual(joinBytes(theirs.lsRefs(everything)));
        const question = { lsRefs: everything, bytes: new Uint8Array([1]) };
        const kept = await cache.answerLsRefs(chain.state, chain.repository, question, signal);
        expect(Buffer.compare(kept.plain, joinBytes(theirs.lsRefs(everything)))).toBe(0);
        const tips = cache.tips(chain.state, chain.repository);
        const missing = [...fresh.tips(chain.state, chain.repository)].filter((tip) => !tips.has(tip));
        expect(missing).toEqual([]);
        // No ref reaches a commit that is newer than all refs: it would be one that a ref was moved back from.
        const newest = followed.reduce((digit, [, at]) => Math.max(digit, Number(at![0])), 0);
        const lost = [...tips].filter((tip) => Number(tip[0]) > newest && tip !== oid(8));
        expect(lost).toEqual([]);
      }
    }),
    { numRuns: 60 },
  );
});

test("refs are counted and found by their prefix", () => {
  const chain = new FakeChain();
  chain.push([names.map((name) => [parseRefName(name)!, 1] as const)]);
  const list = createRefCache(git).list(chain.state, chain.repository);
  expect(list.count("refs/heads/")).toBe(5);
  expect(list.count("refs/tags/")).toBe(1);
  expect(list.under("refs/heads/a").map(({ name }) => name)).toEqual(["refs/heads/a/b"]);
  expect(list.under("refs/nowhere/")).toEqual([]);
});

test("one client that leaves does not fail those who wait for the same advertisement", async () => {
  const chain = new FakeChain();
  chain.push([[[parseRefName("refs/tags/v1")!, 1]]]);
  let finish = (): void => {};
  const peeling = new Promise<void>((resolve) => (finish = resolve));
  const cache = createRefCache({ peel: async (_id, ids) => (await peeling, new Map(ids.map((tag) => [tag, tag]))) });
  const controller = new AbortController();
  void cache.advertisement(chain.state, chain.repository, controller.signal);
  const other = cache.advertisement(chain.state, chain.repository, signal);
  controller.abort();
  finish();
  await expect(other).resolves.toHaveProperty("size", 1);
});
