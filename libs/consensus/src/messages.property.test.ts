import * as fc from "fast-check";
import { expect, test } from "vitest";
import { decode, DecodeError, encode, equalBytes, type Codec } from "@guts/primitives";
import { evidenceCodec } from "./evidence.ts";
import { decodeJournalRecord, encodeJournalRecord, journalRecordCodec, type JournalRecord } from "./journal-record.ts";
import { wantedCertificatesMax } from "./limits.ts";
import { decodeMessage, encodeMessage, messageCodec, type Message } from "./messages.ts";

const digest = fc.uint8Array({ minLength: 32, maxLength: 32 });
const signature = fc.uint8Array({ minLength: 64, maxLength: 64 });
const number = fc.maxSafeNat();
const index = fc.nat(2 ** 31);
const kind = fc.constantFrom("notarize", "nullify", "finalize");
const body = fc.uint8Array({ maxLength: 40 });
const option = <Value>(values: fc.Arbitrary<Value>) => fc.option(values, { nil: undefined });

const vote = fc.record({ kind, epoch: number, view: number, header: digest, validator: index, signature });
const certificate = fc.record({
  ...{ epoch: number, kind, view: number, header: digest },
  votes: fc.array(fc.record({ validator: index, signature }), { maxLength: 4 }),
});
const header = fc.record({
  ...{ rulesVersion: fc.nat(65_535), networkId: digest, epoch: number, view: number, height: number, parent: digest },
  ...{ time: fc.nat(2 ** 31), proposer: index, transactionsRoot: digest, resultsRoot: digest, stateRoot: digest },
  ...{ headersRoot: digest, validatorsHash: digest, nextValidatorsHash: digest },
});
const wanted = fc.array(fc.record({ kind, view: number }), { maxLength: wantedCertificatesMax });
const evidence = fc.record({ first: vote, second: vote });

const messages = fc.oneof(
  fc.record({ type: fc.constant("proposal"), parentView: number, header, body, vote }),
  fc.record({ type: fc.constant("vote"), vote }),
  fc.record({ type: fc.constant("certificate"), certificate }),
  fc.record({ type: fc.constant("certificateRequest"), epoch: number, wanted }),
  fc.record({ type: fc.constant("blockRequest"), epoch: number, hash: digest }),
  fc.record({ type: fc.constant("blockResponse"), header, body }),
  fc.record({
    ...{ type: fc.constant("status"), epoch: number, view: number, entry: option(certificate) },
    ...{ tip: option(fc.record({ header, certificate })), question: option(number) },
    answer: option(fc.record({ question: number, newestVote: option(vote) })),
  }),
) as unknown as fc.Arbitrary<Message>;

const records = fc.oneof(
  fc.record({ type: fc.constant("instance") }),
  fc.record({ type: fc.constant("block"), header, body }),
  fc.record({ type: fc.constant("vote"), vote }),
  fc.record({ type: fc.constant("certificate"), certificate }),
  fc.record({ type: fc.constant("evidence"), evidence }),
  fc.record({ type: fc.constantFrom("floor", "resume", "amnesia"), view: number }),
) as unknown as fc.Arbitrary<JournalRecord>;

test("every message is decoded to what was encoded", () => {
  fc.assert(
    fc.property(messages, (message) => {
      expect(decodeMessage(encodeMessage(message))).toEqual(message);
    }),
  );
});

test("every journal record is decoded to what was encoded", () => {
  fc.assert(
    fc.property(records, (record) => {
      expect(decodeJournalRecord(encodeJournalRecord(record))).toEqual(record);
    }),
  );
});

test("bytes that were changed are refused, or are the one encoding of something else", () => {
  const damaged = fc.tuple(messages, fc.nat(), fc.nat(255)).map(([message, at, byte]) => {
    const frame = encodeMessage(message);
    frame[at % frame.length] = byte;
    return frame;
  });
  fc.assert(
    fc.property(fc.oneof(damaged, fc.uint8Array({ maxLength: 300 })), (frame) => {
      const message = decodeMessage(frame);
      if (message !== undefined) expect(equalBytes(encodeMessage(message), frame)).toBe(true);
    }),
  );
});

test("a message that is cut off or goes on is refused", () => {
  fc.assert(
    fc.property(messages, fc.nat(), (message, at) => {
      const frame = encodeMessage(message);
      expect(decodeMessage(frame.subarray(0, at % frame.length))).toBeUndefined();
      expect(decodeMessage(new Uint8Array([...frame, 0]))).toBeUndefined();
    }),
  );
});

test("no codec throws anything but that the bytes are no encoding", () => {
  const codecs = [messageCodec, journalRecordCodec, evidenceCodec] as unknown as readonly Codec<unknown>[];
  fc.assert(
    fc.property(fc.constantFrom(...codecs), fc.uint8Array({ maxLength: 400 }), (codec, bytes) => {
      try {
        expect(equalBytes(encode(codec, decode(codec, bytes)), bytes)).toBe(true);
      } catch (error) {
        if (!(error instanceof DecodeError)) throw error;
      }
    }),
  );
});

test("more certificates than may be asked for at a time are refused", () => {
  const names = Array.from({ length: wantedCertificatesMax }, (_, view) => ({ kind: "nullify", view }) as const);
  const frame = encodeMessage({ type: "certificateRequest", epoch: 0, wanted: names });
  expect(decodeMessage(frame)).toBeDefined();
  const more = new Uint8Array([...frame, ...frame.subarray(-9)]);
  more[12] = wantedCertificatesMax + 1; // The last byte of the count, behind the tag and the epoch.
  expect(decodeMessage(more)).toBeUndefined();
});
