/** Submits one validator's own payloads: so many at a time, so often, for so long. */
import type { Load } from "./validator-messages.ts";

/** What it works with. */
export interface SubmitterOptions {
  readonly load: Load;
  readonly payloads: readonly Uint8Array[];
  /** Monotonic, in milliseconds. */
  readonly now: () => number;
  /** Hands a payload to the network; answers its name. */
  readonly submit: (payload: Uint8Array) => string;
}

/** One run of one validator. */
export class Submitter {
  readonly #options: SubmitterOptions;
  readonly #inFlight = new Set<string>();
  readonly #finished = Promise.withResolvers<void>();
  #startedMs = 0;
  #submittedCount = 0;
  #timer: NodeJS.Timeout | undefined;
  #isOver = false;

  constructor(options: SubmitterOptions) {
    this.#options = options;
  }

  get startedMs(): number {
    return this.#startedMs;
  }

  get submittedCount(): number {
    return this.#submittedCount;
  }

  /** Submits until the time or the payloads are over; resolves when all of them are final here. */
  run(): Promise<void> {
    const { seconds, intervalMs } = this.#options.load;
    this.#startedMs = this.#options.now();
    setTimeout(() => this.#end(), seconds * 1_000);
    if (intervalMs === 0) this.#fill();
    else this.#timer = setInterval(() => this.#submitOne(), intervalMs);
    return this.#finished.promise;
  }

  /** A block is final. */
  onFinal(names: readonly string[]): void {
    for (const name of names) this.#inFlight.delete(name);
    if (this.#options.load.intervalMs === 0) this.#fill();
    this.#check();
  }

  #fill(): void {
    while (this.#submitOne());
  }

  #submitOne(): boolean {
    const { payloads, load, submit } = this.#options;
    const payload = payloads[this.#submittedCount];
    if (payload === undefined) this.#end();
    if (payload === undefined || this.#isOver || this.#inFlight.size >= load.inFlightMax) return false;
    this.#submittedCount++;
    this.#inFlight.add(submit(payload));
    return true;
  }

  #end(): void {
    this.#isOver = true;
    clearInterval(this.#timer);
    this.#check();
  }

  #check(): void {
    if (this.#isOver && this.#inFlight.size === 0) this.#finished.resolve();
  }
}
