/**
 * One validator of four is a liar: whatever frames it sends in whatever order, an engine refuses or follows, never fails, signs nothing
 * that contradicts itself, and answers with a bounded number of bytes. Followers and the other validators send frames, too, but their
 * signatures cannot be forged. An input is a list of {sender u8, milliseconds u8, length u16, frame}.
 */
import {
  areContradictory,
  ConsensusEngine,
  decodeMessage,
  encodeMessage,
  freshJournalRecords,
  lanTiming,
  type SignedVote,
} from "@guts/consensus";
import {
  digestOf,
  equalBytes,
  zeroDigest,
  type Digest,
  type Height,
  type Signature,
  type TimeMs,
} from "@guts/primitives";
import { voteBytes, type Header, type VoteStatement } from "@guts/verifier";

const networkId = zeroDigest;
const liar = 1;
const answerBytesPerInputMax = 2 * 1024 * 1024;

export const dictionary = [
  "\0\0\0\0\0\0\0\x01",
  "\0\0\0\0\0\0\0\x02",
  "\x01",
  "\x02",
  "\x03",
  "\x04",
  "\x05",
  "\x06",
  "\x07",
];

/** A hash for honest validators; for the liar any signature that begins with a one is good. */
function sign(validator: number, statement: VoteStatement): Signature {
  const digest = digestOf("vote", Uint8Array.of(validator), voteBytes(statement));
  return new Uint8Array([...digest, ...digest]) as Signature;
}

class Subject {
  now = 1_000_000;
  sentBytes = 0;
  readonly votes: SignedVote[] = [];
  readonly engine: ConsensusEngine;
  #timer: { readonly at: number; readonly fire: () => void } | undefined;
  #height = 0;

  constructor() {
    const publish = (frame: Uint8Array): void => this.#check(frame);
    const journal = { read: freshJournalRecords, append: () => {}, sync: () => {}, bytes: 0, compact: () => {} };
    this.engine = new ConsensusEngine(
      {
        ...{ networkId, epoch: 0, validators: Array.from({ length: 4 }) as never, self: 0, nonce: 7 },
        signatures: {
          sign: (statement) => sign(0, statement),
          verify: (validator, statement, signature) =>
            validator === liar ? signature[0] === 1 : equalBytes(sign(validator, statement), signature),
        },
        timing: lanTiming,
        finalized: { hash: networkId, height: 0 as Height, view: 0, time: 1_000_000 as TimeMs },
      },
      {
        journal,
        transport: { send: (_to, frame) => publish(frame), broadcast: publish },
        clock: {
          now: () => this.now,
          monotonic: () => this.now,
          setTimer: (delayMs, fire) => {
            const timer = { at: this.now + delayMs, fire };
            this.#timer = timer;
            return () => {
              if (this.#timer === timer) this.#timer = undefined;
            };
          },
        },
        execution: {
          build: (place) => ({ header: headerOf(place), body: new Uint8Array(0) }),
          execute: ({ body }) => ({ outcome: body.length % 2 === 0 ? "valid" : "not-the-body" }),
          commit: ({ header }) => {
            if (header.height !== ++this.#height) throw new Error("committed out of order");
          },
          discard: () => {},
        },
        events: {
          onFailure: (failure) => {
            throw failure;
          },
        },
      },
    );
    this.engine.start();
    this.engine.setPending(true);
  }

  pass(durationMs: number): void {
    const end = this.now + durationMs;
    for (let turns = 0; this.#timer !== undefined && this.#timer.at <= end; turns++) {
      if (turns > 1_000) throw new Error("an engine that never rests");
      const { at, fire } = this.#timer;
      this.#timer = undefined;
      this.now = Math.max(this.now, at);
      fire();
    }
    this.now = end;
  }

  #check(frame: Uint8Array): void {
    this.sentBytes += frame.length;
    const message = decodeMessage(frame);
    if (message === undefined) throw new Error("sent what is no message");
    if (message.type !== "vote" && message.type !== "proposal") return;
    const isContradicted = this.votes.some(
      (vote) => vote.view === message.vote.view && areContradictory(vote, message.vote),
    );
    if (isContradicted) throw new Error("contradicted itself");
    this.votes.push(message.vote);
  }
}

export function fuzz(input: Uint8Array): void {
  const subject = new Subject();
  const view = new DataView(input.buffer, input.byteOffset, input.byteLength);
  for (let offset = 0; offset + 4 <= input.length;) {
    const [from, pauseMs, length] = [view.getUint8(offset) % 6, view.getUint8(offset + 1), view.getUint16(offset + 2)];
    const frame = input.slice(offset + 4, offset + 4 + length);
    offset += 4 + length;
    const message = decodeMessage(frame);
    if (message !== undefined && !equalBytes(encodeMessage(message), frame))
      throw new Error("two encodings of one message");
    subject.engine.receive(from, frame);
    subject.pass(pauseMs);
  }
  subject.pass(10_000);
  if (subject.sentBytes > answerBytesPerInputMax) throw new Error(`${subject.sentBytes} bytes for ${input.length}`);
}

function headerOf(place: {
  readonly parent: Digest;
  readonly epoch: number;
  readonly view: number;
  readonly proposer: number;
  readonly time: TimeMs;
}): Header {
  return {
    ...place,
    ...{ rulesVersion: 1, networkId, height: 1 as Height, transactionsRoot: zeroDigest, resultsRoot: zeroDigest },
    ...{ stateRoot: zeroDigest, headersRoot: zeroDigest, validatorsHash: zeroDigest, nextValidatorsHash: zeroDigest },
  };
}
