import { utf8 } from "@guts/primitives";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GitWireError } from "../errors.ts";
import { parseCapabilities } from "./capabilities.ts";
import { joinBytes } from "./join-bytes.ts";
import { PktLineReader } from "./pkt-line-reader.ts";
import { decodePktLines, encodeDelimiter, encodeFlush, encodePktLine } from "./pkt-line.ts";
import {
  demultiplexSideBand,
  encodeKeepAlive,
  encodeProgress,
  encodeSideBand,
  encodeSideBandError,
  negotiatedSideBand,
  readSideBand,
  sanitizeProgress,
  sideBandLineBytesMax,
  type SideBandContent,
} from "./side-band.ts";

const signal = new AbortController().signal;

function demultiplex(...parts: Uint8Array[]): SideBandContent {
  return demultiplexSideBand(decodePktLines(joinBytes(parts)));
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

describe("encodeSideBand", () => {
  it("writes one line for each band", () => {
    expect(encodeSideBand("data", utf8("abc"), "side-band")).toEqual(utf8("0008\u0001abc"));
    expect(encodeSideBand("progress", utf8("abc"), "side-band")).toEqual(utf8("0008\u0002abc"));
    expect(encodeSideBand("error", utf8("abc"), "side-band")).toEqual(utf8("0008\u0003abc"));
    expect(encodeSideBand("data", new Uint8Array(0), "side-band")).toEqual(new Uint8Array(0));
  });

  it.each(["side-band", "side-band-64k"] as const)("fills lines of %s to the limit and no further", (mode) => {
    const partMax = sideBandLineBytesMax[mode] - 5;
    const lengths = (size: number): number[] =>
      Array.from(decodePktLines(encodeSideBand("data", new Uint8Array(size), mode)), (line) =>
        line.type === "data" ? line.payload.length + 4 : 0,
      );
    expect(lengths(partMax)).toEqual([sideBandLineBytesMax[mode]]);
    expect(lengths(partMax + 1)).toEqual([sideBandLineBytesMax[mode], 6]);
  });

  it("loses nothing of the data, whatever its length and however progress is mixed in", () => {
    const packets = fc.array(
      fc.record({
        isProgress: fc.boolean(),
        text: fc.string({ unit: fc.constantFrom("a", "\n", "\t", "ü"), maxLength: 3000 }),
      }),
    );
    fc.assert(
      fc.property(packets, fc.constantFrom("side-band" as const, "side-band-64k" as const), (all, mode) => {
        const stream = all.map(({ isProgress, text }) =>
          isProgress ? encodeProgress(text, mode) : encodeSideBand("data", utf8(text), mode),
        );
        const content = demultiplex(...stream, encodeFlush());
        const joined = (wanted: boolean): string =>
          all
            .filter((packet) => packet.isProgress === wanted)
            .map((packet) => packet.text)
            .join("");
        expect(new TextDecoder().decode(content.data)).toBe(joined(false));
        expect(content.progress).toBe(joined(true));
      }),
    );
  });
});

describe("sanitizeProgress", () => {
  it("removes escapes, controls and lone surrogates, and keeps line ends, tabs and every script", () => {
    expect(sanitizeProgress("a\u001b[31mred\u0007\u0000\u007f\u009b1m\r\n\tgröße \u{1f600}")).toBe(
      "a[31mred1m\r\n\tgröße \u{1f600}",
    );
    expect(sanitizeProgress("\ud800")).toBe("\ufffd");
  });
});

describe("demultiplexSideBand", () => {
  it("ignores keep-alives", () => {
    expect(demultiplex(encodeKeepAlive(), encodeFlush())).toEqual({ data: new Uint8Array(0), progress: "" });
  });

  it("turns a fatal error into a typed, sanitized one", () => {
    expect(() => demultiplex(encodeSideBandError("disk\u001b full", "side-band-64k"), encodeFlush())).toThrow(
      expect.objectContaining({ code: "remote-error", data: { message: "disk full" } }),
    );
  });

  it.each([
    ["a band that does not exist", encodePktLine("\u0004x"), "side-band-invalid"],
    ["a line without a band", encodePktLine(""), "side-band-invalid"],
    ["a delimiter", encodeDelimiter(), "pkt-line-unexpected"],
    ["no flush at the end", encodePktLine("\u0001x"), "request-incomplete"],
  ])("refuses %s", (_, bytes, code) => {
    expect(codeOf(() => demultiplex(bytes))).toBe(code);
  });
});

describe("readSideBand", () => {
  async function* stream(...parts: Uint8Array[]): AsyncGenerator<Uint8Array> {
    yield* parts;
  }

  it("yields packets up to the flush and leaves the rest", async () => {
    const reader = new PktLineReader(stream(utf8("0006\u0001a0006\u0002b00000006")));
    const bands: string[] = [];
    for await (const packet of readSideBand(reader, signal)) bands.push(packet.band);
    expect(bands).toEqual(["data", "progress"]);
  });

  it("refuses a stream that ends without a flush", async () => {
    const packets = readSideBand(new PktLineReader(stream(utf8("0006\u0001a"))), signal);
    await packets.next();
    await expect(packets.next()).rejects.toMatchObject({ code: "request-incomplete" });
  });
});

describe("negotiatedSideBand", () => {
  it("prefers the long lines", () => {
    expect(negotiatedSideBand(parseCapabilities("side-band side-band-64k"))).toBe("side-band-64k");
    expect(negotiatedSideBand(parseCapabilities("side-band"))).toBe("side-band");
    expect(negotiatedSideBand(parseCapabilities("quiet"))).toBeUndefined();
  });
});
