import type { NodeId } from "@guts/primitives";
import { expect, test } from "vitest";

import { PeerClocks, samplesMax } from "./peer-clocks.ts";

const [one, two, three, stranger] = ["one", "two", "three", "stranger"] as NodeId[] as [NodeId, NodeId, NodeId, NodeId];
const now = 1_800_000_000_000;

function heard(offsets: Readonly<Partial<Record<string, number>>>, validators = [one, two, three]): number | undefined {
  const clocks = new PeerClocks(validators);
  for (const [nodeId, aheadMs] of Object.entries(offsets)) clocks.hear(nodeId as NodeId, now - aheadMs!, now);
  return clocks.aheadMs();
}

test("one validator's wrong clock says nothing of this node's, a majority's does", () => {
  expect(heard({ one: 3, two: 5, three: -90_000 })).toBe(3);
  expect(heard({ one: 10_003, two: 10_005, three: 2 })).toBe(10_003);
  expect(heard({ one: -9_998, two: -9_990, three: 0 })).toBe(-9_990);
});

test("of two others both must say that this node's clock is wrong", () => {
  expect(heard({ one: 10_000, two: 4 }, [one, two])).toBe(4);
  expect(heard({ one: -10_000, two: 4 }, [one, two])).toBe(0);
  expect(heard({ one: -10_000, two: -9_000 }, [one, two])).toBe(-9_000);
});

test("nothing is known before half of the others are heard, or of who does not vote", () => {
  expect(heard({})).toBeUndefined();
  expect(heard({ one: 10_000 })).toBeUndefined();
  expect(heard({ one: 10_000, two: 10_000 })).toBe(10_000);
  expect(heard({ [stranger]: 10_000, one: 10_000 })).toBeUndefined();
  expect(heard({}, [])).toBeUndefined();
});

test("a notice that came late does not count beside one that came at once", () => {
  const clocks = new PeerClocks([one]);
  clocks.hear(one, now - 9_000, now);
  clocks.hear(one, now - 2, now);
  clocks.hear(one, now - 8_000, now);
  expect(clocks.aheadMs()).toBe(2);
});

test("a clock that was set is known from as many notices as count, and nothing of a node that left", () => {
  const clocks = new PeerClocks([one]);
  clocks.hear(one, now, now);
  for (let count = 0; count < samplesMax; count++) clocks.hear(one, now, now + 10_000);
  expect(clocks.aheadMs()).toBe(10_000);
  clocks.forget(one);
  expect(clocks.aheadMs()).toBeUndefined();
});
