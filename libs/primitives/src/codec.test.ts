import { describe, expect, test } from "vitest";
import { fromHex, toHex } from "./bytes.ts";
import {
  bool,
  bytes,
  decode,
  DecodeError,
  encode,
  EncodeError,
  fixed,
  list,
  mapped,
  oneOf,
  option,
  restText,
  struct,
  text,
  u16,
  u32,
  u64,
  u8,
  union,
  type Codec,
  type DecodeErrorCode,
} from "./codec.ts";

function hexOf<Value>(codec: Codec<Value>, value: Value): string {
  return toHex(encode(codec, value));
}

/** The code and place of the refusal, or the value when there is none. */
function refusalOf<Value>(codec: Codec<Value>, hex: string): readonly [DecodeErrorCode, number] | Value {
  try {
    return decode(codec, fromHex(hex)!);
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    return [error.code, error.data.offset];
  }
}

describe("integers", () => {
  test.each([
    [u8, 255, "ff"],
    [u16, 258, "0102"],
    [u32, 2 ** 32 - 1, "ffffffff"],
    [u64, Number.MAX_SAFE_INTEGER, "001fffffffffffff"],
  ])("are big-endian and of fixed width", (codec, value, hex) => {
    expect(hexOf(codec, value)).toBe(hex);
    expect(decode(codec, fromHex(hex)!)).toBe(value);
  });

  test.each([
    [u8, 256],
    [u16, 65_536],
    [u32, 2 ** 32],
    [u64, 2 ** 53],
    [u8, -1],
    [u8, 1.5],
    [u64, Number.NaN],
    [u64, Number.POSITIVE_INFINITY],
  ])("refuse to encode what does not fit", (codec, value) => {
    expect(() => encode(codec, value)).toThrow(EncodeError);
  });

  test("write negative zero as zero", () => expect(hexOf(u8, -0)).toBe("00"));

  test("of 8 bytes stop at 2^53 - 1", () => {
    expect(refusalOf(u64, "0020000000000000")).toEqual(["out-of-range", 8]);
    expect(refusalOf(u64, "ffffffffffffffff")).toEqual(["out-of-range", 8]);
  });

  test("refuse missing and surplus bytes", () => {
    expect(refusalOf(u32, "010203")).toEqual(["truncated", 0]);
    expect(refusalOf(u32, "0102030405")).toEqual(["trailing-bytes", 4]);
  });
});

describe("variable parts", () => {
  test("bytes carry a 32-bit length, up to their limit and no further", () => {
    expect(hexOf(bytes(2), Uint8Array.of(1, 2))).toBe("000000020102");
    expect(() => encode(bytes(2), new Uint8Array(3))).toThrow(EncodeError);
    expect(refusalOf(bytes(2), "00000003010203")).toEqual(["too-long", 4]);
  });

  test("a huge length is refused before anything is read for it", () => {
    expect(refusalOf(bytes(2 ** 32 - 1), "ffffffff")).toEqual(["truncated", 4]);
    expect(refusalOf(list(u8, 2 ** 32 - 1), "ffffffff")).toEqual(["truncated", 4]);
  });

  test("fixed bytes carry no length", () => {
    expect(hexOf(fixed(2), Uint8Array.of(1, 2))).toBe("0102");
    expect(() => encode(fixed(2), new Uint8Array(1))).toThrow(EncodeError);
  });

  test("lists carry a 32-bit count, up to their limit and no further", () => {
    expect(hexOf(list(u8, 2), [7, 8])).toBe("000000020708");
    expect(() => encode(list(u8, 2), [1, 2, 3])).toThrow(EncodeError);
    expect(refusalOf(list(u8, 2), "00000003010203")).toEqual(["too-long", 4]);
  });

  test("text counts bytes, not characters", () => {
    expect(hexOf(text(2), "é")).toBe("00000002c3a9");
    expect(() => encode(text(2), "éa")).toThrow(EncodeError);
    expect(refusalOf(text(2), "00000003c3a961")).toEqual(["too-long", 4]);
  });

  test.each([
    ["an overlong form", "00000002c080"],
    ["a lone surrogate", "00000003eda080"],
    ["a cut sequence", "00000001c3"],
    ["U+0000", "0000000100"],
    ["more than U+10FFFF", "00000004f4908080"],
  ])("text refuses %s", (_what, hex) => expect(refusalOf(text(9), hex)).toHaveProperty("0", "malformed-text"));

  test("text keeps a byte order mark and does not normalize", () => {
    for (const value of ["\u{feff}a", "e\u0301", "\u00e9"]) {
      expect(decode(text(9), encode(text(9), value))).toBe(value);
    }
  });

  test.each(["\ud800", "a\0b"])("text refuses to encode what no reader could get back", (value) => {
    expect(() => encode(text(9), value)).toThrow(EncodeError);
    expect(() => encode(restText(9), value)).toThrow(EncodeError);
  });

  test("text at the end takes what is left, up to its limit", () => {
    expect(hexOf(restText(3), "abc")).toBe("616263");
    expect(() => encode(restText(3), "abcd")).toThrow(EncodeError);
    expect(refusalOf(restText(3), "61626364")).toEqual(["too-long", 0]);
    expect(refusalOf(restText(3), "6100")).toEqual(["malformed-text", 2]);
  });
});

describe("choices", () => {
  const shape = union({ dot: [1, struct({})], box: [2, struct({ side: u8 })] });
  const colour = oneOf({ red: 1, green: 2 });

  test("a truth is 0 or 1", () => {
    expect(hexOf(bool, true)).toBe("01");
    expect(refusalOf(bool, "02")).toEqual(["out-of-range", 1]);
  });

  test("an option is a byte and perhaps a value", () => {
    expect(hexOf(option(u8), undefined)).toBe("00");
    expect(hexOf(option(u8), 0)).toBe("0100");
    expect(refusalOf(option(u8), "02")).toEqual(["out-of-range", 1]);
  });

  test("a union is a tag and a shape", () => {
    expect(hexOf(shape, { type: "box", side: 3 })).toBe("0203");
    expect(decode(shape, Uint8Array.of(1))).toEqual({ type: "dot" });
    expect(refusalOf(shape, "03")).toEqual(["unknown-tag", 1]);
  });

  test("a name is its byte", () => {
    expect(hexOf(colour, "green")).toBe("02");
    expect(refusalOf(colour, "00")).toEqual(["unknown-tag", 1]);
  });

  test.each(["constructor", "__proto__", "toString", "hasOwnProperty"])(
    "%s, which every object has, is no case and no name",
    (name) => {
      expect(() => encode(shape, { type: name } as never)).toThrow(EncodeError);
      expect(() => encode(colour, name as never)).toThrow(EncodeError);
    },
  );

  test("a mapped codec refuses what its view does not have", () => {
    const even = mapped(
      u8,
      (value) => (value % 2 === 0 ? value : undefined),
      (value: number) => value,
    );
    expect(decode(even, Uint8Array.of(0))).toBe(0);
    expect(refusalOf(even, "03")).toEqual(["out-of-range", 1]);
  });
});

describe("structs", () => {
  test("are their fields in order, without names", () => {
    const pair = struct({ second: u8, first: u16 });
    expect(hexOf(pair, { first: 1, second: 2 })).toBe("020001");
  });

  test("are not written through to by whoever holds a part of what was read", () => {
    const source = encode(struct({ raw: bytes(4) }), { raw: Uint8Array.of(1, 2) });
    const written = encode(struct({ raw: bytes(4) }), decode(struct({ raw: bytes(4) }), source));
    source.fill(0);
    expect(toHex(written)).toBe("000000020102");
  });
});

test("a writer grows beyond its first buffer", () => {
  const value = new Uint8Array(100_000).fill(7);
  expect(decode(bytes(100_000), encode(bytes(100_000), value))).toEqual(value);
});
