import { concatBytes } from "@guts/primitives";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { encodeFrameHeader, FrameDecoder, frameHeaderBytes, FrameViolation, type Frame } from "./frame.ts";

const encode = ({ channel, payload }: Frame) => concatBytes(encodeFrameHeader(channel, payload.length), payload);
const decoder = (bytesMax = 1 << 20) => new FrameDecoder((channel) => (channel === 9 ? undefined : bytesMax));

/** Gives `bytes` to the decoder in pieces of these lengths, then the rest. */
function decodeInPieces(bytes: Uint8Array, lengths: readonly number[]): readonly Frame[] {
  const target = decoder();
  const frames: Frame[] = [];
  let offset = 0;
  for (const length of [...lengths, bytes.length]) {
    frames.push(...target.push(bytes.subarray(offset, offset + length)));
    offset += length;
  }
  return frames;
}

const anyFrame = fc.record({ channel: fc.integer({ min: 0, max: 8 }), payload: fc.uint8Array({ maxLength: 300 }) });

describe("frames", () => {
  test("come out as they went in, however the bytes are cut", () => {
    fc.assert(
      fc.property(fc.array(anyFrame), fc.array(fc.integer({ min: 0, max: 50 })), (frames, lengths) => {
        expect(decodeInPieces(concatBytes(...frames.map(encode)), lengths)).toEqual(frames);
      }),
    );
  });

  test("own their payload", () => {
    const bytes = encode({ channel: 1, payload: Uint8Array.of(1, 2, 3) });
    const [frame] = [...decoder().push(bytes)];
    bytes.fill(0);
    expect(frame!.payload).toEqual(Uint8Array.of(1, 2, 3));
  });

  test("are five bytes longer than what they carry", () => {
    expect(encodeFrameHeader(7, 0x01020304)).toEqual(Uint8Array.of(1, 2, 3, 4, 7));
    expect(frameHeaderBytes).toBe(5);
  });

  test("at the cap are taken, one byte above is a violation at the header", () => {
    const payload = new Uint8Array(10);
    expect([...decoder(10).push(encode({ channel: 1, payload }))]).toHaveLength(1);
    expect(() => [...decoder(9).push(encodeFrameHeader(1, 10))]).toThrow(
      expect.objectContaining({ code: "frame-too-large", data: { channel: 1, length: 10 } }),
    );
    expect(() => [...decoder().push(encodeFrameHeader(9, 0))]).toThrow(FrameViolation);
  });

  test("that are announced and not sent hold no memory", () => {
    const target = decoder(2 ** 31);
    expect([...target.push(encodeFrameHeader(1, 2 ** 31))]).toEqual([]);
    expect(target.heldBytes).toBe(0);
    expect([...target.push(new Uint8Array(100))]).toEqual([]);
    expect(target.heldBytes).toBe(64 * 1024);
  });

  test("that are sent slowly hold at most twice what was sent, or 64 KiB", () => {
    const target = decoder(2 ** 31);
    expect([...target.push(encodeFrameHeader(1, 2 ** 30))]).toEqual([]);
    let sent = 0;
    for (let round = 0; round < 200; round++) {
      sent += 10_000;
      expect([...target.push(new Uint8Array(10_000))]).toEqual([]);
      expect(target.heldBytes).toBeLessThanOrEqual(Math.max(64 * 1024, 2 * sent));
    }
  });
});
