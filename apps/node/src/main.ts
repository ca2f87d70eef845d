/** `guts node`, `guts network` and `guts devnet`: the operator's commands. Each loads only what it needs. */
import { enableCompileCache } from "node:module";
import { join, resolve } from "node:path";

import { Command, InvalidArgumentError, Option } from "commander";
import type { TimeMs } from "@guts/primitives";

import { defaultDataDirectory } from "./data/data-directory.ts";
import { NodeError } from "./node-error.ts";

// The sources run as they are; their stripped and compiled form is kept, which saves a third of a start.
enableCompileCache(join(import.meta.dirname, "..", "..", "..", ".cache", "compile"));

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(0);
});

const say = (line: string) => process.stderr.write(`${line}\n`);
const print = (line: string) => process.stdout.write(`${line}\n`);

const program = new Command("guts")
  .description("Run nodes and networks of Guts. For everything else, see: guts --help")
  .showHelpAfterError("Add --help for what this command takes.");

const dataOption = () =>
  new Option("--data <dir>", "the data directory").default(defaultDataDirectory(), "~/.local/share/guts");

const node = program.command("node").description("set up and run one node");

node
  .command("init")
  .description("make a data directory with a key and a configuration; run again with --genesis to join a network")
  .addOption(dataOption())
  .option("--name <name>", "the node's name", "node")
  .option("--host <address>", "the address to listen on")
  .option("--port <port>", "the port to listen on", parsePort)
  .option("--public-url <url>", "how people reach the node, such as https://git.example.org")
  .option("--genesis <file>", "the genesis document of the network to join")
  .action(async (options: NodeInitFlags) => {
    const { initializeNode } = await import("./commands/node-init.ts");
    const { nodeId, validator, networkId } = initializeNode({
      dataDirectory: resolve(options.data),
      name: options.name,
      httpHost: options.host,
      httpPort: options.port,
      publicUrl: options.publicUrl,
      genesisFile: options.genesis,
    });
    print(`node       ${nodeId}`);
    print(`validator  ${validator}`);
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
    const { runNode } = await import("./commands/node-start.ts");
    await runNode({ dataDirectory: resolve(options.data), port: options.port, isQuiet: options.quiet === true });
  });

node
  .command("status")
  .description("say how the node is; exit code 1 when it does not run or is not ready")
  .addOption(dataOption())
  .option("--json", "print JSON")
  .action(async (options: { data: string; json?: true }) => {
    const { nodeStatus } = await import("./commands/node-status.ts");
    process.exitCode = await nodeStatus({ dataDirectory: resolve(options.data), isJson: options.json === true, print });
  });

node
  .command("rebuild")
  .description("make the read model and the refs on disk anew from the ledger; the node must not run")
  .addOption(dataOption())
  .action(async (options: { data: string }) => {
    const { rebuildNode } = await import("./commands/node-rebuild.ts");
    await rebuildNode({ dataDirectory: resolve(options.data), print });
  });

node
  .command("settings")
  .description("list every setting with its variable, default and meaning")
  .action(async () => {
    const { describeSettings } = await import("./config/settings.ts");
    for (const line of describeSettings()) print(line);
  });

program
  .command("network")
  .description("found a network")
  .command("create")
  .description("write a genesis document and print its hash, the network's id")
  .requiredOption("--name <name>", "the network's name")
  .addOption(
    new Option("--registration <rule>", "who may sign up").choices(["open", "invite", "closed"]).default("invite"),
  )
  .option("--administrator <key>", "public root key of an administrator, in hexadecimal; may be repeated", collect, [])
  .option("--validator <name=node:key>", "a validator, as guts node init prints it; may be repeated", collect, [])
  .option("--out <file>", "where to write the document", "genesis.guts")
  .action(async (options: NetworkCreateFlags) => {
    const { createNetwork } = await import("./commands/network-create.ts");
    const { name, registration, administrator, validator, out } = options;
    const decisions = { name, registration, administrators: administrator, validators: validator, out };
    print(`network  ${createNetwork(decisions, Date.now() as TimeMs)}`);
    print(`genesis  ${resolve(out)}`);
  });

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
    const { runDevnet } = await import("./commands/devnet.ts");
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

interface NodeInitFlags {
  readonly data: string;
  readonly name: string;
  readonly host?: string;
  readonly port?: number;
  readonly publicUrl?: string;
  readonly genesis?: string;
}

interface NetworkCreateFlags {
  readonly name: string;
  readonly registration: "open" | "invite" | "closed";
  readonly administrator: readonly string[];
  readonly validator: readonly string[];
  readonly out: string;
}

interface DevnetFlags {
  readonly nodes: number;
  readonly data: string;
  readonly basePort: number;
  readonly readyFile?: string;
  readonly fresh?: true;
  readonly welcome?: true;
}

function parsePort(text: string): number {
  const port = parseCount(text);
  if (port > 65_535) throw new InvalidArgumentError("A port is a number from 1 to 65535.");
  return port;
}

function parseCount(text: string): number {
  if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError("A positive whole number is needed.");
  return Number(text);
}

function collect(value: string, earlier: readonly string[]): readonly string[] {
  return [...earlier, value];
}

try {
  await program.parseAsync();
} catch (error) {
  // What an operator can act on is said in words; anything else is a defect and shows its stack.
  if (!(error instanceof NodeError)) throw error;
  say(error.message);
  process.exitCode = 1;
}
