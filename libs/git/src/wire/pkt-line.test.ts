import { utf8 } from "@guts/primitives";
import { describe, expect, it } from "vitest";
import { GitWireError } from "../errors.ts";
import { PktLineDecoder } from "./pkt-line-decoder.ts";
import { PktLineReader } from "./pkt-line-reader.ts";
import {
  decodePktLines,
  encodeDelimiter,
  encodeErrorLine,
  encodeFlush,
  encodePktLine,
  encodeResponseEnd,
  pktLinePayloadBytesMax,
  pktLineText,
} from "./pkt-line.ts";

const signal = new AbortController().signal;

function decode(text: string): unknown[] {
  return Array.from(decodePktLines(utf8(text)), (line) =>
    line.type === "data" ? new TextDecoder().decode(line.payload) : line.type,
  );
}

function codeOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof GitWireError) return error.code;
    throw error;
  }
  return "no error";
}

describe("encodePktLine", () => {
  it.each([
    ["a\n", "0006a\n"],
    ["a", "0005a"],
    ["foobar\n", "000bfoobar\n"],
    ["", "0004"],
  ])("writes the examples of gitprotocol-common: %j", (payload, line) => {
    expect(new TextDecoder().decode(encodePktLine(payload))).toBe(line);
  });

  it("takes a payload at the limit and refuses one byte more", () => {
    expect(encodePktLine(new Uint8Array(pktLinePayloadBytesMax)).subarray(0, 4)).toEqual(utf8("fff0"));
    expect(codeOf(() => encodePktLine(new Uint8Array(pktLinePayloadBytesMax + 1)))).toBe("pkt-line-too-long");
  });

  it("shortens an error message to one line", () => {
    expect(encodeErrorLine("no such repository")).toEqual(utf8("001bERR no such repository\n"));
    expect(encodeErrorLine("x".repeat(100_000)).length).toBe(pktLinePayloadBytesMax + 4);
  });
});

describe("decodePktLines", () => {
  it("tells data, flush, delimiter and response end apart", () => {
    const specials = [encodeFlush(), encodeDelimiter(), encodeResponseEnd()].map((line) =>
      Buffer.from(line).toString(),
    );
    expect(decode(`0006a\n0004${specials.join("")}`)).toEqual(["a\n", "", "flush", "delimiter", "response-end"]);
  });

  it("reads the length in either case", () => {
    expect(decode(`000A${"b".repeat(6)}000a${"c".repeat(6)}`)).toEqual(["bbbbbb", "cccccc"]);
  });

  it("takes a line at the limit and refuses one byte more", () => {
    expect(decode(`fff0${"a".repeat(pktLinePayloadBytesMax)}`)).toHaveLength(1);
    expect(codeOf(() => decode(`fff1${"a".repeat(pktLinePayloadBytesMax + 1)}`))).toBe("pkt-line-length-invalid");
  });

  it.each(["0003", "zzzz", "-001", "+001", "0x10", " 005", "ffff", "\0\0\0\0", "PACK"])(
    "refuses the length %j",
    (text) => {
      expect(codeOf(() => decode(`${text}aaaaaaaa`))).toBe("pkt-line-length-invalid");
    },
  );

  it.each(["0", "000", "0005", "0006a"])("refuses bytes that end inside a line: %j", (text) => {
    expect(codeOf(() => decode(text))).toBe("pkt-line-truncated");
  });

  it("removes exactly one line feed from a text", () => {
    expect(["a\n", "a", "a\n\n", "\n", ""].map((text) => pktLineText(utf8(text)))).toEqual(["a", "a", "a\n", "", ""]);
  });
});

describe("PktLineDecoder", () => {
  it("says how many bytes are missing", () => {
    const decoder = new PktLineDecoder();
    expect(decoder.missingBytes).toBe(4);
    decoder.push(utf8("000aab"));
    expect(decoder.next()).toBeUndefined();
    expect(decoder.missingBytes).toBe(4);
  });

  it("keeps payloads that were handed out while more bytes arrive", () => {
    const decoder = new PktLineDecoder();
    decoder.push(utf8("0008aaaa0"));
    const first = decoder.next();
    for (const piece of ["0", "08bb", "bb0008cc", "cc"]) decoder.push(utf8(piece));
    expect([first, decoder.next(), decoder.next()]).toEqual(
      ["aaaa", "bbbb", "cccc"].map((text) => ({ type: "data", payload: utf8(text) })),
    );
    expect(decoder.pendingBytes).toBe(0);
  });

  it("copies a line that arrives byte by byte a bounded number of times", () => {
    const decoder = new PktLineDecoder();
    const line = encodePktLine(new Uint8Array(60_000).fill(7));
    for (const byte of line) decoder.push(new Uint8Array([byte]));
    expect(decoder.next()).toEqual({ type: "data", payload: line.subarray(4) });
  });
});

describe("PktLineReader", () => {
  async function* chunks(...texts: string[]): AsyncGenerator<Uint8Array> {
    for (const text of texts) yield utf8(text);
  }

  async function collect(source: AsyncIterable<Uint8Array>): Promise<string> {
    let text = "";
    for await (const chunk of source) text += new TextDecoder().decode(chunk);
    return text;
  }

  it("hands over what follows a line, from the chunk it has and from the stream", async () => {
    const reader = new PktLineReader(chunks("0006a", "\n0000PA", "CK", "", "rest"));
    expect([await reader.read(signal), await reader.read(signal)].map((line) => line?.type)).toEqual(["data", "flush"]);
    expect(reader.lineBytes).toBe(10);
    expect(await collect(reader.rest())).toBe("PACKrest");
  });

  it("returns undefined at the end of the stream, again and again", async () => {
    const reader = new PktLineReader(chunks("0000"));
    await reader.read(signal);
    expect([await reader.read(signal), await reader.read(signal)]).toEqual([undefined, undefined]);
  });

  it("refuses a stream that ends inside a line", async () => {
    const reader = new PktLineReader(chunks("0006a"));
    await expect(reader.read(signal)).rejects.toMatchObject({ code: "pkt-line-truncated", data: { missingBytes: 1 } });
  });

  it("stops the source when the rest is not wanted to its end", async () => {
    let isStopped = false;
    async function* endless(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield utf8("0000");
      } finally {
        isStopped = true;
      }
    }
    const reader = new PktLineReader(endless());
    await reader.read(signal);
    for await (const _ of reader.rest()) break;
    expect(isStopped).toBe(true);
  });

  it("stops the source when it is disposed of", async () => {
    let isStopped = false;
    const source: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({
        next: () => Promise.resolve({ done: false, value: utf8("0000") }),
        return: () => {
          isStopped = true;
          return Promise.resolve({ done: true, value: undefined });
        },
      }),
    };
    const reader = new PktLineReader(source);
    await reader.read(signal);
    await reader[Symbol.asyncDispose]();
    expect(isStopped).toBe(true);
  });

  it("stops waiting when its signal aborts", async () => {
    const silent: AsyncIterable<Uint8Array> = {
      [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => undefined) }),
    };
    const controller = new AbortController();
    const reading = new PktLineReader(silent).read(controller.signal);
    controller.abort(new Error("client left"));
    await expect(reading).rejects.toThrow("client left");
    await expect(new PktLineReader(silent).read(controller.signal)).rejects.toThrow("client left");
  });

  it("passes on an error of its source", async () => {
    async function* broken(): AsyncGenerator<Uint8Array> {
      yield utf8("00");
      throw new Error("connection reset");
    }
    await expect(new PktLineReader(broken()).read(signal)).rejects.toThrow("connection reset");
  });
});
