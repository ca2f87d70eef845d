import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GitWireError } from "../errors.ts";
import { joinBytes } from "./join-bytes.ts";
import { PktLineDecoder } from "./pkt-line-decoder.ts";
import { PktLineReader } from "./pkt-line-reader.ts";
import {
  decodePktLines,
  encodeDelimiter,
  encodeFlush,
  encodePktLine,
  encodeResponseEnd,
  type PktLine,
} from "./pkt-line.ts";

const signal = new AbortController().signal;
const pktLines: fc.Arbitrary<PktLine[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.uint8Array({ maxLength: 40 }).map((payload) => ({ type: "data" as const, payload })) },
    fc.constantFrom<PktLine>({ type: "flush" }, { type: "delimiter" }, { type: "response-end" }),
  ),
  { maxLength: 20 },
);

function encode(line: PktLine): Uint8Array {
  if (line.type === "data") return encodePktLine(line.payload);
  return { flush: encodeFlush, delimiter: encodeDelimiter, "response-end": encodeResponseEnd }[line.type]();
}

/** Cuts `bytes` at the given places, which may repeat, so that pieces may be empty. */
function split(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((left, right) => left - right), bytes.length];
  return places.slice(1).map((end, index) => bytes.slice(places[index], end));
}

async function* stream(pieces: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* pieces;
}

/** Everything that can be read, then how it ended. */
async function readAll(pieces: readonly Uint8Array[]): Promise<unknown[]> {
  const reader = new PktLineReader(stream(pieces));
  const results: unknown[] = [];
  try {
    for (;;) {
      const line = await reader.read(signal);
      results.push(line);
      if (line === undefined) return results;
    }
  } catch (error) {
    return [...results, asCode(error)];
  }
}

function asCode(error: unknown): string {
  if (error instanceof GitWireError) return error.code;
  throw error;
}

describe("pkt-lines", () => {
  it("round-trip", () => {
    fc.assert(
      fc.property(pktLines, (lines) => {
        expect([...decodePktLines(joinBytes(lines.map(encode)))]).toEqual(lines);
      }),
    );
  });

  it("are the same however the stream is cut", async () => {
    const hostile = fc.oneof(
      pktLines.map((lines) => joinBytes(lines.map(encode))),
      fc
        .tuple(pktLines, fc.uint8Array({ maxLength: 20 }))
        .map(([lines, tail]) => joinBytes([...lines.map(encode), tail])),
      fc
        .string({ unit: fc.constantFrom("0", "1", "4", "6", "f", "a"), maxLength: 60 })
        .map((text) => new TextEncoder().encode(text)),
    );
    await fc.assert(
      fc.asyncProperty(hostile, fc.array(fc.nat(), { maxLength: 30 }), async (bytes, cuts) => {
        const whole = await readAll([bytes]);
        expect(await readAll(split(bytes, cuts))).toEqual(whole);
        expect(await readAll(Array.from(bytes, (byte) => new Uint8Array([byte])))).toEqual(whole);
      }),
    );
  });

  it("leave what follows them untouched however the stream is cut", async () => {
    const input = fc.tuple(pktLines, fc.uint8Array({ maxLength: 60 }), fc.array(fc.nat(), { maxLength: 20 }));
    await fc.assert(
      fc.asyncProperty(input, async ([lines, pack, cuts]) => {
        const reader = new PktLineReader(stream(split(joinBytes([...lines.map(encode), pack]), cuts)));
        for (const line of lines) expect(await reader.read(signal)).toEqual(line);
        const rest: Uint8Array[] = [];
        for await (const chunk of reader.rest()) rest.push(chunk);
        expect(joinBytes(rest)).toEqual(pack);
      }),
    );
  });

  it("decode arbitrary bytes to lines or a typed error, the same pushed as pulled", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const pulled: PktLine[] = [];
        let end = "end";
        try {
          for (const line of decodePktLines(bytes)) pulled.push(line);
        } catch (error) {
          end = asCode(error);
        }
        const decoder = new PktLineDecoder();
        const pushed: PktLine[] = [];
        let pushedEnd = "end";
        try {
          decoder.push(bytes);
          for (let line = decoder.next(); line !== undefined; line = decoder.next()) pushed.push(line);
          if (decoder.pendingBytes > 0) pushedEnd = "pkt-line-truncated";
        } catch (error) {
          pushedEnd = asCode(error);
        }
        expect([pushed, pushedEnd]).toEqual([pulled, end]);
      }),
    );
  });
});
