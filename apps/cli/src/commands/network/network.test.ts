import { contentCodec, contentRefOf, KINDS, signedTransactionCodec } from "@guts/ledger";
import { decode, encodeRecoveryCode, publicKeyOf, rootSeedOf, toHex } from "@guts/primitives";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { signedInNode } from "../../testing/signed-in.ts";
import { createTestMachine, type TestMachine } from "../../testing/test-platform.ts";

let machine: TestMachine;
beforeEach(async () => {
  machine = await createTestMachine();
});
afterEach(async () => await machine[Symbol.asyncDispose]());

const nodeIds = ["a", "b"].map((digit) => digit.repeat(64)) as [string, string];
const validator = {
  nodeId: nodeIds[0],
  name: "one",
  url: null,
  isValidator: true,
  isSelf: true,
  isConnected: true,
  height: 42,
  lag: 0,
  version: "0.1.0",
  rttMs: 0,
  lastSeenAt: "2026-11-20T12:00:00Z",
};
const observer = {
  ...validator,
  nodeId: nodeIds[1],
  name: "mirror",
  isValidator: false,
  isSelf: false,
  isConnected: false,
  height: 40,
  lag: 2,
  lastSeenAt: "2026-11-20T11:00:00Z",
};
const quorum = { validatorCount: 1, upCount: 1, neededCount: 1, summary: "the only validator is up" };
const network = {
  networkId: "c".repeat(64),
  name: "ours",
  rulesVersion: 1,
  height: 42,
  time: "2026-11-20T12:00:00.000Z",
  registration: "open",
  nodeId: nodeIds[0],
  addresses: [],
  quorum,
  sync: { state: "current", target: null },
  consensus: { epoch: 0, view: 50, leader: nodeIds[0] },
  nodes: [validator, observer],
};

describe("guts network status", () => {
  test("says how the network is, and lists its nodes", async () => {
    await using node = await signedInNode(machine, { "GET /api/guts/network": { json: network } });
    const { exitCode, stdout } = await machine.run(["network", "status"]);
    expect({ exitCode, requests: node.seen.length }).toEqual({ exitCode: 0, requests: 1 });
    expect(stdout.split("\n\n")[0]).toBe(
      [
        `network       ours (${network.networkId})`,
        "height        42, less than a minute ago",
        "quorum        the only validator is up",
        "consensus     epoch 0, view 50",
      ].join("\n"),
    );
    expect(stdout.split("\n\n")[1]).toBe(
      `one (asked)\tvalidator\tup\t42\t0\t0.1.0\t${nodeIds[0]}\nmirror\tobserver\tdown\t40\t2\t0.1.0\t${nodeIds[1]}\n`,
    );
    const onTerminal = await machine.run(["network", "status"], { isTerminal: true });
    expect(onTerminal.stdout).toContain("seen about 1 hour ago");
  });

  test("ends with 1 when nothing can be written, as JSON too, and says what the node is doing", async () => {
    const missing = { validatorCount: 4, upCount: 2, neededCount: 3, summary: "2 of 4 validators up" };
    const down = { ...network, quorum: missing, sync: { state: "catching-up", target: 99 } };
    await using node = await signedInNode(machine, { "GET /api/guts/network": { json: down } });
    const { exitCode, stdout } = await machine.run(["network", "status"]);
    expect({ exitCode, says: stdout.includes("catches up to height 99") }).toEqual({ exitCode: 1, says: true });
    const asJson = await machine.run(["network", "status", "--json", "quorum"]);
    expect([asJson.exitCode, JSON.parse(asJson.stdout)]).toEqual([1, { quorum: missing }]);
    expect(node.seen).toHaveLength(2);
  });
});

test("guts network validators says who proposes", async () => {
  const listed = [{ ...validator, consensusKey: "d".repeat(64), isLeader: true }];
  await using node = await signedInNode(machine, { "GET /api/guts/validators": { json: listed } });
  const { stdout } = await machine.run(["network", "validators"]);
  expect(stdout).toBe(`one (asked)\tup\t42\t0\t0.1.0\tnow\t${"d".repeat(64)}\n`);
  expect(node.seen).toHaveLength(1);
});

describe("guts network blocks", () => {
  const block = (height: number, deeds: readonly string[], transactionCount = deeds.length) => ({
    height,
    id: "e".repeat(64),
    time: "2026-11-20T12:00:00Z",
    transactionCount,
    proposer: "one",
    deeds,
  });

  test("tells what happened, without the quiet blocks unless they are asked for", async () => {
    const blocks = [block(3, ["ada pushed to ada/hello", "eve joined ada/hello"], 5), block(2, []), block(1, [])];
    await using node = await signedInNode(machine, { "GET /api/guts/blocks": { json: blocks } });
    const { stdout } = await machine.run(["network", "blocks"]);
    expect(stdout).toBe("3\tada pushed to ada/hello; eve joined ada/hello; and 3 more\tone\t2026-11-20T12:00:00Z\n");
    expect((await machine.run(["network", "blocks", "--all", "-L", "2"])).stdout.split("\n")).toHaveLength(3);
    const asJson = await machine.run(["network", "blocks", "--json", "height,deeds"]);
    expect(JSON.parse(asJson.stdout)).toEqual([{ height: 3, deeds: blocks[0]!.deeds }]);
    expect(node.seen.every(({ path }) => path.startsWith("/api/guts/blocks?deeds=true"))).toBe(true);
  });

  test("shows one with what was refused in it, and never a control character of somebody else's", async () => {
    const refused = { code: "ref-stale", message: "the ref moved" };
    const transactions = [{ id: "f".repeat(64), summary: "ada pushed to ada/\u001b[31mred", rejection: refused }];
    const whole = { ...block(7, []), parentId: "0", stateRoot: "1", transactions };
    await using node = await signedInNode(machine, { "GET /api/guts/blocks/7": { json: whole } });
    const { stdout } = await machine.run(["network", "blocks", "7"]);
    expect(stdout).toContain("(refused: the ref moved)");
    expect(stdout).not.toContain("\u001b");
    expect((await machine.run(["network", "blocks", "x"])).exitCode).toBe(2);
    expect(node.seen).toHaveLength(1);
  });
});

describe("guts network admit and remove", () => {
  const code = encodeRecoveryCode(new Uint8Array(18).fill(3));
  const rootKey = toHex(publicKeyOf(rootSeedOf(code)));

  async function asAdministrator(json: unknown = { outcome: "applied", height: 43 }) {
    await writeFile(join(machine.home, "code.txt"), code, { mode: 0o600 });
    return await signedInNode(machine, {
      "GET /api/guts/network": { json: network },
      "GET /api/v3/users/alice": { json: { id: 1 } },
      "GET /api/guts/accounts/alice/keys": { json: [{ publicKey: rootKey, role: "root" }] },
      "POST /api/guts/transactions": { json },
    });
  }
  const signedIn = (request: { readonly body: unknown } | undefined) => {
    const { envelope } = request!.body as { envelope: string };
    return decode(signedTransactionCodec, new Uint8Array(Buffer.from(envelope, "base64"))).body;
  };

  test("sign what the administrator means with the root key", async () => {
    await using node = await asAdministrator();
    const key = ["--recovery-code-file", "code.txt"];
    const admitted = await machine.run(["network", "admit", nodeIds[1], "--name", "mirror", ...key]);
    expect(admitted).toMatchObject({ exitCode: 0, stderr: expect.stringContaining("Admitted mirror") });
    const admission = signedIn(node.seen.at(-1));
    expect(decode(KINDS["node.admit"].payload, admission.payload)).toEqual({ node: nodeIds[1], name: "mirror" });
    expect((await machine.run(["network", "remove", "mirror", "--yes", ...key])).exitCode).toBe(0);
    const removal = signedIn(node.seen.at(-1));
    expect(decode(KINDS["node.dismiss"].payload, removal.payload)).toEqual({ node: nodeIds[1], reason: undefined });
    const explained = ["network", "remove", "mirror", "--yes", "--reason", "it lags", ...key];
    expect((await machine.run(explained)).exitCode).toBe(0);
    const { reason } = decode(KINDS["node.dismiss"].payload, signedIn(node.seen.at(-1)).payload);
    const [content = ""] = (node.seen.at(-1)!.body as { readonly contents: readonly string[] }).contents;
    const text = decode(contentCodec, new Uint8Array(Buffer.from(content, "base64")));
    expect([reason, Buffer.from(text.text).toString()]).toEqual([contentRefOf(text), "it lags"]);
  });

  test("ask before a removal, and refuse what names no node", async () => {
    await using node = await asAdministrator();
    const key = ["--recovery-code-file", "code.txt"];
    expect((await machine.run(["network", "remove", "mirror", ...key], { answers: [false] })).exitCode).toBe(130);
    expect((await machine.run(["network", "remove", "nobody", "--yes", ...key])).exitCode).toBe(1);
    expect((await machine.run(["network", "admit", "abc", "--name", "x", ...key])).exitCode).toBe(2);
    expect((await machine.run(["network", "admit", nodeIds[1], "--name", "two words", ...key])).exitCode).toBe(2);
    expect(node.seen.filter(({ method }) => method === "POST")).toHaveLength(0);
  });
});
