/** A `0`: harmless wherever text is expected. */
const PLAIN_BYTE = 0x30;

/**
 * The shortest and plainest input that is still `isInteresting`, found by leaving pieces out (halves, then quarters,
 * down to bytes) and by making bytes `0`, until nothing helps or `attemptsMax` is spent. Deterministic.
 */
export async function minimize(
  input: Uint8Array,
  isInteresting: (candidate: Uint8Array) => Promise<boolean>,
  attemptsMax: number,
): Promise<Uint8Array> {
  let best = input;
  let attemptsLeft = attemptsMax;
  const isTaken = async (candidate: Uint8Array): Promise<boolean> => {
    if (attemptsLeft === 0) return false;
    attemptsLeft--;
    if (!(await isInteresting(candidate))) return false;
    best = candidate;
    return true;
  };
  for (let size = Math.ceil(input.length / 2); size >= 1; size = Math.floor(size / 2))
    for (let start = 0; start < best.length;) if (!(await isTaken(without(best, start, start + size)))) start += size;
  for (let index = 0; index < best.length; index++)
    if (best[index] !== PLAIN_BYTE) await isTaken(best.with(index, PLAIN_BYTE));
  return best;
}

function without(bytes: Uint8Array, start: number, end: number): Uint8Array {
  return new Uint8Array([...bytes.subarray(0, start), ...bytes.subarray(end)]);
}
