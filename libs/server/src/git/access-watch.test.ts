import type { Height } from "@guts/primitives";
import { expect, test } from "vitest";

import { Refusal } from "../errors.ts";
import { AccessWatch } from "./access-watch.ts";

/** Blocks that a test appends; like the ledger's, a wait ends when its height is there or its signal aborts. */
class Blocks {
  #height = 0;
  readonly #waiting = new Set<() => void>();

  height = () => this.#height as Height;

  get waitingCount(): number {
    return this.#waiting.size;
  }

  waitForHeight = (_height: Height, signal: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      this.#waiting.add(resolve);
      signal.addEventListener("abort", () => {
        this.#waiting.delete(resolve);
        reject(signal.reason as Error);
      });
    });

  async append(): Promise<void> {
    this.#height++;
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
    await new Promise(setImmediate);
  }
}

test("what may not go on is ended by the next block, with words, and nothing else is", async () => {
  const blocks = new Blocks();
  const access = new AccessWatch(blocks);
  let isOpen = true;
  using ended = access.watch(() => isOpen);
  using open = access.watch(() => true);
  await blocks.append();
  expect(ended.signal.aborted).toBe(false);
  isOpen = false;
  await blocks.append();
  expect(ended.signal.reason).toBeInstanceOf(Refusal);
  await blocks.append();
  expect(open.signal.aborted).toBe(false);
});

test("what ended before it was watched is ended at once", () => {
  using watched = new AccessWatch(new Blocks()).watch(() => false);
  expect(watched.signal.aborted).toBe(true);
});

test("blocks are waited for only while something is watched", async () => {
  const blocks = new Blocks();
  const access = new AccessWatch(blocks);
  const [one, other] = [access.watch(() => true), access.watch(() => true)];
  expect(blocks.waitingCount).toBe(1);
  one[Symbol.dispose]();
  expect(blocks.waitingCount).toBe(1);
  other[Symbol.dispose]();
  expect(blocks.waitingCount).toBe(0);
  let isOpen = true;
  using again = access.watch(() => isOpen);
  isOpen = false;
  await blocks.append();
  expect(again.signal.aborted).toBe(true);
});
