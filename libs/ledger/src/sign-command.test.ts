import { decode, nodeIdOf, parseHandle, parsePrivateSeed, publicKeyOf, toHex } from "@guts/primitives";
import { expect, test } from "vitest";

import { accountCreate } from "./kinds/accounts.ts";
import { signCommand } from "./sign-command.ts";
import { admitTransaction, signedTransactionCodec, verifyEnvelope } from "./transaction.ts";

const seed = parsePrivateSeed(new Uint8Array(32).fill(7))!;
const terms = {
  networkId: "ab".repeat(32),
  height: 5,
  timeMs: 1_000_000,
  account: 0,
  idempotencyKey: new Uint8Array(16).fill(1),
};
const command = {
  kind: "account.create",
  payload: {
    handle: parseHandle("ada")!,
    rootKey: publicKeyOf(seed),
    deviceKey: undefined,
    homeNode: undefined,
    invitation: undefined,
  },
} as const;

test("makes bytes that a node can decode, admit and verify", () => {
  const signed = decode(signedTransactionCodec, signCommand(command, terms, seed));
  expect(toHex(signed.body.networkId)).toBe(terms.networkId);
  expect(decode(accountCreate.payload, signed.body.payload)).toEqual(command.payload);
  expect(signed.body.expiresTime).toBeGreaterThan(terms.timeMs);
  const nodeSeed = parsePrivateSeed(new Uint8Array(32).fill(9))!;
  expect(verifyEnvelope(admitTransaction(signed, nodeIdOf(publicKeyOf(nodeSeed)), nodeSeed))).toBe(true);
});

test("refuses a network id that is none", () => {
  expect(() => signCommand(command, { ...terms, networkId: "main" }, seed)).toThrow(RangeError);
});
