import { once } from "node:events";

import { type DevnetOptions, startDevnet } from "../devnet/devnet.ts";
import { welcomeLines } from "../devnet/welcome.ts";

/** What `guts devnet` was asked to do. */
export interface DevnetCommandOptions extends DevnetOptions {
  /** Whether to say where everything is once it runs. */
  readonly isWelcoming: boolean;
}

/** `guts devnet`: starts the network, says so, and stops everything at SIGTERM or SIGINT. */
export async function runDevnet(options: DevnetCommandOptions): Promise<void> {
  const stopping = new AbortController();
  const stop = () => stopping.abort();
  process.on("SIGTERM", stop).on("SIGINT", stop).on("SIGHUP", stop);
  const stopped = once(stopping.signal, "abort");
  // A network whose only node has died still waits to be stopped; listening for signals alone lets the process end.
  const keepAlive = setInterval(() => {}, 60_000);
  try {
    await using devnet = await startDevnet(options, stopping.signal);
    const lines = options.isWelcoming ? welcomeLines(devnet, options, process.stdout.isTTY) : [];
    for (const line of lines) process.stdout.write(`${line}\n`);
    options.say(`The network runs. Stop it with Ctrl-C or: kill ${process.pid}`);
    await stopped;
    options.say("Stopping ...");
  } catch (error) {
    if (!stopping.signal.aborted) throw error; // Stopped while starting: nothing went wrong.
  } finally {
    clearInterval(keepAlive);
    process.off("SIGTERM", stop).off("SIGINT", stop).off("SIGHUP", stop);
  }
}
