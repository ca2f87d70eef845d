/** Keys pressed one after another, joined by spaces: `?`, `g h`. */
export type KeySequence = string;

/** What a key press led to: a whole sequence, or the beginning of one ("" when of none). */
export interface KeyStep {
  readonly pending: KeySequence;
  readonly matched: KeySequence | undefined;
}

/**
 * Follows key presses through the sequences that are bound. A key that does not continue what was begun starts anew,
 * so that `g g h` still ends in `g h`.
 */
export function advanceSequence(pending: KeySequence, key: string, bound: Iterable<KeySequence>): KeyStep {
  const sequences = [...bound];
  for (const attempt of pending === "" ? [key] : [`${pending} ${key}`, key]) {
    if (sequences.includes(attempt)) return { pending: "", matched: attempt };
    if (sequences.some((sequence) => sequence.startsWith(`${attempt} `)))
      return { pending: attempt, matched: undefined };
  }
  return { pending: "", matched: undefined };
}
