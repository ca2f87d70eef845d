/** A devnet's network: its genesis and what each node has to know of the others. */
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { publicKeyOf, toHex, type TimeMs } from "@guts/primitives";

import { createNetwork } from "../commands/network-create.ts";
import { initializeNode, readGenesis, readGenesisId } from "../commands/node-init.ts";
import { configFileName } from "../config/config.ts";
import { writeFileDurably } from "../data/data-directory.ts";
import { createSeed, readPrivateKeyFile, writePrivateKeyFile } from "../keys/private-key-file.ts";
import { peerAddressOf } from "../keys/peer-id.ts";
import { NodeError } from "../node-error.ts";
import { accountFilesOf, demoLogins, genesisFileOf, type NodePlace } from "./layout.ts";

/** How many nodes the devnet in `root` was founded with; undefined when there is none. */
export function foundedNodeCount(root: string): number | undefined {
  const file = genesisFileOf(root);
  return existsSync(file) ? readGenesis(file).genesis.validators.length : undefined;
}

/**
 * Makes every node's directory and the network's genesis once; later starts find them. Answers the network's id.
 *
 * The first demo account administers the network, so its key is made before the genesis that names it. Where nodes reach each
 * other is written anew at every start, since ports and links may differ.
 */
export function foundNetwork(root: string, places: readonly NodePlace[]): string {
  const genesisFile = genesisFileOf(root);
  const hasGenesis = existsSync(genesisFile);
  const nodes = places.map((place) => initialize(place, hasGenesis ? genesisFile : undefined));
  if (!hasGenesis) {
    const validators = nodes.map(({ validator }) => validator);
    const administrators = [toHex(publicKeyOf(demoSeed(root)))];
    const network = { name: "devnet", registration: "open", administrators, validators, out: genesisFile } as const;
    createNetwork(network, Date.now() as TimeMs);
    for (const place of places) initialize(place, genesisFile);
  }
  const addresses = places.map(({ announcedPorts }, index) =>
    peerAddressOf(nodes[index]!.nodeId, addressOf(announcedPorts.p2p)),
  );
  for (const [index, place] of places.entries()) {
    const others = addresses.filter((_, other) => other !== index);
    configureLinks(place, others);
  }
  return readGenesisId(genesisFile);
}

/** Refuses to run an existing network with another number of nodes: its validators are those of genesis. */
export function assertNodeCount(root: string, nodeCount: number): void {
  const founded = foundedNodeCount(root);
  if (founded === undefined || founded === nodeCount) return;
  throw new NodeError(
    "usage",
    `The network in ${root} has ${founded} node${founded === 1 ? "" : "s"}. Run it with --nodes ${founded}, ` +
      "choose another directory with --data, or delete it and begin anew with --fresh.",
  );
}

function initialize(place: NodePlace, genesisFile: string | undefined) {
  return initializeNode({
    dataDirectory: place.dataDirectory,
    name: place.name,
    httpHost: "127.0.0.1",
    httpPort: place.httpPort,
    publicUrl: undefined,
    genesisFile,
  });
}

/** The administrator's root key, made unless an earlier run has. */
function demoSeed(root: string) {
  const { privateKey } = accountFilesOf(root, demoLogins[0]);
  mkdirSync(dirname(privateKey), { recursive: true, mode: 0o700 });
  if (!existsSync(privateKey)) writePrivateKeyFile(privateKey, createSeed());
  return readPrivateKeyFile(privateKey);
}

function addressOf(port: number): string {
  return `/ip4/127.0.0.1/tcp/${port}`;
}

function configureLinks(
  { dataDirectory, announcedPorts, p2pPort, packsPort }: NodePlace,
  peers: readonly string[],
): void {
  const file = join(dataDirectory, configFileName);
  const config = JSON.parse(readFileSync(file, "utf8")) as Readonly<Record<string, unknown>>;
  const links = {
    p2p: { port: p2pPort, announce: [addressOf(announcedPorts.p2p)], peers },
    packs: { port: packsPort, announce: `127.0.0.1:${announcedPorts.packs}` },
  };
  writeFileDurably(file, `${JSON.stringify({ ...config, ...links }, undefined, 2)}\n`);
}
