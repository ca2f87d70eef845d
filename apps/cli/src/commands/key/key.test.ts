import { execFileSync } from "node:child_process";
import { createPrivateKey, createPublicKey } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { KINDS, possessionBytes, possessionNamespace, provePossession, signedTransactionCodec } from "@guts/ledger";
import {
  decode,
  encodeRecoveryCode,
  fromHex,
  parseDigest,
  parsePrivateSeed,
  publicKeyOf,
  rootSeedOf,
  sshSignedBytes,
  toHex,
  verifySignature,
  type AccountId,
} from "@guts/primitives";
import { afterEach, beforeEach, expect, test } from "vitest";
import { decodeKeyPem, encodeKeyPem } from "../../config/key-file.ts";
import type { PreparedAnswer, SeenRequest } from "../../testing/fake-node.ts";
import { signedInNode } from "../../testing/signed-in.ts";
import { createTestMachine, type TestMachine } from "../../testing/test-platform.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { parsePublicKeyText } from "./public-key-text.ts";

let machine: TestMachine;
beforeEach(async () => {
  machine = await createTestMachine();
});
afterEach(async () => await machine[Symbol.asyncDispose]());

const code = encodeRecoveryCode(new Uint8Array(18).fill(3));
const rootSeed = rootSeedOf(code);
const rootKey = publicKeyOf(rootSeed);
const time = "2026-11-20T11:00:00Z";
const keys = [{ publicKey: toHex(rootKey), role: "root", label: "root key", addedAt: time, addedHeight: 1 }];
const applied = { outcome: "applied", transactionId: "ab", height: 9, rejection: null, untilTime: null };
const answers: Readonly<Record<string, PreparedAnswer>> = {
  "GET /api/guts/network": { json: { networkId: "ab".repeat(32), height: 5, time, nodeId: "cd".repeat(32) } },
  "GET /api/guts/keys": { json: keys },
  "GET /api/v3/users/alice": { json: { id: 7 } },
  "GET /api/guts/accounts/alice/keys": { json: keys },
  "POST /api/guts/transactions": { json: applied },
};

function signedOf(seen: readonly SeenRequest[]) {
  const { envelope } = seen.find(({ method }) => method === "POST")!.body as { envelope: string };
  return decode(signedTransactionCodec, Uint8Array.from(Buffer.from(envelope, "base64")));
}

/** A key that ssh-keygen of OpenSSH 9.2 made, and the fingerprint that it shows for it. */
const sshLine = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIGEc+8L0mBBmntArF0xXPK3HOx1VdpxfzITQvn+lbBI+ laptop of alice";
const sshFingerprint = "SHA256:aq1rEAtdEEp0Ky+QGURw4BC/X20LS9/EaIiSfuo/WsQ";

test("shows the fingerprint that ssh-keygen shows", () => {
  const parsed = parsePublicKeyText(`${sshLine}\n`)!;
  expect(parsed.comment).toBe("laptop of alice");
  expect(fingerprintOf(parsed.key)).toBe(sshFingerprint);
});

test.each([
  "",
  "ssh-rsa AAAA",
  "ssh-ed25519",
  "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA==",
  "-----BEGIN PUBLIC KEY-----\nx",
])("takes %j for no public key", (text) => {
  expect(parsePublicKeyText(text)).toBeUndefined();
});

test("writes the PKCS#8 of RFC 8410, section 10.3, and reads back nothing else", () => {
  const example = "MC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC";
  const pem = `-----BEGIN PRIVATE KEY-----\n${example}\n-----END PRIVATE KEY-----\n`;
  expect(encodeKeyPem(decodeKeyPem(pem)!)).toBe(pem);
  expect(decodeKeyPem(encodeKeyPem(rootSeed))).toEqual(rootSeed);
  expect(decodeKeyPem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----")).toBeUndefined();
});

test("lists keys with their fingerprints", async () => {
  await using node = await signedInNode(machine, answers);
  expect((await machine.run(["key", "list"])).stdout).toBe(`${fingerprintOf(rootKey)}\troot\troot key\t${time}\n`);
  expect(node.seen).toHaveLength(1);
});

const holder = { type: "account", account: 7 as AccountId } as const;
const networkId = parseDigest(fromHex("ab".repeat(32))!)!;

test("adds an SSH key, which signs by ssh-keygen, while the root key of the recovery code signs for the account", async () => {
  await using node = await signedInNode(machine, answers);
  const file = join(machine.home, "id");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "laptop of alice", "-f", file]);
  const { key } = parsePublicKeyText(await readFile(`${file}.pub`, "utf8"))!;
  const { exitCode, stdout } = await machine.run(["key", "add", "id.pub", "--recovery-code-file", "-"], {
    stdin: code,
  });
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${fingerprintOf(key)}\n` });
  const signed = signedOf(node.seen);
  expect(signed.body.account).toBe(7);
  expect(signed.authorization).toMatchObject({ type: "key", publicKey: rootKey });
  const payload = decode(KINDS["key.add"].payload, signed.body.payload);
  expect(payload).toMatchObject({ key, role: "device", label: "laptop of alice", possession: { type: "ssh" } });
  const message = sshSignedBytes(possessionNamespace, possessionBytes(networkId, holder));
  expect(verifySignature(key, message, payload.possession.signature)).toBe(true);
  expect(JSON.stringify(node.seen)).not.toContain(code);
});

test("adds no key whose private half is out of reach, and says where it has to be", async () => {
  await using node = await signedInNode(machine, answers);
  await writeFile(join(machine.home, "lost.pub"), sshLine);
  const publicPem = createPublicKey(createPrivateKey(encodeKeyPem(rootSeed))).export({ format: "pem", type: "spki" });
  await writeFile(join(machine.home, "public.pem"), publicPem);
  for (const file of ["lost.pub", "public.pem", "nowhere.pub"]) {
    const { exitCode, stderr } = await machine.run(["key", "add", file, "--recovery-code-file", "-"], { stdin: code });
    expect(exitCode).toBe(1);
    expect(stderr).toContain(file);
  }
  expect(node.seen.some(({ method }) => method === "POST")).toBe(false);
});

test("adds a key from a PEM file, which signs here", async () => {
  await using node = await signedInNode(machine, answers);
  const seed = parsePrivateSeed(new Uint8Array(32).fill(9))!;
  await writeFile(join(machine.home, "device.pem"), encodeKeyPem(seed));
  const argv = ["key", "add", "device.pem", "--title", "box", "--recovery-code-file", "-"];
  expect((await machine.run(argv, { stdin: code })).exitCode).toBe(0);
  const payload = decode(KINDS["key.add"].payload, signedOf(node.seen).body.payload);
  const possession = provePossession(seed, networkId, holder);
  expect(payload).toEqual({ key: publicKeyOf(seed), role: "device", label: "box", possession });
});

test("makes a key whose private part stays here, in a file of its own", async () => {
  await using node = await signedInNode(machine, answers);
  expect((await machine.run(["key", "add", "--title", "laptop"], { answers: [code] })).exitCode).toBe(0);
  const [file] = await readdir(join(machine.configDirectory, "keys"));
  const seed = decodeKeyPem(await readFile(join(machine.configDirectory, "keys", file!), "utf8"))!;
  const payload = decode(KINDS["key.add"].payload, signedOf(node.seen).body.payload);
  const possession = provePossession(seed, networkId, holder);
  expect(payload).toEqual({ key: publicKeyOf(seed), role: "device", label: "laptop", possession });
});

test("removes the new private key when the network rejects its public part", async () => {
  const rejected = { ...applied, outcome: "rejected", rejection: { code: "key-limit", message: "too many keys" } };
  await using node = await signedInNode(machine, { ...answers, "POST /api/guts/transactions": { json: rejected } });
  const { exitCode, stderr } = await machine.run(["key", "add"], { answers: [code] });
  expect(exitCode).toBe(1);
  expect(stderr).toContain("too many keys");
  expect(await readdir(join(machine.configDirectory, "keys"))).toEqual([]);
  expect(node.seen.length).toBeGreaterThan(0);
});

test("keeps the new private key when the outcome is not known, and says how to learn it", async () => {
  const unknown = { ...applied, outcome: "unknown", transactionId: "beef", untilTime: time };
  await using node = await signedInNode(machine, { ...answers, "POST /api/guts/transactions": { json: unknown } });
  const { exitCode, stderr } = await machine.run(["key", "add"], { answers: [code] });
  expect(exitCode).toBe(1);
  expect(stderr).toContain("beef");
  expect(await readdir(join(machine.configDirectory, "keys"))).toHaveLength(1);
  expect(node.seen.length).toBeGreaterThan(0);
});

test("revokes by fingerprint with the root key in a PEM file", async () => {
  await using node = await signedInNode(machine, answers);
  await writeFile(join(machine.home, "root.pem"), encodeKeyPem(rootSeed), { mode: 0o600 });
  const argv = ["key", "revoke", fingerprintOf(rootKey), "--key-file", "root.pem"];
  expect((await machine.run(argv)).exitCode).toBe(2);
  expect((await machine.run([...argv, "--yes"])).exitCode).toBe(0);
  expect(decode(KINDS["key.revoke"].payload, signedOf(node.seen).body.payload)).toEqual({ key: rootKey });
});

test("signs nothing with a key that is not the account's", async () => {
  await using node = await signedInNode(machine, answers);
  const other = encodeRecoveryCode(new Uint8Array(18).fill(8));
  expect((await machine.run(["key", "add"], { answers: [other] })).exitCode).toBe(1);
  expect((await machine.run(["key", "add"], { answers: ["not a code"] })).exitCode).toBe(130);
  expect((await machine.run(["key", "add"])).exitCode).toBe(2);
  expect(node.seen.some(({ method }) => method === "POST")).toBe(false);
});
