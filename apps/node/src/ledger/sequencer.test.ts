import { parseDigest, toHex, type Digest, type Height } from "@guts/primitives";
import { beforeEach, expect, test } from "vitest";

import type { FinalBlock } from "../chain-thread/contract.ts";
import { concludedPerBlockMax, NetworkSequencer, type Candidate, type ConcludedAnswer } from "./sequencer.ts";

const idOf = (byte: number): Digest => parseDigest(new Uint8Array(32).fill(byte))!;

let sequencer: NetworkSequencer;
let withdrawn: string[];
let asked: string[];

beforeEach(() => {
  withdrawn = [];
  asked = [];
  sequencer = new NetworkSequencer({
    submit: () => Promise.resolve({ outcome: "queued" }),
    withdraw: (id) => void withdrawn.push(toHex(id)),
  });
});

/** A transaction of which the chain proves an answer from a height on. */
function candidate(byte: number, height = Number.MAX_SAFE_INTEGER): Candidate {
  const id = idOf(byte);
  const answer: ConcludedAnswer = {
    outcome: "rejected",
    height: height as Height,
    transactionId: id,
    rejection: "key-not-live",
  };
  const conclude = (served: Height) => {
    asked.push(toHex(id));
    return served >= height ? answer : undefined;
  };
  return { id, raw: new Uint8Array(), contents: new Map(), conclude };
}

function block(height: number, ...ids: readonly Digest[]): FinalBlock {
  const results = ids.map((transactionId) => ({ transactionId, verdict: { type: "applied", result: idOf(0) } }));
  return { block: { header: { height }, results } } as unknown as FinalBlock;
}

test("a transaction is answered by the block that holds it, not by what the chain proves besides", async () => {
  const answer = sequencer.submit(candidate(1, 5));
  await sequencer.follow(block(5, idOf(1)));
  expect(await answer).toMatchObject({ outcome: "applied", height: 5 });
  expect([asked, withdrawn]).toEqual([[], []]);
});

test("one that no block can hold any more is answered by the block that says so, and withdrawn", async () => {
  const answer = sequencer.submit(candidate(1, 6));
  await sequencer.follow(block(5));
  expect(withdrawn).toEqual([]);
  await sequencer.follow(block(6));
  expect(await answer).toMatchObject({ outcome: "concluded", answer: { height: 6, rejection: "key-not-live" } });
  expect(withdrawn).toEqual([toHex(idOf(1))]);
});

test("an answer that the chain proves waits for the other validators too", async () => {
  sequencer.setPeersServed(5);
  let isAnswered = false;
  const answer = sequencer.submit(candidate(1, 6)).then(() => (isAnswered = true));
  const followed = sequencer.follow(block(6));
  await Promise.resolve();
  expect(isAnswered).toBe(false);
  sequencer.setPeersServed(6);
  await Promise.all([followed, answer]);
});

test("a block asks a bounded number, and the next one those that were not asked", async () => {
  for (let byte = 0; byte < concludedPerBlockMax + 10; byte++) void sequencer.submit(candidate(byte));
  await sequencer.follow(block(5));
  expect(asked).toHaveLength(concludedPerBlockMax);
  await sequencer.follow(block(6));
  expect(new Set(asked).size).toBe(concludedPerBlockMax + 10);
});
