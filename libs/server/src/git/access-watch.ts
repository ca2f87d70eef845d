/**
 * Fetches of people who lose the right to them while git is at work: a key or token that is revoked, an account that is suspended, a
 * collaborator who is removed, a repository that becomes private. Who may go on is asked again after every block. Pushes need no
 * watch: the ledger asks once more when it decides them.
 */
import { Refusal } from "../errors.ts";
import type { Ledger } from "../ports/index.ts";

/** A fetch that is watched; `signal` aborts with a `Refusal` when it may not go on. */
export interface WatchedAccess extends Disposable {
  readonly signal: AbortSignal;
}

interface Entry {
  readonly isOpen: () => boolean;
  readonly end: AbortController;
}

/** The words for who is cut off. */
export const accessEndedWords = "Your access to this repository ended while git was at work.";

/** Asks again about everything that is going on, once for each block, and only while something is. */
export class AccessWatch {
  readonly #ledger: Pick<Ledger, "height" | "waitForHeight">;
  readonly #entries = new Set<Entry>();
  #following: AbortController | undefined;

  constructor(ledger: Pick<Ledger, "height" | "waitForHeight">) {
    this.#ledger = ledger;
  }

  /** Watches until it is disposed of. `isOpen` looks into the newest state, and takes microseconds. */
  watch(isOpen: () => boolean): WatchedAccess {
    const entry: Entry = { isOpen, end: new AbortController() };
    this.#entries.add(entry);
    // A block may have come between the question that let somebody in and this.
    ask(entry);
    if (this.#following === undefined) void this.#follow();
    return { signal: entry.end.signal, [Symbol.dispose]: () => this.#remove(entry) };
  }

  async #follow(): Promise<void> {
    const following = new AbortController();
    this.#following = following;
    const { signal } = following;
    while (!signal.aborted) {
      const next = (this.#ledger.height() + 1) as ReturnType<Ledger["height"]>;
      const hasCome = await this.#ledger.waitForHeight(next, signal).then(
        () => true,
        () => false,
      );
      if (!hasCome) return;
      for (const entry of this.#entries) ask(entry);
    }
  }

  #remove(entry: Entry): void {
    this.#entries.delete(entry);
    if (this.#entries.size > 0) return;
    this.#following?.abort();
    this.#following = undefined;
  }
}

function ask({ isOpen, end }: Entry): void {
  if (!end.signal.aborted && !isOpen()) end.abort(new Refusal("forbidden", accessEndedWords));
}
