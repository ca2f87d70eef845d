/** `guts node init` and `guts node join`: two ways to a data directory. */
import { resolve } from "node:path";

import type { Command } from "commander";

import { collect, dataOption, parsePort, print } from "./options.ts";

/** Adds `guts node init`. */
export function addNodeInit(node: Command): void {
  withNodeOptions(node.command("init"))
    .description("make a data directory with a key and a configuration; run again with --genesis to join a network")
    .option("--genesis <file>", "the genesis document of the network to join")
    .action(async (options: NodeInitFlags) => {
      const { initializeNode } = await import("../commands/node-init.ts");
      const asked = { ...initOptionsOf(options), genesisFile: options.genesis };
      const { nodeId, validator, publicFile, networkId, sshFingerprint } = initializeNode(asked);
      print(`node       ${nodeId}`);
      print(`validator  ${validator}`);
      print(`public     ${publicFile}`);
      print(`ssh        ${sshFingerprint}`);
      print(`network    ${networkId ?? "none yet; run guts network create, then this again with --genesis"}`);
      print(`data       ${resolve(options.data)}`);
    });
}

/** Adds `guts node join`. */
export function addNodeJoin(node: Command): void {
  withNodeOptions(node.command("join <url>"))
    .description("make a node of a network that runs, from a node that takes part; an administrator then admits it")
    .requiredOption("--genesis-hash <hash>", "the network's id, from somebody you trust")
    .action(async (url: string, options: NodeJoinFlags) => {
      const { admissionCommand, joinNetwork } = await import("../commands/node-join.ts");
      const base = url.replace(/\/+$/, "");
      const asked = { ...initOptionsOf(options), url: base, genesisHash: options.genesisHash };
      const { nodeId, networkId, peers } = await joinNetwork(asked, new AbortController().signal);
      print(`node       ${nodeId}`);
      print(`network    ${networkId ?? ""}`);
      for (const peer of peers) print(`peer       ${peer}`);
      print(`data       ${resolve(options.data)}`);
      print("");
      print("Let an administrator of the network admit it:");
      print(`  ${admissionCommand({ nodeId, name: options.name, url: base })}`);
      print("Start it, before that or after:");
      print(`  guts node start --data ${resolve(options.data)}`);
    });
}

/** What a node is called and where it listens. */
function withNodeOptions(command: Command): Command {
  return command
    .addOption(dataOption())
    .option("--name <name>", "the node's name", "node")
    .option("--host <address>", "the address to listen on")
    .option("--port <port>", "the port to listen on", parsePort)
    .option("--public-url <url>", "how people reach the node, such as https://git.example.org")
    .option("--p2p-port <port>", "the port for other nodes; by default three above --port", parsePort)
    .option("--p2p-announce <multiaddr>", "how other nodes reach it; may be repeated", collect, [])
    .option("--peer <node>", "another node: its public file, or a multiaddr; may be repeated", collect, [])
    .option("--packs-port <port>", "the port for packs; by default four above --port", parsePort)
    .option("--packs-announce <host:port>", "how other nodes reach the port for packs");
}

function initOptionsOf(options: NodeFlags) {
  return {
    dataDirectory: resolve(options.data),
    name: options.name,
    httpHost: options.host,
    httpPort: options.port,
    publicUrl: options.publicUrl,
    p2p: { port: options.p2pPort, announce: options.p2pAnnounce, peers: options.peer },
    packs: { port: options.packsPort, announce: options.packsAnnounce },
  };
}

interface NodeInitFlags extends NodeFlags {
  readonly genesis?: string;
}

interface NodeJoinFlags extends NodeFlags {
  readonly genesisHash: string;
}

interface NodeFlags {
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
}
