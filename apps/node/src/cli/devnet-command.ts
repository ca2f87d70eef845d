/** `guts devnet`: a network on this machine. */
import { resolve } from "node:path";

import type { Command } from "commander";

import { parseCount, parsePort, say } from "./options.ts";

/** Adds `guts devnet`. */
export function addDevnetCommand(program: Command): void {
  program
    .command("devnet")
    .description("run a local network in the foreground until SIGTERM, with demo accounts")
    .option("--nodes <count>", "how many nodes", parseCount, 1)
    .option("--data <dir>", "where everything is kept", ".guts")
    .option("--base-port <port>", "the first node listens here, each further one ten ports higher", parsePort, 3000)
    .option("--ready-file <file>", "written when every node serves, removed when they stop")
    .option("--fresh", "delete the data of an earlier run first")
    .option("--welcome", "say where everything is and what to try")
    .action(async (options: DevnetFlags) => {
      const { runDevnet } = await import("../commands/devnet.ts");
      await runDevnet({
        nodeCount: options.nodes,
        dataDirectory: resolve(options.data),
        basePort: options.basePort,
        readyFile: options.readyFile === undefined ? undefined : resolve(options.readyFile),
        isFresh: options.fresh === true,
        isWelcoming: options.welcome === true,
        say,
      });
    });
}

interface DevnetFlags {
  readonly nodes: number;
  readonly data: string;
  readonly basePort: number;
  readonly readyFile?: string;
  readonly fresh?: true;
  readonly welcome?: true;
}
