import {
  findKind,
  idempotencyKeyOfProof,
  sessionProofLength,
  signedTransactionCodec,
  transactionBodyCodec,
} from "@guts/ledger";
import { decode, inDomain, encode, publicKeyOf, rootSeedOf, verifySignature } from "@guts/primitives";
import { describe, expect, it } from "vitest";

import { createRecoveryCode } from "./recovery.ts";
import { signAccountCreation, signDelegation, SigningError, signUndelegation } from "./signing.ts";

const network = { networkId: "ab".repeat(32), height: 12, time: "2026-11-20T12:00:00Z", nodeId: "cd".repeat(32) };
const code = createRecoveryCode();

function open(envelope: string) {
  const { body, authorization } = decode(signedTransactionCodec, Uint8Array.from(Buffer.from(envelope, "base64")));
  const { name, kind } = findKind(body.kind)!;
  const isSigned =
    authorization.type === "key" &&
    verifySignature(
      authorization.publicKey,
      inDomain("authorize", encode(transactionBodyCodec, body)),
      authorization.signature,
    );
  return { body, authorization, name, payload: decode(kind.payload, body.payload), isSigned };
}

describe("signAccountCreation", () => {
  it("carries the handle, the root key and this node, signed by the root key", () => {
    const rootKey = publicKeyOf(rootSeedOf(code));
    const opened = open(signAccountCreation(network, code, "alice").envelope);
    expect(opened).toMatchObject({
      name: "account.create",
      isSigned: true,
      body: { account: 0 },
      payload: { handle: "alice", rootKey, homeNode: network.nodeId },
      authorization: { type: "key", publicKey: rootKey },
    });
  });

  it("never makes the same statement twice", () => {
    expect(signAccountCreation(network, code, "alice").envelope).not.toBe(
      signAccountCreation(network, code, "alice").envelope,
    );
  });

  it("is brought by its signer alone: the idempotency key is the digest of a proof that is not in it", () => {
    const { envelope, proof } = signAccountCreation(network, code, "alice");
    const secret = Uint8Array.from(Buffer.from(proof, "base64"));
    expect(secret).toHaveLength(sessionProofLength);
    expect(open(envelope).body.idempotencyKey).toEqual(idempotencyKeyOfProof(secret));
    expect(Buffer.from(envelope, "base64").includes(Buffer.from(secret))).toBe(false);
  });

  it("refuses a handle that the ledger would not take", () => {
    expect(() => signAccountCreation(network, code, "not a handle")).toThrow(SigningError);
  });
});

describe("delegations", () => {
  it("are granted to and taken from the node that is named", () => {
    expect(open(signDelegation(network, code, 7).envelope)).toMatchObject({
      name: "delegation.grant",
      isSigned: true,
      body: { account: 7 },
      payload: { node: network.nodeId },
    });
    const other = "ef".repeat(32);
    expect(open(signUndelegation(network, code, 7, other))).toMatchObject({
      name: "delegation.revoke",
      isSigned: true,
      payload: { node: other },
    });
  });
});
