/** `guts node`: sets up and runs one node. */
import { resolve } from "node:path";

import type { Command } from "commander";

import { addNodeInit, addNodeJoin } from "./node-setup-commands.ts";
import { dataOption, parsePort, print } from "./options.ts";

/** Adds `guts node` with its commands. Each loads what it does when it is called. */
export function addNodeCommand(program: Command): void {
  const node = program.command("node").description("set up and run one node");

  addNodeInit(node);
  addNodeJoin(node);

  node
    .command("start")
    .description("run the node in the foreground until SIGTERM")
    .addOption(dataOption())
    .option("--port <port>", "listen on this port instead of the configured one", parsePort)
    .option("--quiet", "log to the file only")
    .action(async (options: { data: string; port?: number; quiet?: true }) => {
      const { runNode } = await import("../commands/node-start.ts");
      await runNode({ dataDirectory: resolve(options.data), port: options.port, isQuiet: options.quiet === true });
    });

  node
    .command("status")
    .description("say how the node is; exit code 1 when it does not run or is not ready")
    .addOption(dataOption())
    .option("--json", "print JSON")
    .action(async (options: { data: string; json?: true }) => {
      const { nodeStatus } = await import("../commands/node-status.ts");
      process.exitCode = await nodeStatus({
        dataDirectory: resolve(options.data),
        isJson: options.json === true,
        print,
      });
    });

  node
    .command("rebuild")
    .description("make the read model and the refs on disk anew from the ledger; the node must not run")
    .addOption(dataOption())
    .action(async (options: { data: string }) => {
      const { rebuildNode } = await import("../commands/node-rebuild.ts");
      await rebuildNode({ dataDirectory: resolve(options.data), print });
    });

  node
    .command("repair")
    .description(
      "have the next start check the repositories and fetch damaged ones from other nodes; the node must not run",
    )
    .addOption(dataOption())
    .option("--full", "read every object, instead of checking that each is there")
    .action(async (options: { data: string; full?: true }) => {
      const { repairNode } = await import("../commands/node-repair.ts");
      repairNode({ dataDirectory: resolve(options.data), isFull: options.full === true, print });
    });

  node
    .command("settings")
    .description("list every setting with its variable, default and meaning")
    .action(async () => {
      const { describeSettings } = await import("../config/settings.ts");
      for (const line of describeSettings()) print(line);
    });
}
