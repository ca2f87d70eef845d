import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import {
  encodeInvitation,
  idempotencyKeyOfProof,
  invitationBytes,
  KINDS,
  parseInvitation,
  signedTransactionCodec,
  transactionId,
} from "@guts/ledger";
import {
  decode,
  encodeRecoveryCode,
  equalBytes,
  fromHex,
  parseDigest,
  parseRecoveryCode,
  publicKeyOf,
  rootSeedOf,
  toHex,
  verifySignature,
} from "@guts/primitives";
import { afterEach, beforeEach, expect, test } from "vitest";
import { decodeKeyPem } from "../../config/key-file.ts";
import { readHosts } from "../../config/hosts-file.ts";
import { startFakeNode, type PreparedAnswer, type SeenRequest } from "../../testing/fake-node.ts";
import { createTestMachine, type TestMachine } from "../../testing/test-platform.ts";

let machine: TestMachine;
beforeEach(async () => {
  machine = await createTestMachine();
});
afterEach(async () => await machine[Symbol.asyncDispose]());

const nodeSeed = rootSeedOf(encodeRecoveryCode(new Uint8Array(18).fill(9)));
const network = {
  networkId: "ab".repeat(32),
  name: "testnet",
  rulesVersion: 1,
  height: 5,
  time: "2026-11-20T12:00:00.000Z",
  registration: "open",
  nodeId: toHex(publicKeyOf(nodeSeed)),
  nodes: [],
};
const account = { id: 7, handle: "alice", name: null, createdAt: network.time };
const session = {
  account,
  scopes: [],
  isVisit: false,
  hasPassword: true,
  network: { networkId: network.networkId, name: "testnet", registration: "open" },
};
const common: Readonly<Record<string, PreparedAnswer>> = {
  "GET /api/guts/network": { json: network },
  "GET /api/guts/session": ({ authorization }) => ({
    json: authorization === "Bearer guts_new" ? session : { ...session, account: null },
  }),
  "POST /api/guts/signup": { status: 201, json: { account, token: "guts_new", height: 6 } },
  "POST /api/guts/recover": { json: { account, token: "guts_new", height: 6 } },
  "POST /api/guts/signin": ({ body }) =>
    (body as { password: string }).password === "correct horse"
      ? { json: { account, token: "guts_new", height: 6 } }
      : { status: 401, json: { message: "Bad credentials" } },
  "POST /api/guts/signout": { status: 204 },
};

function signedOf(request: SeenRequest | undefined) {
  const { envelope } = request!.body as { envelope: string };
  return decode(signedTransactionCodec, Uint8Array.from(Buffer.from(envelope, "base64")));
}

const posted = (seen: readonly SeenRequest[], path: string) =>
  seen.find((request) => request.method === "POST" && request.path === path);

test("signs up with a root key that only the recovery code can make again", async () => {
  await using node = await startFakeNode(common);
  const result = await machine.run([
    "auth",
    "signup",
    "alice",
    "--host",
    node.url,
    "--no-password",
    "--recovery-code-file",
    "code",
    "--key-file",
    "root.pem",
  ]);
  expect(result).toMatchObject({ exitCode: 0, stdout: "" });
  const seed = rootSeedOf(parseRecoveryCode(await readFile(join(machine.home, "code"), "utf8"))!);
  const request = posted(node.seen, "/api/guts/signup");
  expect(request?.body).toEqual({ envelope: expect.any(String), proof: expect.any(String), session: "token" });
  const signed = signedOf(request);
  const { proof } = request!.body as { readonly proof: string };
  expect(signed.body.idempotencyKey).toEqual(idempotencyKeyOfProof(Uint8Array.from(Buffer.from(proof, "base64"))));
  const payload = decode(KINDS["account.create"].payload, signed.body.payload);
  expect(payload).toMatchObject({ handle: "alice", homeNode: network.nodeId });
  expect(equalBytes(payload.rootKey, publicKeyOf(seed))).toBe(true);
  expect(signed.authorization).toMatchObject({ type: "key", publicKey: publicKeyOf(seed) });
  expect(decodeKeyPem(await readFile(join(machine.home, "root.pem"), "utf8"))).toEqual(seed);
  for (const file of ["code", "root.pem"]) expect((await stat(join(machine.home, file))).mode & 0o777).toBe(0o600);
  expect((await readHosts(machine.configDirectory)).entries.get(node.url as never)).toEqual({
    login: "alice",
    token: "guts_new",
  });
});

test("shows the recovery code once, on standard error, and goes on when its last group is typed", async () => {
  await using node = await startFakeNode(common);
  const refused = await machine.run(["auth", "signup", "alice", "--host", node.url], { answers: ["", "ZZZZ"] });
  expect(refused.exitCode).toBe(130);
  expect(posted(node.seen, "/api/guts/signup")).toBeUndefined();
  expect(refused.stdout).toBe("");
  const [code] = /([0-9A-Z]{4}-){7}[0-9A-Z]{4}/.exec(refused.stderr)!;
  expect(parseRecoveryCode(code)).toBeDefined();
});

test("makes no account where nobody could see the recovery code", async () => {
  await using node = await startFakeNode(common);
  const result = await machine.run(["auth", "signup", "alice", "--host", node.url, "--no-password"]);
  expect(result.exitCode).toBe(2);
  expect(node.seen).toHaveLength(0);
});

test("refuses a handle that is taken or none before it makes a key", async () => {
  await using node = await startFakeNode({ ...common, "GET /api/v3/users/alice": { json: { id: 7 } } });
  const flags = ["--host", node.url, "--no-password", "--recovery-code-file", "code"];
  expect((await machine.run(["auth", "signup", "alice", ...flags])).exitCode).toBe(1);
  expect((await machine.run(["auth", "signup", "-a-", ...flags])).exitCode).toBe(2);
  expect(await readdir(machine.home)).not.toContain("code");
});

test("removes the code's file when the node refuses, keeps it when the outcome is not known", async () => {
  const flags = ["--no-password", "--recovery-code-file", "code"];
  await using refusing = await startFakeNode({
    ...common,
    "POST /api/guts/signup": { status: 422, json: { message: "taken" } },
  });
  expect((await machine.run(["auth", "signup", "alice", "--host", refusing.url, ...flags])).exitCode).toBe(1);
  expect(await readdir(machine.home)).not.toContain("code");
  await using failing = await startFakeNode({
    ...common,
    "POST /api/guts/signup": { status: 503, json: { message: "later" } },
  });
  expect((await machine.run(["auth", "signup", "alice", "--host", failing.url, ...flags])).exitCode).toBe(1);
  expect(await readdir(machine.home)).toContain("code");
});

test("never writes over a file", async () => {
  await using node = await startFakeNode(common);
  const argv = ["auth", "signup", "alice", "--host", node.url, "--no-password", "--recovery-code-file", "code"];
  await machine.run(argv);
  const before = await readFile(join(machine.home, "code"), "utf8");
  expect((await machine.run(argv)).exitCode).toBe(1);
  expect(await readFile(join(machine.home, "code"), "utf8")).toBe(before);
});

test("recovers with a delegation that the root key signs, and never sends the code", async () => {
  const code = encodeRecoveryCode(new Uint8Array(18).fill(3));
  const seed = rootSeedOf(code);
  const key = { publicKey: toHex(publicKeyOf(seed)), role: "root", label: null, addedAt: network.time, addedHeight: 1 };
  await using node = await startFakeNode({
    ...common,
    "GET /api/v3/users/alice": { json: { id: 7 } },
    "GET /api/guts/accounts/alice/keys": { json: [key] },
  });
  const argv = ["auth", "recover", "--host", node.url];
  expect(
    (await machine.run(argv, { answers: ["alice", code.toLowerCase(), "a new password", "a new password", false] }))
      .exitCode,
  ).toBe(0);
  const request = posted(node.seen, "/api/guts/recover");
  const signed = signedOf(request);
  expect(signed.body.account).toBe(7);
  expect(decode(KINDS["delegation.grant"].payload, signed.body.payload)).toEqual({ node: network.nodeId });
  expect(toHex(transactionId(signed.body))).toHaveLength(64);
  expect(JSON.stringify(node.seen)).not.toContain(code);
  const other = encodeRecoveryCode(new Uint8Array(18).fill(4));
  expect((await machine.run(argv, { answers: ["alice", other] })).exitCode).toBe(1);
});

test("signs in with a token from standard input, checks it first and shows it nowhere", async () => {
  await using node = await startFakeNode(common);
  const argv = ["auth", "login", "--host", node.url, "--with-token"];
  expect((await machine.run(argv, { stdin: "guts_wrong\n" })).exitCode).toBe(4);
  expect((await readHosts(machine.configDirectory)).entries.size).toBe(0);
  const { exitCode, stdout, stderr } = await machine.run(argv, { stdin: "guts_new\n" });
  expect(exitCode).toBe(0);
  expect(stdout + stderr).not.toContain("guts_new");
  expect((await machine.run(["auth", "token"])).stdout).toBe("guts_new\n");
});

test("signs in with a password, and ends with 4 for a wrong one", async () => {
  await using node = await startFakeNode(common);
  const argv = ["auth", "login", "--host", node.url, "--login", "alice", "--password-stdin"];
  expect((await machine.run(argv, { stdin: "wrong" })).exitCode).toBe(4);
  expect((await machine.run(argv, { stdin: "correct horse\n" })).exitCode).toBe(0);
  expect(
    (
      await machine.run(["auth", "login", "--host", node.url], {
        answers: ["password", "alice", "correct horse", false],
      })
    ).exitCode,
  ).toBe(0);
});

test("shows every node with the default first, and ends with 1 when a token no longer works", async () => {
  await using good = await startFakeNode(common);
  await using bad = await startFakeNode({
    ...common,
    "GET /api/guts/session": { json: { ...session, account: null } },
  });
  await machine.run(["auth", "login", "--host", good.url, "--with-token"], { stdin: "guts_new" });
  const fine = await machine.run(["auth", "status", "--json=host,login,isSignedIn"]);
  expect(fine).toMatchObject({ exitCode: 0, stdout: `[{"host":"${good.url}","login":"alice","isSignedIn":true}]\n` });
  const missing = await machine.run(["auth", "status", "--host", bad.url], {
    environment: { GUTS_HOST: bad.url, GUTS_TOKEN: "guts_old" },
  });
  expect(missing.exitCode).toBe(1);
  expect(missing.stdout).toContain("no longer valid");
});

test("revokes the token at the node before it forgets it, and forgets it when the node is away", async () => {
  const node = await startFakeNode(common);
  const login = ["auth", "login", "--host", node.url, "--with-token"];
  await machine.run(login, { stdin: "guts_new" });
  expect((await machine.run(["auth", "logout"])).exitCode).toBe(0);
  expect(posted(node.seen, "/api/guts/signout")?.authorization).toBe("Bearer guts_new");
  await machine.run(login, { stdin: "guts_new" });
  await node[Symbol.asyncDispose]();
  expect((await machine.run(["auth", "logout"])).exitCode).toBe(0);
  expect((await readHosts(machine.configDirectory)).entries.size).toBe(0);
});

test("signs up with an invitation, proving it for this handle and root key alone", async () => {
  await using node = await startFakeNode({
    ...common,
    "GET /api/guts/network": { json: { ...network, registration: "invite" } },
  });
  const seed = rootSeedOf(encodeRecoveryCode(new Uint8Array(18).fill(5)));
  const flags = ["--no-password", "--recovery-code-file", "code", "--invitation-file", "-"];
  const argv = ["auth", "signup", "alice", "--host", node.url, ...flags];
  expect((await machine.run(argv, { stdin: "guts-invitation-x" })).exitCode).toBe(1);
  expect((await machine.run(argv, { stdin: encodeInvitation(seed) })).exitCode).toBe(0);
  const payload = decode(KINDS["account.create"].payload, signedOf(posted(node.seen, "/api/guts/signup")).body.payload);
  const message = invitationBytes(parseDigest(fromHex(network.networkId)!)!, payload.handle, payload.rootKey);
  expect(payload.invitation?.key).toEqual(publicKeyOf(seed));
  expect(verifySignature(payload.invitation!.key, message, payload.invitation!.signature)).toBe(true);
});

test("makes an invitation whose private half only its text holds", async () => {
  const code = encodeRecoveryCode(new Uint8Array(18).fill(3));
  const key = { publicKey: toHex(publicKeyOf(rootSeedOf(code))), role: "root", label: null, addedAt: network.time };
  const outcome = { outcome: "applied", transactionId: "ab", height: 9, rejection: null, untilTime: null };
  await using node = await startFakeNode({
    ...common,
    "GET /api/v3/users/alice": { json: { id: 7 } },
    "GET /api/guts/accounts/alice/keys": { json: [key] },
    "POST /api/guts/transactions": { json: outcome },
  });
  await machine.run(["auth", "login", "--host", node.url, "--with-token"], { stdin: "guts_new" });
  const { stdout } = await machine.run(["auth", "invite", "-e", "3", "--recovery-code-file", "-"], { stdin: code });
  const payload = decode(
    KINDS["network-invitation.create"].payload,
    signedOf(posted(node.seen, "/api/guts/transactions")).body.payload,
  );
  expect(payload.key).toEqual(publicKeyOf(parseInvitation(stdout)!));
  expect(payload.expiresTime).toBe(Date.parse(network.time) + 3 * 24 * 60 * 60_000);
});

test("signs up with a root key made before, from its recovery code or PEM file", async () => {
  await using node = await startFakeNode(common);
  const made = await machine.run(["key", "generate", "--recovery-code-file", "code", "--key-file", "root.pem"]);
  for (const file of ["code", "root.pem"]) {
    const argv = ["auth", "signup", "alice", "--host", node.url, "--no-password", "--root-key", file];
    expect((await machine.run(argv)).exitCode).toBe(0);
    const signed = signedOf(node.seen.findLast(({ path }) => path === "/api/guts/signup"));
    const payload = decode(KINDS["account.create"].payload, signed.body.payload);
    expect(`${toHex(payload.rootKey)}\n`).toBe(made.stdout);
    expect((await machine.run([...argv, "--key-file", "x"])).exitCode).toBe(2);
  }
});
