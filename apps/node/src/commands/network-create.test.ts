import { mkdtempSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { TimeMs } from "@guts/primitives";
import { expect, test } from "vitest";

import { createNetwork, genesisOf } from "./network-create.ts";
import { initializeNode, readGenesis } from "./node-init.ts";

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
  const networkId = createNetwork({ ...decisions, out }, time);
  expect(networkId).toMatch(/^[0-9a-f]{64}$/);
  expect(readGenesis(out).genesis).toMatchObject({ name: "test", registration: "closed", time });
  const joined = initializeNode({ ...nodeOptions, genesisFile: out });
  expect(joined).toEqual({ nodeId, validator, networkId });
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
