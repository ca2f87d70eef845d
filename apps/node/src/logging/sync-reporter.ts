import type { NetworkView, SyncView } from "@guts/server";
import type { Logger } from "pino";

/** What the reporter watches. */
export interface SyncReporterOptions {
  readonly network: Pick<NetworkView, "sync">;
  readonly height: () => number;
  readonly logger: Pick<Logger, "info" | "warn">;
  /** What an administrator runs to admit this node. */
  readonly admissionCommand: string;
}

/** How often an operator hears of a node that catches up. */
export const reportIntervalMs = 5_000;

/**
 * Tells an operator, through the log, when the node begins to catch up, how far it is, and when it is done; and what to do
 * when the network does not admit it. Dispose it to stop.
 */
export class SyncReporter implements Disposable {
  readonly #options: SyncReporterOptions;
  readonly #timer: NodeJS.Timeout;
  #last: SyncView["state"] = "current";

  constructor(options: SyncReporterOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.report(), reportIntervalMs).unref();
  }

  /** Says what has changed, or how far a catch-up is. */
  report(): void {
    const { network, height, logger, admissionCommand } = this.#options;
    const sync = network.sync();
    const isNew = sync.state !== this.#last;
    this.#last = sync.state;
    if (sync.state === "catching-up")
      logger.info({ height: height(), target: sync.target, behind: sync.target - height() }, "catching up");
    else if (!isNew) return;
    else if (sync.state === "current") logger.info({ height: height() }, "up to date with the network");
    else if (sync.state === "alone") logger.warn("connected with no other node");
    else logger.warn({ command: admissionCommand }, "the network does not admit this node yet; an administrator can");
  }

  [Symbol.dispose](): void {
    clearInterval(this.#timer);
  }
}

/** The part of a node's readiness that is about the network. */
export function syncPart(sync: SyncView, height: number) {
  switch (sync.state) {
    case "current":
      return { state: "ready" } as const;
    case "catching-up":
      return { state: "starting", detail: `at height ${height} of ${sync.target}` } as const;
    case "not-admitted":
      return { state: "failing", detail: "the network does not admit this node yet" } as const;
    case "alone":
    default:
      return { state: "starting", detail: "connected with no other node" } as const;
  }
}
