import type { NetworkLimits } from "./limits.ts";

/** The channel of pings and pongs, which no handler can take. */
export const pingChannel = 0;
/** A kind and a number. */
export const pingBytesMax = 9;

const ping = 0;
const pong = 1;

/** What telling liveness needs of its link. */
export interface LivenessOptions {
  readonly limits: NetworkLimits;
  readonly send: (payload: Uint8Array) => boolean;
  /** Grows while the peer reads. */
  readonly deliveredBytes: () => number;
  readonly queuedBytes: () => number;
  readonly onLost: (reason: string) => void;
}

/**
 * Tells a live peer from a dead one: pings at once and then at an interval, measures the round trip, and gives up on
 * a peer that says nothing for a number of intervals or whose queue stands still for too long. It counts its own
 * ticks, not the clock, so that a process that was stopped for a while does not blame its peers.
 */
export class Liveness {
  readonly #options: LivenessOptions;
  readonly #timer: NodeJS.Timeout;
  #nonce = 0;
  #pingedAt: number | undefined;
  #unanswered = 0;
  #stalledTicks = 0;
  #delivered = 0;
  rttMs: number | undefined;

  constructor(options: LivenessOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#onTick(), options.limits.pingIntervalMs);
    this.#timer.unref();
    this.#ping();
  }

  /** False once some pings were not answered and nothing else came; true again with whatever comes. */
  get isAnswering(): boolean {
    return this.#unanswered < this.#options.limits.pingsUnansweredSilent;
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Anything that arrives shows that the peer is alive. */
  onReceived(): void {
    this.#unanswered = 0;
  }

  /** A frame of their channel. One that is neither ping nor the awaited pong says nothing. */
  onFrame(payload: Uint8Array): void {
    if (payload.length !== pingBytesMax) return;
    if (payload[0] === ping) this.#options.send(encodePing(pong, nonceOf(payload)));
    else if (payload[0] === pong && nonceOf(payload) === this.#nonce && this.#pingedAt !== undefined) {
      this.rttMs = performance.now() - this.#pingedAt;
      this.#pingedAt = undefined;
    }
  }

  #ping(): void {
    this.#nonce += 1;
    this.#pingedAt = performance.now();
    this.#options.send(encodePing(ping, this.#nonce));
  }

  #onTick(): void {
    const { limits, deliveredBytes, queuedBytes, onLost } = this.#options;
    const delivered = deliveredBytes();
    this.#stalledTicks = queuedBytes() > 0 && delivered === this.#delivered ? this.#stalledTicks + 1 : 0;
    this.#delivered = delivered;
    this.#unanswered += 1;
    if (this.#stalledTicks * limits.pingIntervalMs >= limits.queueStallMs) onLost("does not read");
    else if (this.#unanswered > limits.pingsUnansweredMax) onLost("does not answer");
    else this.#ping();
  }
}

function encodePing(kind: number, nonce: number): Uint8Array {
  const payload = new Uint8Array(pingBytesMax);
  payload[0] = kind;
  new DataView(payload.buffer).setFloat64(1, nonce);
  return payload;
}

function nonceOf(payload: Uint8Array): number {
  return new DataView(payload.buffer, payload.byteOffset).getFloat64(1);
}
