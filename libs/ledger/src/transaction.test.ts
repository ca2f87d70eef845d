import { describe, expect, test } from "vitest";
import { encode, equalBytes, toHex, utf8, type Signature } from "@guts/primitives";
import { Scenario } from "../test/scenario.ts";
import { decodeEnvelope } from "./block.ts";
import {
  commandDigest,
  credentialIdOf,
  envelopeCodec,
  transactionId,
  verifyEnvelope,
  type Envelope,
} from "./transaction.ts";

function envelopes(): { readonly byKey: Envelope; readonly byToken: Envelope } {
  const scenario = new Scenario();
  const ada = scenario.signUp();
  const token = scenario.token(ada);
  const payload = scenario.repositoryPayload(ada, "r");
  const envelopeBy = (by: ReturnType<Scenario["root"]>) => {
    const command = scenario.commandOf("repository.create", payload, by);
    return decodeEnvelope(
      scenario.ledger.envelopeOf(command, scenario.ledger.bodyOf(command, 1_700_000_100_000 as never)),
    )!;
  };
  return { byKey: envelopeBy(scenario.root(ada)), byToken: envelopeBy(token) };
}

describe("an envelope", () => {
  const { byKey, byToken } = envelopes();
  const swapped = (signature: Signature) =>
    signature.map((byte, index) => (index === 40 ? byte ^ 1 : byte)) as Signature;

  test("holds with the signatures of its key and its node", () => {
    expect([verifyEnvelope(byKey), verifyEnvelope(byToken)]).toEqual([true, true]);
  });

  test("does not hold with any part changed", () => {
    const { body, authorization, admission } = byKey;
    if (authorization.type !== "key") throw new RangeError("signed by a key");
    const changed: readonly Envelope[] = [
      { ...byKey, body: { ...body, account: body.account + 1 } },
      { ...byKey, body: { ...body, kind: body.kind + 1 } },
      { ...byKey, body: { ...body, payload: new Uint8Array() } },
      { ...byKey, authorization: { ...authorization, signature: swapped(authorization.signature) } },
      { ...byKey, authorization: { type: "delegation" } },
      { ...byKey, authorization: byToken.authorization },
      { ...byKey, admission: { ...admission, signature: swapped(admission.signature) } },
      { ...byKey, admission: { ...admission, node: "ab".repeat(32) as never } },
      { ...byToken, authorization: { type: "delegation" } },
      { ...byToken, admission },
    ];
    expect(changed.map(verifyEnvelope)).toEqual(changed.map(() => false));
  });

  test("has the id of its body, whoever authorizes and admits it", () => {
    expect(transactionId({ ...byKey.body })).toEqual(transactionId(byKey.body));
    expect(equalBytes(transactionId(byKey.body), transactionId(byToken.body))).toBe(false);
    expect(toHex(transactionId(byKey.body))).not.toBe(toHex(commandDigest(byKey.body)));
    expect(commandDigest(byKey.body)).toEqual(commandDigest(byToken.body));
  });

  test("with an authorization of later rules is refused in bytes", () => {
    const bytes = encode(envelopeCodec, byToken);
    const at = bytes.length - 32 - 64 - 33;
    expect(bytes[at]).toBe(5);
    for (const tag of [0, 3, 4, 7, 255]) expect(decodeEnvelope(bytes.with(at, tag))).toBeUndefined();
  });
});

test("a credential's id is not the plain hash of its secret", () => {
  const id = credentialIdOf(utf8("guts_secret"));
  expect(id).toHaveLength(32);
  expect(toHex(id)).not.toBe(toHex(credentialIdOf(utf8("guts_secret "))));
});
