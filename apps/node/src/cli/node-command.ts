/** `guts node`: sets up and runs one node. */
import { resolve } from "node:path";

import type { Command } from "commander";

import { collect, dataOption, parsePort, print } from "./options.ts";

/** Adds `guts node` with its commands. Each loads what it does when it is called. */
export function addNodeCommand(program: Command): void {
  const node = program.command("node").description("set up and run one node");

  node
    .command("init")
    .description("make a data directory with a key and a configuration; run again with --genesis to join a network")
    .addOption(dataOption())
    .option("--name <name>", "the node's name", "node")
    .option("--host <address>", "the address to listen on")
    .option("--port <port>", "the port to listen on", parsePort)
    .option("--public-url <url>", "how people reach the node, such as https://git.example.org")
    .option("--p2p-port <port>", "the port for other nodes; by default three above --port", parsePort)
    .option("--p2p-announce <multiaddr>", "how other nodes reach it; may be repeated", collect, [])
    .option("--peer <node>", "another node: its public file, or a multiaddr; may be repeated", collect, [])
    .option("--packs-port <port>", "the port for packs; by default four above --port", parsePort)
    .option("--packs-announce <host:port>", "how other nodes reach the port for packs")
    .option("--genesis <file>", "the genesis document of the network to join")
    .action(async (options: NodeInitFlags) => {
      const { initializeNode } = await import("../commands/node-init.ts");
      const { nodeId, validator, publicFile, networkId } = initializeNode({
        dataDirectory: resolve(options.data),
        name: options.name,
        httpHost: options.host,
        httpPort: options.port,
        publicUrl: options.publicUrl,
        p2p: { port: options.p2pPort, announce: options.p2pAnnounce, peers: options.peer },
        packs: { port: options.packsPort, announce: options.packsAnnounce },
        genesisFile: options.genesis,
      });
      print(`node       ${nodeId}`);
      print(`validator  ${validator}`);
      print(`public     ${publicFile}`);
      print(`network    ${networkId ?? "none yet; run guts network create, then this again with --genesis"}`);
      print(`data       ${resolve(options.data)}`);
    });

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
    .command("settings")
    .description("list every setting with its variable, default and meaning")
    .action(async () => {
      const { describeSettings } = await import("../config/settings.ts");
      for (const line of describeSettings()) print(line);
    });
}

interface NodeInitFlags {
  readonly data: string;
  readonly name: string;
  readonly host?: string;
  readonly port?: number;
  readonly publicUrl?: string;
  readonly p2pPort?: number;
  readonly p2pAnnounce: readonly string[];
  readonly peer: readonly string[];
  readonly packsPort?: number;
  readonly packsAnnounce?: string;
  readonly genesis?: string;
}
