import type { NodeId } from "@guts/primitives";
import * as fc from "fast-check";
import { Key } from "interface-datastore/key";
import { describe, expect, test } from "vitest";

import { BoundedDatastore } from "./bounded-datastore.ts";
import { YamuxGuard } from "./bounded-yamux.ts";
import { FrameDecoder, type Frame } from "./frame.ts";
import { peerIdOf } from "./identity.ts";
import { Scores } from "./scores.ts";
import { SendQueue } from "./send-queue.ts";
import { idOf } from "./test-support/nodes.ts";
import { TokenBucket } from "./token-bucket.ts";

describe("a send queue", () => {
  test("gives frames back in order and never holds more than its bounds", () => {
    const operation = fc.oneof(
      fc.record({ offer: fc.uint8Array({ maxLength: 200 }) }),
      fc.record({ take: fc.integer({ min: 1, max: 500 }) }),
    );
    fc.assert(
      fc.property(fc.array(operation, { maxLength: 200 }), (operations) => {
        const queue = new SendQueue(1000, 10);
        const offered: Uint8Array[] = [];
        const taken: Frame[] = [];
        const decoder = new FrameDecoder(() => 1000);
        for (const step of operations) {
          if ("offer" in step) {
            if (queue.offer(1, step.offer, 0)) offered.push(step.offer);
          } else taken.push(...decoder.push(queue.take(step.take) ?? new Uint8Array(0)));
          expect(queue.bytes).toBeLessThanOrEqual(1000);
          expect(queue.frameCount).toBeLessThanOrEqual(10);
        }
        for (let rest = queue.take(100); rest !== undefined; rest = queue.take(100)) taken.push(...decoder.push(rest));
        expect(taken.map(({ payload }) => payload)).toEqual(offered);
        expect(queue.bytes).toBe(0);
      }),
    );
  });

  test("counts what is already on its way", () => {
    const queue = new SendQueue(100, 10);
    expect(queue.offer(1, new Uint8Array(45), 51)).toBe(false);
    expect(queue.offer(1, new Uint8Array(45), 50)).toBe(true);
  });
});

describe("a token bucket", () => {
  test("lets a burst pass and then tells when the debt is paid", () => {
    const bucket = new TokenBucket(100, 10, 0);
    expect(bucket.take(10, 0)).toBe(0);
    expect(bucket.take(5, 0)).toBe(50);
    expect(bucket.take(0, 50)).toBe(0);
    expect(bucket.take(1, 55)).toBe(5);
  });

  test("does not save more than a burst, nor run backwards", () => {
    const bucket = new TokenBucket(100, 10, 0);
    expect(bucket.take(11, 1_000_000)).toBe(10);
    expect(bucket.take(0, 0)).toBe(10);
  });
});

describe("scores", () => {
  const limits = { banPoints: 100, pointsHalfLifeMs: 1000, banMs: 5000, scoredNodeCountMax: 3 };
  const node = idOf("a");

  test("fade to half in a half-life", () => {
    const scores = new Scores(limits);
    expect(scores.scoreOf(node, 0)).toBe(0);
    expect(scores.penalize(node, 80, 0)).toBe(false);
    expect(scores.scoreOf(node, 1000)).toBe(-40);
    expect(scores.penalize(node, 59, 1000)).toBe(false);
    expect(scores.penalize(node, 1, 1000)).toBe(true);
  });

  test("ban for a while", () => {
    const scores = new Scores(limits);
    expect(scores.penalize(node, 100, 0)).toBe(true);
    expect(scores.isBanned(node, 4999)).toBe(true);
    expect(scores.isBanned(node, 5000)).toBe(false);
    expect(scores.scoreOf(node, 5000)).toBeGreaterThan(-10);
  });

  test("remember a bounded number of nodes", () => {
    const scores = new Scores(limits);
    for (const name of ["a", "b", "c", "d"]) scores.penalize(idOf(name), 10, 0);
    expect(scores.scoreOf(idOf("a"), 0)).toBe(0);
    expect(scores.scoreOf(idOf("b"), 0)).toBe(-10);
  });
});

describe("the guard of yamux", () => {
  const frame = (type: number, length: number, data = 0) => {
    const bytes = new Uint8Array(12 + data);
    bytes[1] = type;
    new DataView(bytes.buffer).setUint32(8, length);
    return bytes;
  };

  test("accepts data up to the bound and refuses one byte more at the header", () => {
    expect(new YamuxGuard(100).accepts(frame(0, 100, 100))).toBe(true);
    expect(new YamuxGuard(100).accepts(frame(0, 101))).toBe(false);
    expect(new YamuxGuard(100).accepts(frame(0, 2 ** 32 - 1))).toBe(false);
  });

  test("takes the length of other frames for what it is, a number", () => {
    const guard = new YamuxGuard(100);
    for (const type of [1, 2, 3]) expect(guard.accepts(frame(type, 2 ** 32 - 1))).toBe(true);
    expect(guard.accepts(frame(0, 101))).toBe(false);
  });

  test("finds the large frame wherever the bytes are cut", () => {
    const bytes = new Uint8Array([...frame(0, 50, 50), ...frame(1, 999), ...frame(0, 0), ...frame(0, 101)]);
    for (let size = 1; size <= bytes.length; size++) {
      const guard = new YamuxGuard(100);
      const accepted = [];
      for (let offset = 0; offset < bytes.length; offset += size)
        accepted.push(guard.accepts(bytes.subarray(offset, offset + size)));
      expect(accepted.indexOf(false)).toBe(accepted.length - 1);
    }
  });
});

describe("what libp2p remembers", () => {
  const peerKey = (nodeId: NodeId) => new Key(`/peers/${peerIdOf(nodeId).toCID().toString()}`);
  const store = () => new BoundedDatastore((nodeId) => nodeId === idOf("a"), 3);

  test("is of admitted nodes only", async () => {
    const datastore = store();
    await datastore.put(peerKey(idOf("a")), Uint8Array.of(1));
    await datastore.put(peerKey(idOf("b")), Uint8Array.of(1));
    await datastore.put(new Key("/peers/nonsense"), Uint8Array.of(1));
    expect(await datastore.has(peerKey(idOf("a")))).toBe(true);
    expect(await datastore.has(peerKey(idOf("b")))).toBe(false);
    expect(await datastore.has(new Key("/peers/nonsense"))).toBe(false);
  });

  test("is a bounded number of other records, the newest", async () => {
    const datastore = store();
    const key = (index: number) => new Key(`/dht/provider/${index}`);
    for (const index of [1, 2, 3, 1, 4]) await datastore.put(key(index), Uint8Array.of(index));
    const held = await Promise.all([1, 2, 3, 4].map(async (index) => datastore.has(key(index))));
    expect(held).toEqual([true, false, true, true]);
    await datastore.delete(key(1));
    expect(await datastore.has(key(1))).toBe(false);
  });
});
