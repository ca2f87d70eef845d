/** `guts devnet`: a network on this machine. */
import { resolve } from "node:path";

import type { Command } from "commander";

import { parseCount, parsePort, print, say } from "./options.ts";

const dataDirectoryDefault = ".guts";

/** Adds `guts devnet` with `guts devnet fault`. */
export function addDevnetCommand(program: Command): void {
  const devnet = program
    .command("devnet")
    .description("run a local network in the foreground until SIGTERM, with demo accounts")
    .option("--nodes <count>", "how many nodes; by default what there is, or four", parseCount)
    .option("--data <dir>", "where everything is kept", dataDirectoryDefault)
    .option("--base-port <port>", "the first node listens here, each further one ten ports higher", parsePort, 3000)
    .option("--ready-file <file>", "written when every node serves, removed when they stop")
    .option("--fresh", "delete the data of an earlier run first")
    .option("--faults", "put links between the nodes that guts devnet fault can cut and slow down (Linux)")
    .option("--welcome", "say where everything is and what to try")
    .action(async (options: DevnetFlags) => {
      const { runDevnet } = await import("../commands/devnet.ts");
      await runDevnet({
        nodeCount: options.nodes,
        dataDirectory: resolve(options.data),
        basePort: options.basePort,
        readyFile: options.readyFile === undefined ? undefined : resolve(options.readyFile),
        isFresh: options.fresh === true,
        hasFaults: options.faults === true,
        isWelcoming: options.welcome === true,
        say,
      });
    });

  devnet
    .command("fault <action> [args...]")
    .description("break and mend links of a devnet that runs with --faults, and list those that are not well")
    .addHelpText("after", faultHelp)
    .action(async (action: string, args: readonly string[], _options: unknown, command: Command) => {
      const { controlFaults } = await import("../devnet/faults/control-faults.ts");
      const { data } = command.optsWithGlobals<{ data: string }>();
      const links = await controlFaults(resolve(data), [action, ...args]);
      for (const line of links.length === 0 ? ["every link is well"] : links) print(line);
    });
}

const faultHelp = `
Actions:
  partition node0              cut node0 off from all others
  partition node0,node1 node2  cut each of the first from each of the second
  delay node3 200ms            let everything to and from node3 take so long, each way
  heal [node0]                 mend the links of node0, or all
  status                       list the links that are not well

What is sent over a cut link waits, as it does in a network. --data stands before fault: guts devnet --data DIR fault heal`;

interface DevnetFlags {
  readonly nodes?: number;
  readonly data: string;
  readonly basePort: number;
  readonly readyFile?: string;
  readonly fresh?: true;
  readonly faults?: true;
  readonly welcome?: true;
}
