import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { genesisHash, parseGenesis, type Genesis } from "@guts/ledger";
import { nodeIdOf, publicKeyOf, toHex, type NodeId, type PublicKey } from "@guts/primitives";

import { configFileName, readConfig } from "../config/config.ts";
import { createDataDirectory, nodePathsOf, writeFileDurably } from "../data/data-directory.ts";
import { createSeed, readPrivateKeyFile, writePrivateKeyFile } from "../keys/private-key-file.ts";
import { NodeError } from "../node-error.ts";

/** What an operator says about a new node. */
export interface NodeInitOptions {
  readonly dataDirectory: string;
  readonly name: string;
  readonly httpHost: string | undefined;
  readonly httpPort: number | undefined;
  readonly publicUrl: string | undefined;
  /** The genesis document of the network to join; absent while the network is still being founded. */
  readonly genesisFile: string | undefined;
}

/** A node that is ready to be named in a genesis document, or to start when it has one. */
export interface InitializedNode {
  readonly nodeId: NodeId;
  /** What `guts network create --validator` takes: `NAME=NODEID:CONSENSUSKEY`. */
  readonly validator: string;
  readonly networkId: string | undefined;
}

/**
 * `guts node init`: makes a data directory with a key and a configuration, and takes the network's genesis into it.
 *
 * Each step is done once: running it again with `--genesis` adds the genesis to a node whose id is in it.
 */
export function initializeNode(options: NodeInitOptions): InitializedNode {
  const { dataDirectory } = options;
  const genesis = options.genesisFile === undefined ? undefined : readGenesis(options.genesisFile);
  createDataDirectory(dataDirectory, "node");
  const paths = nodePathsOf(dataDirectory);
  const nodeId = nodeIdOf(ensureKey(paths.nodeKey));
  const consensusKey = toHex(ensureKey(paths.consensusKey));
  if (!existsSync(join(dataDirectory, configFileName))) writeConfig(options);
  const { name } = readConfig(dataDirectory);
  if (genesis !== undefined) installGenesis(paths.genesis, genesis);
  const validator = `${name}=${nodeId}:${consensusKey}`;
  return { nodeId, validator, networkId: existsSync(paths.genesis) ? readGenesisId(paths.genesis) : undefined };
}

/** The id of the network that a genesis document founds. */
export function readGenesisId(file: string): string {
  return toHex(genesisHash(readGenesis(file).genesis));
}

/** A genesis document and the bytes it was read from. */
export interface GenesisFile {
  readonly bytes: Uint8Array;
  readonly genesis: Genesis;
}

/** Reads and checks a genesis document. */
export function readGenesis(file: string): GenesisFile {
  const bytes = readBytes(file);
  const { genesis, refusal } = parseGenesis(bytes);
  if (genesis === undefined) throw new NodeError("genesis-invalid", `${file} is no genesis document: ${refusal}`);
  return { bytes, genesis };
}

function readBytes(file: string): Uint8Array {
  try {
    return new Uint8Array(readFileSync(file));
  } catch (cause) {
    throw new NodeError("genesis-invalid", `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
}

/** Makes a key unless there is one; answers its public half. */
function ensureKey(path: string): PublicKey {
  if (!existsSync(path)) writePrivateKeyFile(path, createSeed());
  return publicKeyOf(readPrivateKeyFile(path));
}

function installGenesis(path: string, { bytes, genesis }: GenesisFile): void {
  if (!existsSync(path)) {
    writeFileDurably(path, bytes);
    return;
  }
  const installed = readGenesisId(path);
  if (installed !== toHex(genesisHash(genesis)))
    throw new NodeError(
      "genesis-mismatch",
      `This node belongs to network ${installed}. Use another data directory for another network.`,
    );
}

function writeConfig({ dataDirectory, name, httpHost, httpPort, publicUrl }: NodeInitOptions): void {
  const http = { host: httpHost, port: httpPort, publicUrl };
  writeFileDurably(join(dataDirectory, configFileName), `${JSON.stringify({ name, http }, undefined, 2)}\n`);
}
