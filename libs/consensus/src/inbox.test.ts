import { expect, test } from "vitest";
import { zeroDigest } from "@guts/primitives";
import { Inbox } from "./inbox.ts";
import { frameBytesMax, queuedBytesMax, queuedBytesOfOthersMax, queuedFramesMax } from "./limits.ts";
import { encodeMessage } from "./messages.ts";

const frame = encodeMessage({ type: "blockRequest", epoch: 0, hash: zeroDigest });
const largest = new Uint8Array(frameBytesMax);

test("the host's calls come first and all of them, frames after one another and not too many", () => {
  const inbox = new Inbox(4);
  for (const from of [1, 2, 3]) expect(inbox.offer(from, frame)).toBe(true);
  for (const hasWork of [true, false, true]) inbox.push({ type: "pending", hasWork });
  const first = inbox.take(2);
  expect(first.map(({ type }) => type)).toEqual(["pending", "pending", "pending", "message", "message"]);
  expect(inbox.isEmpty).toBe(false);
  expect(inbox.take(2)).toMatchObject([{ type: "message", from: 3 }]);
  expect(inbox.isEmpty).toBe(true);
});

test("one peer's frames wait up to a number and up to a size, and others' are not in their way", () => {
  const inbox = new Inbox(4);
  for (let count = 0; count < queuedFramesMax; count++) expect(inbox.offer(1, frame)).toBe(true);
  expect(inbox.offer(1, frame)).toBe(false);
  expect(inbox.offer(2, frame)).toBe(true);
  for (let bytes = 0; bytes + frameBytesMax <= queuedBytesMax; bytes += frameBytesMax)
    expect(inbox.offer(3, largest)).toBe(true);
  expect(inbox.offer(3, largest)).toBe(false);
  inbox.take(queuedFramesMax + 9);
  expect(inbox.offer(1, frame) && inbox.offer(3, largest)).toBe(true);
});

test("peers that are no validators share a size and cannot crowd out a validator", () => {
  const inbox = new Inbox(4);
  let taken = 0;
  for (let from = 4; inbox.offer(from, largest); from++) taken++;
  expect(taken).toBe(Math.floor(queuedBytesOfOthersMax / frameBytesMax));
  expect(inbox.offer(1, largest)).toBe(true);
  inbox.take(1_000);
  expect(inbox.offer(99, largest)).toBe(true);
});
