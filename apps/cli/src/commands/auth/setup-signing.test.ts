import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { kindOf, signedTransactionCodec, type PayloadOf } from "@guts/ledger";
import { decode, encodeRecoveryCode, publicKeyOf, rootSeedOf, sshBlobOf, toHex } from "@guts/primitives";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { PreparedAnswer, SeenRequest } from "../../testing/fake-node.ts";
import { signedInNode } from "../../testing/signed-in.ts";
import { createTestMachine, type TestMachine } from "../../testing/test-platform.ts";
import { fingerprintOf } from "../key/fingerprint.ts";
import { parsePublicKeyText } from "../key/public-key-text.ts";

let machine: TestMachine;
let file: string;
beforeEach(async () => {
  machine = await createTestMachine();
  mkdirSync(join(machine.home, ".ssh"));
  file = join(machine.home, ".ssh", "id_ed25519");
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "laptop", "-f", file]);
});
afterEach(async () => await machine[Symbol.asyncDispose]());

const code = encodeRecoveryCode(new Uint8Array(18).fill(7));
const rootKey = publicKeyOf(rootSeedOf(code));
const nodeId = "cd".repeat(32);
const time = "2026-11-20T12:00:00.000Z";
const network = {
  networkId: "ab".repeat(32),
  height: 5,
  time,
  nodeId,
  nodes: [{ nodeId }, { nodeId: "ef".repeat(32) }],
};
const kindOfBody = ({ body }: SeenRequest) => signedOf(body).body.kind;

/** A node that has no such key yet, or one that another node registered. */
function answers(isRegistered: boolean): Readonly<Record<string, PreparedAnswer>> {
  const keys = [{ publicKey: toHex(rootKey), role: "root", label: "root key", addedAt: time, addedHeight: 1 }];
  return {
    "GET /api/guts/network": { json: network },
    "GET /api/v3/user": { json: { login: "alice" } },
    "GET /api/v3/users/alice": { json: { id: 7 } },
    "GET /api/guts/accounts/alice/keys": { json: keys },
    "POST /api/guts/transactions": (request) =>
      kindOfBody(request) === kindOf("ssh-key.remove").tag && !isRegistered
        ? { status: 404, json: { message: "Not Found" } }
        : { json: { outcome: "applied", height: 6, transactionId: "00", rejection: null, untilTime: null } },
  };
}

function signedOf(body: unknown) {
  const { envelope } = body as { readonly envelope: string };
  return decode(signedTransactionCodec, Uint8Array.from(Buffer.from(envelope, "base64")));
}

const setUp = (...args: readonly string[]) =>
  machine.run(["auth", "setup-signing", ...args, "--recovery-code-file", "-"], { stdin: code });
const configured = (name: string) =>
  execFileSync("git", ["config", "--global", "--get", name], { env: machine.environment }).toString().trim();
const keyOfFile = () => parsePublicKeyText(readFileSync(`${file}.pub`, "utf8"))!.key;

test.each([false, true])(
  "registers the device's key under the root key, also when a node had it: %s",
  async (isThere) => {
    await using node = await signedInNode(machine, answers(isThere));
    const { exitCode, stderr } = await setUp();
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining(fingerprintOf(keyOfFile()))]);
    const [removed, added] = node.seen.filter(({ method }) => method === "POST").map(({ body }) => signedOf(body));
    expect(removed?.body.kind).toBe(kindOf("ssh-key.remove").tag);
    expect(added?.authorization).toMatchObject({ type: "key", publicKey: rootKey });
    const payload = decode(kindOf("ssh-key.add").payload, added!.body.payload) as PayloadOf<"ssh-key.add">;
    expect(payload).toMatchObject({
      blob: sshBlobOf(keyOfFile()),
      title: "laptop",
      audience: [nodeId, "ef".repeat(32)],
    });
    expect(["gpg.format", "user.signingKey", "push.gpgSign"].map(configured)).toEqual([
      "ssh",
      `${file}.pub`,
      "if-asked",
    ]);
  },
);

test("does not replace another signing key unasked, and asks nobody for git alone", async () => {
  await using node = await signedInNode(machine, {});
  execFileSync("git", ["config", "--global", "user.signingKey", "other"], { env: machine.environment });
  expect((await machine.run(["auth", "setup-signing", "--git-only"])).exitCode).toBe(2);
  expect(configured("user.signingKey")).toBe("other");
  expect((await machine.run(["auth", "setup-signing", "--git-only", "--yes"])).exitCode).toBe(0);
  expect(configured("user.signingKey")).toBe(`${file}.pub`);
  expect(node.seen).toHaveLength(0);
});

test("leaves git as it is when the network does not take the key, or there is none", async () => {
  const refused = { status: 422, json: { message: "Validation Failed" } };
  await using node = await signedInNode(machine, { ...answers(true), "POST /api/guts/transactions": refused });
  expect((await setUp()).exitCode).not.toBe(0);
  expect(node.seen.some(({ method }) => method === "POST")).toBe(true);
  expect((await setUp("nowhere.pub")).stderr).toContain("ssh-keygen -t ed25519");
  writeFileSync(join(machine.home, "rsa.pub"), "ssh-rsa AAAA\n");
  expect((await setUp("rsa.pub")).stderr).toContain("no Ed25519 key");
  expect(() => configured("gpg.format")).toThrow();
});
