import type { RandomBytes } from "../auth/token.ts";

const idBytes = 8;
/** Ids drawn at once: each draw asks the operating system, which takes as long as the rest of a small answer. */
const drawnCount = 128;

/** Makes ids of requests: 16 hexadecimal digits, which nobody guesses. */
export function createRequestIds(random: RandomBytes): () => string {
  let drawn = "";
  let offset = 0;
  return () => {
    if (offset === drawn.length) {
      drawn = Buffer.from(random(idBytes * drawnCount)).toString("hex");
      offset = 0;
    }
    offset += 2 * idBytes;
    return drawn.slice(offset - 2 * idBytes, offset);
  };
}
