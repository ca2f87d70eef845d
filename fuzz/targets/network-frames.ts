/** Frames come out equally however their bytes are cut, as they were encoded, and announcing much holds little. */
import { FrameDecoder, encodeFrameHeader, FrameViolation, type Frame } from "@guts/network/frame";
import { concatBytes, equalBytes } from "@guts/primitives";

export const dictionary = [
  "\u0000\u0000\u0000\u0001\u0001",
  "\u0000\u0010\u0000\u0000\u0001",
  "\u00ff\u00ff\u00ff\u00ff",
];

/** Channels 0 to 3 exist, with different caps. */
const bytesMaxOf = (channel: number): number | undefined => [9, 1000, 1 << 20, 2 ** 32 - 1][channel];

interface Outcome {
  readonly frames: readonly Frame[];
  readonly violation: FrameViolation | undefined;
}

export function fuzz(bytes: Uint8Array): void {
  const whole = decode(bytes, bytes.length);
  for (const size of [1, 3, 7]) {
    const cut = decode(bytes, size);
    if (cut.violation?.code !== whole.violation?.code) throw new Error("the cut decides about a violation");
    if (!equalBytes(encode(cut.frames), encode(whole.frames))) throw new Error("the cut decides about frames");
  }
  const encoded = encode(whole.frames);
  if (!equalBytes(encoded, bytes.subarray(0, encoded.length))) throw new Error("frames differ from their bytes");
}

function decode(bytes: Uint8Array, size: number): Outcome {
  const decoder = new FrameDecoder(bytesMaxOf);
  const frames: Frame[] = [];
  try {
    for (let offset = 0; offset < bytes.length; offset += size) {
      for (const frame of decoder.push(bytes.subarray(offset, offset + size))) frames.push(frame);
      if (decoder.heldBytes > Math.max(64 * 1024, 2 * bytes.length)) throw new Error("more is held than was sent");
    }
  } catch (error) {
    if (!(error instanceof FrameViolation)) throw error;
    return { frames, violation: error };
  }
  return { frames, violation: undefined };
}

function encode(frames: readonly Frame[]): Uint8Array {
  return concatBytes(
    ...frames.flatMap(({ channel, payload }) => [encodeFrameHeader(channel, payload.length), payload]),
  );
}
