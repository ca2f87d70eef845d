import { signInRequestOf } from "@guts/ledger";
import { toHex } from "@guts/primitives";
import { afterEach, beforeEach, expect, test } from "vitest";
import { readHosts } from "../../config/hosts-file.ts";
import { startFakeNode, type PreparedAnswer } from "../../testing/fake-node.ts";
import { createTestMachine, type TestMachine } from "../../testing/test-platform.ts";

let machine: TestMachine;
beforeEach(async () => {
  machine = await createTestMachine();
});
afterEach(() => machine[Symbol.asyncDispose]());

const network = { networkId: "ab".repeat(32), nodeId: "cd".repeat(32), height: 5, time: "2026-11-20T12:00:00Z" };
const account = { id: 7, handle: "alice", name: null, createdAt: network.time };
const session = { account, scopes: [], isVisit: true, hasPassword: false, network: { name: "testnet" } };
const code = "c".repeat(43);
const answers = (others: Readonly<Record<string, PreparedAnswer>>): Readonly<Record<string, PreparedAnswer>> => ({
  "GET /api/guts/network": { json: network },
  "GET /api/guts/session": { json: session },
  ...others,
});
const visited = answers({ "POST /api/guts/signin/visit": { json: { account, token: "guts_visit", height: 9 } } });
const home = answers({ "POST /api/guts/visits": { status: 201, json: { code, height: 8, returnUrl: "x" } } });

test("signs in elsewhere with the consent of a home node, which learns nothing that signs in", async () => {
  await using there = await startFakeNode(visited);
  await using atHome = await startFakeNode(home);
  const argv = ["auth", "login", "--host", there.url, "--home", atHome.url];
  expect((await machine.run(argv)).exitCode).toBe(4);
  await machine.run(["auth", "login", "--host", atHome.url, "--with-token"], { stdin: "guts_home\n" });
  expect((await machine.run(argv)).exitCode).toBe(0);
  const asked = atHome.seen.find(({ path }) => path === "/api/guts/visits")?.body as {
    nodeId: string;
    request: string;
  };
  const brought = there.seen.find(({ path }) => path === "/api/guts/signin/visit")?.body as Record<string, string>;
  const secret = Buffer.from(brought["secret"]!, "base64url");
  expect(asked).toEqual({ nodeId: network.nodeId, request: toHex(signInRequestOf(new Uint8Array(secret))) });
  expect(brought).toMatchObject({ code, session: "token" });
  expect(JSON.stringify(atHome.seen)).not.toContain(brought["secret"]);
  expect(JSON.stringify(there.seen)).not.toContain("guts_home");
  expect((await readHosts(machine.configDirectory)).entries.get(there.url as never)?.token).toBe("guts_visit");
});

test("does not ask a home of another network", async () => {
  await using there = await startFakeNode(visited);
  await using atHome = await startFakeNode({
    ...home,
    "GET /api/guts/network": { json: { ...network, networkId: "ef".repeat(32) } },
  });
  await machine.run(["auth", "login", "--host", atHome.url, "--with-token"], { stdin: "guts_home\n" });
  expect((await machine.run(["auth", "login", "--host", there.url, "--home", atHome.url])).exitCode).toBe(1);
  expect(atHome.seen.some(({ path }) => path === "/api/guts/visits")).toBe(false);
});

test("lists sessions with their nodes, and ends one by the beginning of its id", async () => {
  const terms = { scopes: [], createdAt: network.time, expiresAt: null, lastUsedAt: null, isCurrent: false };
  const listed = [
    { ...terms, id: "3f2a01", kind: "visit", label: "Browser", nodes: ["away"], vouchedBy: "home" },
    { ...terms, id: "3f9901", kind: "session", label: "Browser, by password", nodes: ["home"], vouchedBy: null },
    { ...terms, id: "77aa01", kind: "token", label: "a token", nodes: ["home"], vouchedBy: null },
  ];
  await using node = await startFakeNode(
    answers({ "GET /api/guts/tokens": { json: listed }, "DELETE /api/guts/tokens/3f2a01": { status: 204 } }),
  );
  await machine.run(["auth", "login", "--host", node.url, "--with-token"], { stdin: "guts_home\n" });
  const { stdout } = await machine.run(["auth", "sessions"]);
  expect(stdout).toMatch(/^3f2a01\tBrowser\taway\thome\t/m);
  expect(stdout).not.toContain("a token");
  expect((await machine.run(["auth", "sessions", "--end", "3f"])).exitCode).toBe(2);
  expect((await machine.run(["auth", "sessions", "--end", "77"])).exitCode).toBe(1);
  expect((await machine.run(["auth", "sessions", "--end", "3f2"])).exitCode).toBe(0);
  expect(node.seen.at(-1)).toMatchObject({ method: "DELETE", path: "/api/guts/tokens/3f2a01" });
});
