import {
  encodeKeepAlive,
  encodeProgress,
  encodePushResponse,
  type PushReport,
  type ReceivePackFeatures,
} from "@guts/git";

import { gitLimits } from "../limits.ts";

/**
 * The body of the answer to a push while it comes about: progress for the person, packets that keep a silent connection
 * open, then the report.
 *
 * Nothing is sent before `open` is called: clients and proxies expect no answer while they still send the pack.
 */
export class PushResponse implements AsyncIterable<Uint8Array> {
  readonly #features: ReceivePackFeatures;
  readonly #chunks: Uint8Array[] = [];
  #isOpen = false;
  #isFinished = false;
  #failure: { readonly reason: unknown } | undefined;
  #wake: (() => void) | undefined;

  constructor(features: ReceivePackFeatures) {
    this.#features = features;
  }

  /**
   * Shows a line to the person. `quiet` does not silence it: git asks for quiet whenever its output is no terminal, and
   * what a push led to belongs into a log.
   */
  say(line: string): void {
    this.#show(`${line}\n`);
  }

  /** Shows progress as it is, unless the client asked for quiet; later text may continue or overwrite the last line. */
  progress(text: string): void {
    if (!this.#features.isQuiet) this.#show(text);
  }

  /** The request was read to its end: what waits may be sent. */
  open(): void {
    this.#isOpen = true;
    this.#wake?.();
  }

  /** Ends the answer with the report. */
  finish(report: PushReport): void {
    this.#isFinished = true;
    this.open();
    this.#push(encodePushResponse(report, this.#features));
  }

  /** Breaks the answer off: its client is gone. */
  abort(reason: unknown): void {
    this.#failure = { reason };
    this.open();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array, undefined> {
    for (;;) {
      if (this.#failure !== undefined) throw this.#failure.reason;
      const chunk = this.#isOpen ? this.#chunks.shift() : undefined;
      if (chunk !== undefined) yield chunk;
      else if (this.#isOpen && this.#isFinished) return;
      else if ((await this.#changed()) === "silent" && this.#isOpen && this.#features.sideBand !== undefined)
        yield encodeKeepAlive();
    }
  }

  #show(text: string): void {
    const { sideBand } = this.#features;
    if (sideBand !== undefined) this.#push(encodeProgress(text, sideBand));
  }

  #push(chunk: Uint8Array): void {
    if (chunk.length > 0) this.#chunks.push(chunk);
    this.#wake?.();
  }

  /** Resolves when there is something new, or after a while of silence. */
  #changed(): Promise<"changed" | "silent"> {
    return new Promise((resolve) => {
      const timer = setTimeout(() => resolve("silent"), gitLimits.keepAliveIntervalMs);
      this.#wake = () => {
        clearTimeout(timer);
        resolve("changed");
      };
    });
  }
}
