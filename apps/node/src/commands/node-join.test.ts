import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AddressInfo } from "node:net";

import type { TimeMs } from "@guts/primitives";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";

import { readConfig } from "../config/config.ts";
import { peerAddressOf } from "../keys/peer-id.ts";
import { createNetwork } from "./network-create.ts";
import { initializeNode, readGenesisId } from "./node-init.ts";
import { joinNetwork } from "./node-join.ts";

const folder = mkdtempSync(join(tmpdir(), "guts-join-test-"));
const blank = { name: "mirror", httpHost: undefined, httpPort: 43_050, publicUrl: undefined };
const founder = initializeNode({ ...blank, name: "one", dataDirectory: join(folder, "one"), genesisFile: undefined });
const out = join(folder, "genesis.guts");
const decisions = { name: "ours", registration: "open", administrators: [], validators: [founder.publicFile] } as const;
const { networkId } = createNetwork({ ...decisions, out }, 1_800_000_000_000 as TimeMs);
const address = peerAddressOf(founder.nodeId, "/ip4/127.0.0.1/tcp/43003");
const { signal } = new AbortController();

let server: Server;
let url: string;
let genesis: Uint8Array;
let dataDirectory: string;
let count = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    if (request.url === "/api/guts/genesis") response.end(genesis);
    else if (request.url === "/api/guts/network") response.end(JSON.stringify({ addresses: [address] }));
    else response.writeHead(404).end();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());
beforeEach(() => {
  genesis = new Uint8Array(readFileSync(out));
  dataDirectory = join(folder, `mirror${++count}`);
});

const joinWith = (changes: { readonly genesisHash?: string; readonly url?: string } = {}) => {
  const p2p = { port: undefined, announce: [], peers: [] };
  return joinNetwork({ ...blank, dataDirectory, p2p, url, genesisHash: networkId, ...changes }, signal);
};

test("makes a node of the network, with keys of its own and a peer to begin with", async () => {
  const joined = await joinWith();
  expect(joined).toMatchObject({ networkId, peers: [address] });
  expect(joined.nodeId).not.toBe(founder.nodeId);
  expect(readGenesisId(join(dataDirectory, "genesis.guts"))).toBe(networkId);
  expect(readConfig(dataDirectory, {}).p2p.peers).toEqual([address]);
  expect((await joinWith()).nodeId).toBe(joined.nodeId);
});

test.each([
  ["another network's hash", { genesisHash: "0".repeat(64) }, "genesis-mismatch"],
  ["a hash that is none", { genesisHash: "abc" }, "usage"],
  ["nobody", { url: "http://127.0.0.1:1" }, "node-unreachable"],
])("makes nothing when it is given %s", async (_what, changes, code) => {
  await expect(joinWith(changes)).rejects.toMatchObject({ code });
  expect(existsSync(dataDirectory)).toBe(false);
});

test("makes nothing of what is no genesis document, however long", async () => {
  genesis = Uint8Array.of(1, 2, 3);
  await expect(joinWith()).rejects.toMatchObject({ code: "genesis-invalid" });
  genesis = new Uint8Array(256 * 1024 + 1);
  await expect(joinWith()).rejects.toMatchObject({ code: "node-unreachable" });
  expect(existsSync(dataDirectory)).toBe(false);
});

test("never moves a node to another network", async () => {
  await joinWith();
  const other = join(folder, "other.guts");
  const second = createNetwork({ ...decisions, name: "theirs", out: other }, 1_800_000_000_000 as TimeMs);
  genesis = new Uint8Array(readFileSync(other));
  await expect(joinWith({ genesisHash: second.networkId })).rejects.toMatchObject({ code: "genesis-mismatch" });
});
