/** The seed of this run: GUTS_SEED, else drawn; printed by tests that fail, so that the failure can be replayed. */
export const seed = Number(process.env["GUTS_SEED"] ?? Math.floor(Math.random() * 2 ** 31));

/** Numbers from 0 (inclusive) to 1 that follow from `start` alone (mulberry32). */
export function createRandom(start: number): () => number {
  let state = start >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
