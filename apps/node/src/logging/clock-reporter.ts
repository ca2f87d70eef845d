import type { NetworkView } from "@guts/server";
import type { Logger } from "pino";

import { reportIntervalMs } from "./sync-reporter.ts";

/** A clock further off than this is reported, in milliseconds: well before validators refuse its blocks, which they do at 5 s. */
export const clockOffMsMax = 2_000;

/** What the reporter watches. */
export interface ClockReporterOptions {
  readonly network: Pick<NetworkView, "clockAheadMs">;
  readonly logger: Pick<Logger, "info" | "warn">;
}

/** Tells an operator, through the log, that this machine's clock is wrong, and when it is right again. Dispose it to stop. */
export class ClockReporter implements Disposable {
  readonly #options: ClockReporterOptions;
  readonly #timer: NodeJS.Timeout;
  #last: ClockView = "right";

  constructor(options: ClockReporterOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.report(), reportIntervalMs).unref();
  }

  /** Says what has changed. Nothing is known while too few validators are connected, and nothing has changed then. */
  report(): void {
    const { network, logger } = this.#options;
    const aheadMs = network.clockAheadMs();
    if (aheadMs === undefined || viewOf(aheadMs) === this.#last) return;
    this.#last = viewOf(aheadMs);
    if (this.#last === "right")
      logger.info({ aheadMs }, "this machine's clock agrees with the other validators' again");
    else logger.warn({ aheadMs }, clockWords(aheadMs));
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** The part of a node's status that is about its clock. A node with a wrong one serves on: the others agree without it. */
export function clockPart(aheadMs: number | undefined) {
  if (aheadMs === undefined || viewOf(aheadMs) === "right") return { state: "ready" } as const;
  return { state: "ready", detail: clockWords(aheadMs) } as const;
}

type ClockView = "right" | "ahead" | "behind";

function viewOf(aheadMs: number): ClockView {
  if (Math.abs(aheadMs) <= clockOffMsMax) return "right";
  return aheadMs > 0 ? "ahead" : "behind";
}

function clockWords(aheadMs: number): string {
  const seconds = (Math.abs(aheadMs) / 1000).toFixed(1);
  const where = aheadMs > 0 ? "ahead of" : "behind";
  return `this machine's clock is ${seconds} s ${where} the other validators'; let NTP set it`;
}
