import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from "node:crypto";

import { describe, expect, test } from "vitest";

import { createChallenges } from "./challenges.ts";
import { passkeyOrigins, verifyAssertion, verifyRegistration } from "./webauthn.ts";

const origin = "https://git.example.org";
const id = randomBytes(20);
const sha256 = (bytes: Uint8Array | string): Buffer => createHash("sha256").update(bytes).digest();
const { publicKey, privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const spki = (key: KeyObject): Buffer => key.export({ format: "der", type: "spki" });

interface Facts {
  readonly rpId?: string;
  readonly flags?: number;
  readonly signCount?: number;
}

function authenticatorData(
  { rpId = "git.example.org", flags = 0x05, signCount = 1 }: Facts,
  credential?: Buffer,
): Buffer {
  const fixed = Buffer.alloc(37);
  sha256(rpId).copy(fixed);
  fixed.writeUInt8(credential === undefined ? flags : flags | 0x40, 32);
  fixed.writeUInt32BE(signCount, 33);
  if (credential === undefined) return fixed;
  const length = Buffer.alloc(2);
  length.writeUInt16BE(credential.length);
  return Buffer.concat([fixed, Buffer.alloc(16), length, credential, Buffer.from([0xa0])]);
}

const clientData = (fields: object = {}): Buffer =>
  Buffer.from(JSON.stringify({ type: "webauthn.create", challenge: "right", origin, crossOrigin: false, ...fields }));
const ceremony = { origins: [origin], takeChallenge: (challenge: string) => challenge === "right" };

describe("a registration", () => {
  const registration = (client: object = {}, facts: Facts = {}, key: Uint8Array = spki(publicKey)) =>
    verifyRegistration(
      { id, clientData: clientData(client), authenticatorData: authenticatorData(facts, id), publicKey: key },
      ceremony,
    );

  test("is taken when all of it is right", () => {
    expect(registration()).toEqual({ outcome: "verified", signCount: 1, isBackedUp: false });
    expect(registration({}, { flags: 0x1d })).toMatchObject({ isBackedUp: true });
    expect(registration({}, {}, spki(generateKeyPairSync("ed25519").publicKey))).toMatchObject({ outcome: "verified" });
  });

  test.each([
    ["another ceremony", { type: "webauthn.get" }, {}, "wrong-type"],
    ["another challenge", { challenge: "wrong" }, {}, "wrong-challenge"],
    ["another site", { origin: "https://git.example.org.evil.example" }, {}, "wrong-origin"],
    ["another scheme", { origin: "http://git.example.org" }, {}, "wrong-origin"],
    ["another port", { origin: "https://git.example.org:444" }, {}, "wrong-origin"],
    ["a frame in another site", { crossOrigin: true }, {}, "wrong-origin"],
    ["a parent domain's key", {}, { rpId: "example.org" }, "wrong-relying-party"],
    ["nobody verified", {}, { flags: 0x01 }, "user-not-verified"],
    ["nobody present", {}, { flags: 0x04 }, "user-not-verified"],
  ])("is refused for %s", (_what, client, facts, reason) => {
    expect(registration(client, facts)).toEqual({ outcome: "refused", reason });
  });

  test.each([
    ["secp256k1", generateKeyPairSync("ec", { namedCurve: "secp256k1" }).publicKey],
    ["a short RSA key", generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey],
    ["x25519", generateKeyPairSync("x25519").publicKey],
  ])("is refused for %s", (_what, key) => {
    expect(registration({}, {}, spki(key))).toEqual({ outcome: "refused", reason: "key-unsupported" });
  });

  test("is refused when it names another credential, or is cut", () => {
    const whole = {
      id,
      clientData: clientData(),
      authenticatorData: authenticatorData({}, id),
      publicKey: spki(publicKey),
    };
    const malformed = { outcome: "refused", reason: "malformed" };
    expect(verifyRegistration({ ...whole, id: randomBytes(20) }, ceremony)).toEqual(malformed);
    for (let length = 0; length < 55 + id.length; length++) {
      const cut = whole.authenticatorData.subarray(0, length);
      expect(verifyRegistration({ ...whole, authenticatorData: cut }, ceremony)).toEqual(malformed);
    }
    expect(verifyRegistration({ ...whole, clientData: Buffer.from("[") }, ceremony)).toEqual(malformed);
    expect(verifyRegistration({ ...whole, clientData: Buffer.from([0xff]) }, ceremony)).toEqual(malformed);
  });
});

describe("an assertion", () => {
  const assertion = (facts: Facts = {}, signer: KeyObject = privateKey, storedCount = 0) => {
    const client = clientData({ type: "webauthn.get" });
    const data = authenticatorData(facts);
    const hash = signer.asymmetricKeyType === "ed25519" ? null : "sha256";
    const signature = sign(hash, Buffer.concat([data, sha256(client)]), signer);
    const known = { publicKey: spki(publicKey), signCount: storedCount };
    return verifyAssertion({ id, clientData: client, authenticatorData: data, signature }, known, ceremony);
  };

  test("is taken with the right key, and tells its counter", () => {
    expect(assertion({ signCount: 7 }, privateKey, 6)).toEqual({ outcome: "verified", signCount: 7 });
    expect(assertion({ signCount: 0 })).toEqual({ outcome: "verified", signCount: 0 });
  });

  test("is refused with another key", () => {
    const other = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
    expect(assertion({}, other)).toEqual({ outcome: "refused", reason: "wrong-signature" });
  });

  test.each([
    [6, 6],
    [5, 6],
    [0, 6],
  ])("is refused when the counter says %i after %i", (signCount, stored) => {
    expect(assertion({ signCount }, privateKey, stored)).toEqual({ outcome: "refused", reason: "counter-went-back" });
  });

  test("is refused when nobody was verified", () => {
    expect(assertion({ flags: 0x01 })).toEqual({ outcome: "refused", reason: "user-not-verified" });
  });

  test("ed25519 and RSA keys sign too", () => {
    for (const pair of [generateKeyPairSync("ed25519"), generateKeyPairSync("rsa", { modulusLength: 2048 })]) {
      const client = clientData({ type: "webauthn.get" });
      const data = authenticatorData({});
      const hash = pair.privateKey.asymmetricKeyType === "ed25519" ? null : "sha256";
      const signature = sign(hash, Buffer.concat([data, sha256(client)]), pair.privateKey);
      const known = { publicKey: spki(pair.publicKey), signCount: 0 };
      const given = { id, clientData: client, authenticatorData: data, signature };
      expect(verifyAssertion(given, known, ceremony)).toMatchObject({ outcome: "verified" });
    }
  });
});

describe("a challenge", () => {
  const random = (length: number): Uint8Array => randomBytes(length);

  test("is good once, for its purpose and its account, and for five minutes", () => {
    let now = 0;
    const challenges = createChallenges(() => now, random);
    const first = challenges.draw("sign-in");
    expect(challenges.take(first, "sign-in")).toBe(true);
    expect(challenges.take(first, "sign-in")).toBe(false);
    expect(challenges.take(challenges.draw("sign-in"), "register")).toBe(false);
    expect(challenges.take(challenges.draw("add", 1), "add", 2)).toBe(false);
    const old = challenges.draw("sign-in");
    now += 300_000;
    expect(challenges.take(old, "sign-in")).toBe(false);
  });
});

test.each([
  ["https://git.example.org", ["https://git.example.org"]],
  ["https://git.example.org:8443", ["https://git.example.org:8443"]],
  ["http://127.0.0.1:3000", ["http://localhost:3000"]],
  ["http://[::1]:3000", ["http://localhost:3000"]],
  ["http://192.0.2.7:3000", []],
  ["http://[2001:db8::1]:3000", []],
])("passkeys of %s are made at %j", (baseUrl, origins) => {
  expect(passkeyOrigins(baseUrl)).toEqual(origins);
});
