import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { genesisHash, parseGenesis, type Genesis } from "@guts/ledger";
import { nodeIdOf, publicKeyOf, toHex, type NodeId, type PrivateSeed, type PublicKey } from "@guts/primitives";

import { hostKeyOf } from "@guts/server/ssh";
import { SegmentJournal } from "@guts/storage";

import { configFileName, readConfig } from "../config/config.ts";
import { createDataDirectory, nodePathsOf, writeFileDurably } from "../data/data-directory.ts";
import { formatPublicNode } from "../keys/node-public-file.ts";
import { createSeed, readPrivateKeyFile, writePrivateKeyFile } from "../keys/private-key-file.ts";
import { NodeError } from "../node-error.ts";
import { readPeer } from "./validator-options.ts";

/** What an operator says about a new node. */
export interface NodeInitOptions {
  readonly dataDirectory: string;
  readonly name: string;
  readonly httpHost: string | undefined;
  readonly httpPort: number | undefined;
  readonly publicUrl: string | undefined;
  readonly p2p?: {
    readonly port: number | undefined;
    readonly announce: readonly string[];
    readonly peers: readonly string[];
  };
  readonly packs?: { readonly port: number | undefined; readonly announce: string | undefined };
  /** The genesis document of the network to join; absent while the network is still being founded. */
  readonly genesisFile: string | undefined;
}

/** A node that is ready to be named in a genesis document, or to start when it has one. */
export interface InitializedNode {
  readonly nodeId: NodeId;
  /** What `guts network create --validator` takes: `NAME=NODEID:CONSENSUSKEY`, ... */
  readonly validator: string;
  /** ... or this file, which says where others reach the node, too. */
  readonly publicFile: string;
  readonly networkId: string | undefined;
  /** `SHA256:...` of the key that ssh asks people about when they first connect. */
  readonly sshFingerprint: string;
}

/**
 * `guts node init`: makes a data directory with a key and a configuration, and takes the network's genesis into it.
 *
 * Each step is done once: running it again with `--genesis` adds the genesis to a node whose id is in it, with `--peer` a peer.
 */
export function initializeNode(options: NodeInitOptions): InitializedNode {
  const { dataDirectory } = options;
  const genesis = options.genesisFile === undefined ? undefined : readGenesis(options.genesisFile);
  createDataDirectory(dataDirectory, "node");
  const paths = nodePathsOf(dataDirectory);
  const nodeId = nodeIdOf(ensureKey(paths.nodeKey));
  // Only with its key can a journal be fresh: without one, votes of an earlier life of the key would be forgotten.
  if (!existsSync(paths.consensusKey)) SegmentJournal.create(paths.consensus);
  const consensusKey = ensureKey(paths.consensusKey);
  const sshFingerprint = hostKeyOf(ensureHostKey(paths.sshHostKey)).fingerprint;
  const peers = (options.p2p?.peers ?? []).flatMap(readPeer);
  if (!existsSync(join(dataDirectory, configFileName))) writeConfig(options, peers);
  else if (peers.length > 0) addPeers(dataDirectory, peers);
  const { name, p2p } = readConfig(dataDirectory);
  writeFileDurably(paths.publicFile, formatPublicNode({ name, nodeId, consensusKey, addresses: p2p.announce }));
  if (genesis !== undefined) installGenesis(paths.genesis, genesis);
  const networkId = existsSync(paths.genesis) ? readGenesisId(paths.genesis) : undefined;
  const validator = `${name}=${nodeId}:${toHex(consensusKey)}`;
  return { nodeId, validator, publicFile: paths.publicFile, networkId, sshFingerprint };
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

/** The node's SSH host key, made once: a node that is older than its SSH door gets one when it starts. */
export function ensureHostKey(path: string): PrivateSeed {
  ensureKey(path);
  return readPrivateKeyFile(path);
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

function writeConfig(options: NodeInitOptions, peers: readonly string[]): void {
  const { dataDirectory, name, httpHost, httpPort, publicUrl } = options;
  const announce = options.p2p?.announce ?? [];
  const p2p = { port: options.p2p?.port, ...(announce.length > 0 && { announce }), ...(peers.length > 0 && { peers }) };
  const packs = { port: options.packs?.port, announce: options.packs?.announce };
  const config = { name, http: { host: httpHost, port: httpPort, publicUrl }, p2p, packs };
  writeFileDurably(join(dataDirectory, configFileName), `${JSON.stringify(config, undefined, 2)}\n`);
}

/** Adds peers to a configuration, whatever else its operator has written there. */
function addPeers(dataDirectory: string, peers: readonly string[]): void {
  const known = readConfig(dataDirectory, {}).p2p.peers;
  const file = join(dataDirectory, configFileName);
  const config = JSON.parse(readFileSync(file, "utf8")) as { readonly p2p?: object };
  const added = { ...config, p2p: { ...config.p2p, peers: [...new Set([...known, ...peers])] } };
  writeFileDurably(file, `${JSON.stringify(added, undefined, 2)}\n`);
}
