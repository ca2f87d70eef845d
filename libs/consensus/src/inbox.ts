/** Frames and calls that wait for the next turn: bounded for each peer and in all, in the order of their arrival. */
import type { Input } from "./core/effects.ts";
import { queuedBytesMax, queuedBytesOfOthersMax, queuedFramesMax } from "./limits.ts";
import { decodeMessage } from "./messages.ts";
import type { Peer } from "./ports.ts";

interface Waiting {
  readonly frames: number;
  readonly bytes: number;
}

interface Arrival {
  readonly from: Peer;
  readonly frame: Uint8Array;
}

/** The queue before a core. */
export class Inbox {
  #calls: Input[] = [];
  #arrivals: Arrival[] = [];
  readonly #waitingByPeer = new Map<Peer, Waiting>();
  readonly #validatorCount: number;
  #bytesOfOthers = 0;

  constructor(validatorCount: number) {
    this.#validatorCount = validatorCount;
  }

  get isEmpty(): boolean {
    return this.#calls.length === 0 && this.#arrivals.length === 0;
  }

  /** Takes a call of the host. */
  push(call: Input): void {
    this.#calls.push(call);
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
    this.#arrivals.push({ from, frame });
    return true;
  }

  /** All calls of the host, so that no turn decides on a chain that is another one by now; then at most `countMax` frames. */
  take(countMax: number): readonly Input[] {
    const calls = this.#calls;
    this.#calls = [];
    const arrivals = this.#arrivals.slice(0, countMax);
    this.#arrivals = this.#arrivals.slice(countMax);
    return [...calls, ...arrivals.map((arrival) => this.#open(arrival))];
  }

  #open({ from, frame }: Arrival): Input {
    const waiting = this.#waitingByPeer.get(from)!;
    if (waiting.frames === 1) this.#waitingByPeer.delete(from);
    else this.#waitingByPeer.set(from, { frames: waiting.frames - 1, bytes: waiting.bytes - frame.length });
    if (from >= this.#validatorCount) this.#bytesOfOthers -= frame.length;
    const message = decodeMessage(frame);
    return message === undefined ? { type: "malformed", from } : { type: "message", from, message };
  }
}
