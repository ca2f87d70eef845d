/** A call that many may ask for: the first is made at once, the others of the next moment become one at its end. */
export class SpacedCall implements Disposable {
  readonly #call: () => void;
  readonly #spacingMs: number;
  #timer: NodeJS.Timeout | undefined;
  #isAsked = false;
  #isDisposed = false;

  /** @param spacingMs Least time between two calls that {@link soon} makes, in milliseconds. */
  constructor(call: () => void, spacingMs: number) {
    this.#call = call;
    this.#spacingMs = spacingMs;
  }

  /** Calls within the spacing; nothing after disposal. */
  soon(): void {
    if (this.#timer === undefined) this.now();
    else this.#isAsked = true;
  }

  /** Calls at once, for all who have asked until now; nothing after disposal. */
  now(): void {
    if (this.#isDisposed) return;
    this.#isAsked = false;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#elapse(), this.#spacingMs);
    this.#timer.unref();
    this.#call();
  }

  [Symbol.dispose](): void {
    this.#isDisposed = true;
    clearTimeout(this.#timer);
  }

  #elapse(): void {
    this.#timer = undefined;
    if (this.#isAsked) this.now();
  }
}
