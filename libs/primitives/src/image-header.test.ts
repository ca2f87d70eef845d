import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { readImageHeader } from "./image-header.ts";

const bytes = (hex: string) => Uint8Array.from(Buffer.from(hex.replaceAll(" ", ""), "hex"));

const png = bytes(
  "89504e470d0a1a0a 0000000d 49484452 00000003 00000002 08 02 00 00 00 12345678 00000000 49454e44 ae426082",
);
const jpeg = bytes("ffd8 ffe0 0010 4a46494600010100000100010000 ffc2 000b 08 0010 0020 01 011100 ffd9");
const lossy = bytes("52494646 16000000 57454250 56503820 0a000000 300100 9d012a 4000 3040");
const lossless = bytes("52494646 16000000 57454250 5650384c 0a000000 2f ff c0 3f 00 0000000000");
const extended = bytes("52494646 16000000 57454250 56503858 0a000000 00000000 ff0100 070000");

describe("the header of a picture", () => {
  test.each([
    ["PNG", png, { format: "png", width: 3, height: 2 }],
    ["JPEG behind its application segment", jpeg, { format: "jpeg", width: 32, height: 16 }],
    ["lossy WebP, without the bits that scale it", lossy, { format: "webp", width: 64, height: 48 }],
    ["lossless WebP", lossless, { format: "webp", width: 256, height: 256 }],
    ["extended WebP", extended, { format: "webp", width: 512, height: 8 }],
  ])("is read of %s", (_, picture, header) => {
    expect(readImageHeader(picture)).toEqual(header);
  });

  test.each([
    ["nothing", new Uint8Array()],
    ["HTML", Buffer.from("<!doctype html><script>alert(1)</script>")],
    ["SVG", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"></svg>')],
    ["GIF", Buffer.from("GIF89a\x10\x00\x10\x00and more bytes than a header has")],
    ["a PNG that is cut", png.subarray(0, 20)],
    ["a PNG without width", Uint8Array.from(png, (byte, index) => (index === 19 ? 0 : byte))],
    ["a JPEG without a frame", jpeg.subarray(0, 20)],
    ["a JPEG whose segment has no length", bytes("ffd8 ffe0 0000 ffe0 0000 ffe0 0000 ffe0 0000")],
    ["a WebP that is cut", Uint8Array.from(lossy, (byte, index) => (index === 4 ? 0xff : byte))],
  ])("is not read of %s", (_, other) => {
    expect(readImageHeader(other)).toBeUndefined();
  });

  test("is read of any bytes without a failure", () => {
    const beginnings = [png, jpeg, lossy, lossless, extended];
    const any = fc.tuple(fc.constantFrom(...beginnings), fc.nat(40), fc.uint8Array({ maxLength: 60 }));
    fc.assert(
      fc.property(any, ([beginning, length, rest]) => {
        const found = readImageHeader(Uint8Array.from([...beginning.subarray(0, length), ...rest]));
        if (found !== undefined) expect(found.width * found.height).toBeGreaterThan(0);
      }),
    );
  });
});
