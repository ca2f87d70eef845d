import type { Logger } from "pino";

import { readConfig } from "../config/config.ts";
import { nodePathsOf, openDataDirectory } from "../data/data-directory.ts";
import type { ReadyMessage } from "../devnet/node-process.ts";
import { createLogger } from "../logging/logger.ts";
import { startNode, type NodeOptions } from "../node.ts";

/** How `guts node start` was called. */
export interface NodeStartOptions {
  readonly dataDirectory: string;
  /** Overrides the configured port. */
  readonly port: number | undefined;
  /** Whether to log to the file only. */
  readonly isQuiet: boolean;
}

/** A node that has not stopped by then is ended; what it had acknowledged is on disk. */
const stopGraceMs = 4_500;

/**
 * `guts node start`: runs the node until SIGTERM or SIGINT, or until whoever started it with a message channel is gone.
 */
export async function runNode(
  { dataDirectory, port, isQuiet }: NodeStartOptions,
  seams: Pick<NodeOptions, "early"> = {},
): Promise<void> {
  openDataDirectory(dataDirectory, "node");
  const environment = port === undefined ? process.env : { ...process.env, GUTS_HTTP_PORT: String(port) };
  const config = readConfig(dataDirectory, environment);
  const logger = createLogger({
    nodeName: config.name,
    level: config.logLevel,
    file: nodePathsOf(dataDirectory).log,
    alsoToStderr: !isQuiet,
  });
  const stopping = new AbortController();
  const stop = (reason: string) => {
    if (stopping.signal.aborted) return;
    logger.info({ reason }, "stopping");
    stopping.abort();
    setTimeout(() => process.exit(1), stopGraceMs).unref();
  };
  for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => stop(signal));
  process.on("disconnect", () => stop("the process that started this node is gone"));
  // A failed node must not answer one more request: nothing is flushed, nothing is said but to the log.
  const onFailure = (failure: unknown): never => {
    logger.fatal({ err: failure }, "the node cannot go on");
    process.exit(1);
  };
  process.on("uncaughtException", onFailure).on("unhandledRejection", onFailure);
  try {
    await using node = await startNode({ dataDirectory, config, logger, onFailure, ...seams }, stopping.signal);
    const ready: ReadyMessage = { type: "ready" };
    process.send?.(ready);
    await untilAborted(stopping.signal);
    logger.info({ url: node.url }, "closing");
  } catch (error) {
    if (stopping.signal.aborted) return;
    stopping.abort(); // Nothing that ends from here on is a reason to stop.
    logger.fatal({ err: error }, "the node did not start");
    endLater(logger);
    throw error;
  } finally {
    if (process.connected) process.disconnect(); // An open channel to the starter keeps a process alive.
  }
}

/** Ends a process whose parts are closed, should one have left something open: a node that does not serve must not hold its data. */
function endLater(logger: Logger): void {
  const end = (): never => {
    logger.error({ open: process.getActiveResourcesInfo() }, "a part that did not start left something open");
    process.exit(1);
  };
  setTimeout(end, stopGraceMs).unref();
}

async function untilAborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve(), { once: true }));
}
