import { encodeMessage, frameBytesMax } from "@guts/consensus";
import { scripted } from "./scripted.ts";

/** One byte more than any frame may have. Shared, because it is large and nobody writes to it. */
const oversize = new Uint8Array(frameBytesMax + 1).fill(3);
const floodCount = 40;

/** Sends frames that are too long, cut short, made of noise, or of views that nobody will ever reach; and many of them. */
export const oversizeFrames = scripted("oversize-frames", (liar) => ({
  onTick() {
    const to = liar.random.pick(liar.others)!;
    liar.sendBytes(to, oversize);
    liar.sendBytes(to, liar.random.bytes(liar.random.below(200)));
    const whole = encodeMessage({ type: "vote", vote: liar.vote("nullify", liar.view) });
    liar.sendBytes(to, whole.subarray(0, liar.random.below(whole.length)));
    for (let count = 0; count < floodCount; count++)
      liar.send(to, { type: "vote", vote: liar.vote("nullify", liar.view + 1 + liar.random.below(2 ** 31)) });
  },
}));
