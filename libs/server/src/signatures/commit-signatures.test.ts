import { commitAddressOf, type ForgeState } from "@guts/ledger";
import type { Digest, ObjectId } from "@guts/primitives";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { readArmor } from "../openpgp/armor.ts";
import { gpgSigned } from "../testing/gpg-keys.fixture.ts";
import { TestNode, type TestAccount } from "../testing/test-node.fixture.ts";
import { CommitSignatures, type SignedObject } from "./commit-signatures.ts";

/** The network of the committed fixtures, in which account 1 signed. */
const networkId = new Uint8Array(32).fill(0xab) as Digest;
const bytes = (text: string) => Buffer.from(text, "latin1");
let node: TestNode;
let ada: TestAccount;
let eve: TestAccount;
let signatures: CommitSignatures;
let state: ForgeState;
const address = () => commitAddressOf(networkId, ada);

beforeAll(async () => {
  node = await TestNode.start();
  [ada, eve] = [await node.signUp("ada"), await node.signUp("eve")];
  expect(ada.id).toBe(1);
  for (const { armored } of Object.values(gpgSigned)) await addKey(armored);
  state = node.ledger.state();
  signatures = new CommitSignatures({ ledger: { networkId }, clock: { nowMs: () => Date.now() } });
});
afterAll(() => node[Symbol.asyncDispose]());

async function addKey(armored: string): Promise<void> {
  const key = readArmor(armored);
  if (typeof key === "string") throw new TypeError(key);
  const command = { kind: "gpg-key.add", payload: { key, title: "k" } } as const;
  const body = { envelope: node.sign(command, ada.id, ada.seed) };
  expect((await ada.client.call("POST /api/guts/transactions", { body })).outcome).toBe("applied");
}

function objectOf(
  { id, payload, signature }: { readonly id: string; readonly payload: string; readonly signature: string },
  changes: Partial<SignedObject> & { readonly text?: string; readonly payload?: string } = {},
): SignedObject {
  const { text = signature, payload: signed = payload, ...rest } = changes;
  return { id: id as ObjectId, signature: { text, payload: bytes(signed) }, address: address(), ...rest };
}

describe.each(["ed25519", "rsa", "ecdsa"] as const)("what an OpenPGP key of %s signed", (algorithm) => {
  const { commit, tag } = gpgSigned[algorithm];

  test.each([
    ["commit", commit],
    ["tag", tag],
  ] as const)("is verified: a %s", (_what, signed) => {
    const verdict = signatures.verdictOn(state, objectOf(signed));
    expect(verdict).toMatchObject({ reason: "valid", format: "openpgp", signer: { id: ada.id } });
    expect(verdict.key).toMatch(/^[0-9A-F]{16}$/);
    expect(signatures.verdictOn(state, objectOf(signed))).toEqual(verdict);
  });

  test("does not hold for another text, and not for another's commits", () => {
    const id = "2".repeat(40) as ObjectId;
    const altered = objectOf(commit, { id, payload: commit.payload.replace("signed", "forged") });
    expect(signatures.verdictOn(state, altered)).toMatchObject({ reason: "invalid", signer: undefined });
    const theirs = objectOf(commit, { address: commitAddressOf(networkId, eve) });
    expect(signatures.verdictOn(state, theirs).reason).toBe("unknown_key");
    expect(signatures.verdictOn(state, objectOf(commit, { address: "ada@example.org" })).reason).toBe("no_user");
  });
});

test.each([
  ["unsigned", undefined],
  ["unknown_signature_type", "-----BEGIN SIGNED MESSAGE-----\nMIIB\n-----END SIGNED MESSAGE-----\n"],
  ["unknown_signature_type", "hello"],
  ["malformed_signature", "-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n"],
  ["malformed_signature", gpgSigned.ed25519.commit.signature.repeat(2)],
  ["malformed_signature", "-----BEGIN SSH SIGNATURE-----\nAAAA\n-----END SSH SIGNATURE-----\n"],
])("is %s: %j", (reason, text) => {
  const signature = text === undefined ? undefined : { text, payload: bytes("x") };
  const id = "3".repeat(40) as ObjectId;
  expect(signatures.verdictOn(state, { id, signature, address: address() }).reason).toBe(reason);
});

test("of an object too large to be read whole nothing is said", () => {
  const { commit } = gpgSigned.rsa;
  const signature = { text: commit.signature, payload: undefined };
  expect(signatures.verdictOn(state, objectOf(commit, { signature })).reason).toBe("gpgverify_error");
});

test("a signature with a changed number never holds, and never throws", () => {
  const { commit } = gpgSigned.ed25519;
  const lines = commit.signature.split("\n");
  // Behind the number there are the checksum, the end and nothing.
  const line = lines.length - 4;
  const base64 = lines[line]!;
  for (let at = 0; at < base64.length; at++) {
    const other = base64[at] === "A" ? "B" : "A";
    const text = lines.with(line, base64.slice(0, at) + other + base64.slice(at + 1)).join("\n");
    const id = at.toString(16).padStart(40, "4") as ObjectId;
    const { reason } = signatures.verdictOn(state, objectOf(commit, { id, text }));
    expect(["invalid", "malformed_signature", "unknown_signature_type", "unknown_key"]).toContain(reason);
  }
});
