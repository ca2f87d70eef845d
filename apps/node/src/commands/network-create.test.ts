import { mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { TimeMs } from "@guts/primitives";
import { expect, test } from "vitest";

import { readConfig } from "../config/config.ts";
import { createNetwork, genesisOf } from "./network-create.ts";
import { initializeNode, readGenesis } from "./node-init.ts";
import { readPeer } from "./validator-options.ts";

const folder = mkdtempSync(join(tmpdir(), "guts-network-"));
const time = 1_800_000_000_000 as TimeMs;
const nodeOptions = {
  dataDirectory: join(folder, "node"),
  name: "first",
  httpHost: undefined,
  httpPort: undefined,
  publicUrl: undefined,
};
const { nodeId, validator } = initializeNode({ ...nodeOptions, genesisFile: undefined });
const decisions = { name: "test", registration: "closed", administrators: [nodeId], validators: [validator] } as const;

test("founds a network that its node then joins", () => {
  const out = join(folder, "genesis.guts");
  const { networkId } = createNetwork({ ...decisions, out }, time);
  expect(networkId).toMatch(/^[0-9a-f]{64}$/);
  expect(readGenesis(out).genesis).toMatchObject({ name: "test", registration: "closed", time });
  const joined = initializeNode({ ...nodeOptions, genesisFile: out });
  expect(joined).toMatchObject({ nodeId, validator, networkId });
  expect(initializeNode({ ...nodeOptions, genesisFile: undefined }).networkId).toBe(networkId);
});

test("never moves a node to another network", () => {
  const out = join(folder, "other.guts");
  createNetwork({ ...decisions, name: "other", out }, time);
  expect(() => initializeNode({ ...nodeOptions, genesisFile: out })).toThrow(
    expect.objectContaining({ code: "genesis-mismatch" }),
  );
});

test("never overwrites a genesis document", () => {
  const out = join(folder, "twice.guts");
  createNetwork({ ...decisions, out }, time);
  expect(() => createNetwork({ ...decisions, out }, time)).toThrow(expect.objectContaining({ code: "usage" }));
});

test("reports every problem at once", () => {
  const wrong = { name: "", registration: "open", administrators: ["x"], validators: ["y"], out: "z" } as const;
  try {
    genesisOf(wrong, time);
    expect.unreachable();
  } catch (error) {
    expect((error as Error).message.split("\n")).toHaveLength(4);
  }
});

test("keeps both keys from others", () => {
  for (const name of ["node-key.pem", "consensus-key.pem"])
    expect(statSync(join(folder, "node", name)).mode & 0o777).toBe(0o600);
});

test("refuses a file that is no genesis document", () => {
  expect(() => readGenesis(join(folder, "node", "guts.json"))).toThrow(
    expect.objectContaining({ code: "genesis-invalid" }),
  );
});

const founders = Array.from({ length: 4 }, (_, index) =>
  initializeNode({
    ...nodeOptions,
    dataDirectory: join(folder, `founder${index}`),
    name: `founder${index}`,
    httpPort: 43_000 + 10 * index,
    genesisFile: undefined,
  }),
);

test("founds a network of several from their public files or from words, in the order in which they are named", () => {
  const validators = [founders[0]!.publicFile, founders[1]!.validator, founders[2]!.publicFile];
  const genesis = genesisOf({ ...decisions, validators, out: "" }, time);
  expect(genesis.validators.map(({ name, nodeId: id }) => [name, id])).toEqual(
    founders.slice(0, 3).map(({ nodeId: id }, index) => [`founder${index}`, id]),
  );
});

test("refuses two validators with one name or key, and more than a network can have", () => {
  const [first, second] = founders.map(({ validator: text }) => text) as [string, string];
  const refusalOf = (validators: readonly string[]): string => {
    try {
      genesisOf({ ...decisions, validators, out: "" }, time);
      return "";
    } catch (error) {
      return (error as Error).message;
    }
  };
  expect(refusalOf([first, second])).toBe("");
  expect(refusalOf([first, first]).split("\n")).toHaveLength(4);
  expect(refusalOf([first, second.replace("founder1", "founder0")])).toContain("name founder0");
  const many = Array.from({ length: 101 }, () => first);
  expect(refusalOf(many)).toContain("at most 100");
});

test("an initialized node takes its peers from the public files of others, once each", () => {
  const dataDirectory = join(folder, "founder0");
  const peers = [founders[1]!.publicFile, founders[2]!.publicFile, founders[1]!.publicFile];
  const p2p = { port: undefined, announce: [], peers };
  initializeNode({ ...nodeOptions, dataDirectory, name: "x", p2p, genesisFile: undefined });
  const config = readConfig(dataDirectory, {});
  expect(config.name).toBe("founder0");
  expect(config.p2p.peers).toEqual(
    [1, 2].map((index) => expect.stringMatching(new RegExp(`tcp/430${index}3/p2p/12D3`))),
  );
  expect(() => readPeer(join(folder, "nowhere.pub"))).toThrow(expect.objectContaining({ code: "usage" }));
});
