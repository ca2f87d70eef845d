import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compareBytes, concatBytes, equalBytes, fromHex, fromUtf8, toHex, utf8 } from "./bytes.ts";

test("hexadecimal is lower case and comes back", () => {
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => {
      expect(toHex(bytes)).toBe(Buffer.from(bytes).toString("hex"));
      expect(fromHex(toHex(bytes))).toEqual(bytes);
    }),
  );
});

test.each(["0", "0G", "AB", " 00", "00\n", "0x00", "\u0660\u0660"])("%j is not our hexadecimal", (text) => {
  expect(fromHex(text)).toBeUndefined();
});

test("bytes compare as unsigned, a prefix first", () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (left, right) => {
      expect(Math.sign(compareBytes(left, right))).toBe(Buffer.compare(left, right));
      expect(equalBytes(left, right)).toBe(Buffer.compare(left, right) === 0);
    }),
  );
});

test("parts follow one another", () => {
  expect(concatBytes()).toEqual(new Uint8Array());
  expect(concatBytes(Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3))).toEqual(Uint8Array.of(1, 2, 3));
});

test("only well-formed UTF-8 is text", () => {
  expect(fromUtf8(utf8("\u{feff}é🏳️‍🌈"))).toBe("\u{feff}é🏳️‍🌈");
  for (const raw of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82]]) {
    expect(fromUtf8(Uint8Array.from(raw))).toBeUndefined();
  }
});
