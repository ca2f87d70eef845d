/**
 * `guts node join`: makes an observer of a network out of an empty directory.
 *
 * 1. The genesis document is fetched from a node that takes part and must have the hash that the operator gives: that one value,
 *    got from somebody they trust, is what makes everything that follows verifiable.
 * 2. That node's addresses become the peers to begin with; more are found from there.
 * 3. Keys and configuration are made as by `guts node init`. The node may then be started; until an administrator has admitted
 *    it, others turn it away.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createClient } from "@guts/api/client";
import { genesisHash, parseGenesis } from "@guts/ledger";
import { toHex } from "@guts/primitives";

import { nodePathsOf } from "../data/data-directory.ts";
import { NodeError } from "../node-error.ts";
import { initializeNode, readGenesisId, type InitializedNode, type NodeInitOptions } from "./node-init.ts";

/** What an operator says about a node that joins. */
export interface NodeJoinOptions extends Omit<NodeInitOptions, "genesisFile" | "p2p"> {
  /** A node that takes part, such as `https://git.example.org`. */
  readonly url: string;
  /** Hash of the network's genesis in hexadecimal. */
  readonly genesisHash: string;
  readonly p2p: NonNullable<NodeInitOptions["p2p"]>;
}

/** A node that has joined, and whom it connects to first. */
export interface JoinedNode extends InitializedNode {
  readonly peers: readonly string[];
}

/** The largest genesis document that is read; one of 100 validators and administrators has a tenth of it. */
const genesisBytesMax = 256 * 1024;
const requestTimeoutMs = 30_000;

/** Joins a network. Throws `usage`, `genesis-invalid`, `genesis-mismatch` or `node-unreachable`. */
export async function joinNetwork(options: NodeJoinOptions, signal: AbortSignal): Promise<JoinedNode> {
  const expected = options.genesisHash.toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(expected))
    throw new NodeError("usage", "--genesis-hash takes the 64 hexadecimal characters of the network's id.");
  assertJoinable(options.dataDirectory, expected);
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]);
  const genesis = await fetchGenesis(options.url, expected, deadline); // 1.
  const peers = await fetchPeers(options.url, deadline); // 2.
  const folder = mkdtempSync(join(tmpdir(), "guts-join-"));
  try {
    const genesisFile = join(folder, "genesis.guts");
    writeFileSync(genesisFile, genesis);
    const p2p = { ...options.p2p, peers: [...options.p2p.peers, ...peers] };
    return { ...initializeNode({ ...options, p2p, genesisFile }), peers }; // 3.
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What an administrator runs to let the node in. */
export function admissionCommand({ nodeId, name, url }: { nodeId: string; name: string; url: string }): string {
  return `guts network admit ${nodeId} --name ${name} --host ${url}`;
}

function assertJoinable(dataDirectory: string, expected: string): void {
  const { genesis } = nodePathsOf(dataDirectory);
  if (!existsSync(genesis)) return;
  const installed = readGenesisId(genesis);
  if (installed === expected) return;
  throw new NodeError(
    "genesis-mismatch",
    `The node in ${dataDirectory} belongs to network ${installed}. Use another data directory for another network.`,
  );
}

async function fetchGenesis(url: string, expected: string, signal: AbortSignal): Promise<Uint8Array> {
  const bytes = await fetchBytes(`${url}/api/guts/genesis`, signal);
  const { genesis, refusal } = parseGenesis(bytes);
  if (genesis === undefined)
    throw new NodeError("genesis-invalid", `What ${url} gives is no genesis document: ${refusal}.`);
  const actual = toHex(genesisHash(genesis));
  if (actual !== expected)
    throw new NodeError(
      "genesis-mismatch",
      `${url} belongs to the network ${actual}, not to ${expected}. Nothing was made; check the address and the hash.`,
    );
  return bytes;
}

async function fetchBytes(url: string, signal: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    const response = await fetch(url, { signal });
    if (!response.ok || response.body === null) throw new RangeError(`it answers ${response.status}`);
    for await (const chunk of response.body) {
      length += chunk.length;
      if (length > genesisBytesMax) throw new RangeError("its answer is too long for a genesis document");
      chunks.push(chunk);
    }
  } catch (cause) {
    signal.throwIfAborted();
    throw new NodeError("node-unreachable", `The genesis cannot be read from ${url}: ${(cause as Error).message}.`, {
      cause,
    });
  }
  return new Uint8Array(Buffer.concat(chunks));
}

/** The node's own addresses. What it says of itself is a hint: connections are authenticated, blocks verified. */
async function fetchPeers(url: string, signal: AbortSignal): Promise<readonly string[]> {
  try {
    return (await createClient({ baseUrl: url }).call("GET /api/guts/network", { signal })).addresses;
  } catch (cause) {
    signal.throwIfAborted();
    throw new NodeError("node-unreachable", `${url} does not say where to connect: ${(cause as Error).message}.`, {
      cause,
    });
  }
}
