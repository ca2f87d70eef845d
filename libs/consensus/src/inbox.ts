/** Frames and calls that wait for the next turn: bounded for each peer and in all, in the order of their arrival. */
import type { Input } from "./core/effects.ts";
import { queuedBytesMax, queuedBytesOfOthersMax, queuedFramesMax } from "./limits.ts";
import { decodeMessage } from "./messages.ts";
import type { Peer } from "./ports.ts";

interface Waiting {
  readonly frames: number;
  readonly bytes: number;
}

type Entry = { readonly input: Input } | { readonly from: Peer; readonly frame: Uint8Array };

/** The queue before a core. */
export class Inbox {
  #entries: Entry[] = [];
  readonly #waitingByPeer = new Map<Peer, Waiting>();
  readonly #validatorCount: number;
  #bytesOfOthers = 0;

  constructor(validatorCount: number) {
    this.#validatorCount = validatorCount;
  }

  get isEmpty(): boolean {
    return this.#entries.length === 0;
  }

  /** Takes a call of the host. */
  push(input: Input): void {
    this.#entries.push({ input });
  }

  /** Takes a frame, unless too much of its sender, or of all that are no validators, waits already. */
  offer(from: Peer, frame: Uint8Array): boolean {
    const waiting = this.#waitingByPeer.get(from) ?? { frames: 0, bytes: 0 };
    const bytes = waiting.bytes + frame.length;
    if (waiting.frames >= queuedFramesMax || bytes > queuedBytesMax) return false;
    if (from >= this.#validatorCount) {
      if (this.#bytesOfOthers + frame.length > queuedBytesOfOthersMax) return false;
      this.#bytesOfOthers += frame.length;
    }
    this.#waitingByPeer.set(from, { frames: waiting.frames + 1, bytes });
    this.#entries.push({ from, frame });
    return true;
  }

  /** The next inputs, at most `countMax`, oldest first. */
  take(countMax: number): readonly Input[] {
    const taken = this.#entries.slice(0, countMax);
    this.#entries = this.#entries.slice(countMax);
    return taken.map((entry) => ("input" in entry ? entry.input : this.#open(entry.from, entry.frame)));
  }

  #open(from: Peer, frame: Uint8Array): Input {
    const waiting = this.#waitingByPeer.get(from)!;
    if (waiting.frames === 1) this.#waitingByPeer.delete(from);
    else this.#waitingByPeer.set(from, { frames: waiting.frames - 1, bytes: waiting.bytes - frame.length });
    if (from >= this.#validatorCount) this.#bytesOfOthers -= frame.length;
    const message = decodeMessage(frame);
    return message === undefined ? { type: "malformed", from } : { type: "message", from, message };
  }
}
