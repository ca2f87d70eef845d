import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

import { gpgKeyFacts, gpgKeyText, revokedKeyText, rsaKeyText } from "../testing/gpg-keys.fixture.ts";
import { readArmor, writeArmor } from "./armor.ts";
import { openPgpLimits } from "./limits.ts";
import { readPublicKey, type OpenPgpPublicKey } from "./public-key.ts";

const packetsOf = (text: string): Uint8Array => {
  const packets = readArmor(text);
  if (typeof packets === "string") throw new TypeError(packets);
  return packets;
};
const keyOf = (text: string): OpenPgpPublicKey => {
  const key = readPublicKey(packetsOf(text));
  if (typeof key === "string") throw new TypeError(key);
  return key;
};

describe("a public key of OpenPGP", () => {
  test("says whose it is, until when, and what it and its subkeys are for", () => {
    const key = keyOf(gpgKeyText);
    expect(key).toMatchObject({
      keyId: gpgKeyFacts.keyId,
      emails: [gpgKeyFacts.email],
      expiresMs: Date.parse(gpgKeyFacts.expiresAt),
      isRevoked: false,
      canSign: true,
      canCertify: true,
      canEncryptComms: false,
    });
    expect(key.subkeys).toMatchObject([
      {
        keyId: gpgKeyFacts.subkeyId,
        canSign: false,
        canEncryptComms: true,
        canEncryptStorage: true,
        expiresMs: undefined,
      },
    ]);
  });

  test("of RSA signs by a subkey that says itself whose it is; a revoked user id counts no more", () => {
    const key = keyOf(rsaKeyText);
    expect(key).toMatchObject({ canSign: false, canCertify: true, emails: ["rosa@example.org"], expiresMs: undefined });
    expect(key.subkeys).toMatchObject([{ canSign: true, expiresMs: expect.any(Number) as number }]);
  });

  test("of a NIST curve is revoked when it says so", () => {
    expect(keyOf(revokedKeyText)).toMatchObject({ isRevoked: true, emails: ["nist@example.org"] });
  });

  test("is bound by its own signature alone: a changed user id or creation is none of its", () => {
    const packets = packetsOf(gpgKeyText);
    const at = Buffer.from(packets).indexOf("ada@example.org");
    const changed = packets.with(at, "e".codePointAt(0)!);
    expect(readPublicKey(changed)).toBe("unbound");
    expect(readPublicKey(packets.with(6, packets[6]! ^ 1))).toBe("unbound");
  });

  test("is one and whole", () => {
    const packets = packetsOf(gpgKeyText);
    expect(readPublicKey(Buffer.concat([packets, packets]))).toBe("malformed");
    expect(readPublicKey(packets.subarray(0, -1))).toBe("malformed");
    expect(readPublicKey(packets.subarray(packets.length - 60))).toBe("malformed");
    expect(readPublicKey(new Uint8Array())).toBe("malformed");
  });

  test("of an algorithm that is not known here is refused as such", () => {
    const dsa = Uint8Array.of(0xc6, 6, 4, 0, 0, 0, 1, 17);
    expect(readPublicKey(dsa)).toBe("unsupported");
    expect(readPublicKey(dsa.with(2, 3))).toBe("unsupported");
  });
});

describe("armor", () => {
  test("is read with headers, line ends of every system and text around it, and written again", () => {
    const packets = packetsOf(gpgKeyText);
    const withHeader = gpgKeyText.replace("BLOCK-----\n", "BLOCK-----\nComment: mine\n").replaceAll("\n", "\r\n");
    expect(packetsOf(`hello\r\n${withHeader}bye`)).toEqual(packets);
    expect(packetsOf(writeArmor(packets))).toEqual(packets);
  });

  test.each([
    ["", "malformed"],
    [gpgKeyText.replace("END PGP", "END"), "malformed"],
    ["-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nAAAA\n-----END PGP PRIVATE KEY BLOCK-----", "private"],
    ["x".repeat(openPgpLimits.armorLengthMax + 1), "too-large"],
  ])("refuses what is none", (text, refusal) => expect(readArmor(text)).toBe(refusal));
});

describe("hostile bytes", () => {
  test("are read without a throw, whatever they are", () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void readPublicKey(bytes)));
    fc.assert(fc.property(fc.string(), (text) => void readArmor(text)));
  });

  test("of a key with some bytes changed, too", () => {
    const texts = [gpgKeyText, rsaKeyText, revokedKeyText].map(packetsOf);
    fc.assert(
      fc.property(fc.nat(2), fc.array(fc.tuple(fc.nat(5_000), fc.nat(255)), { maxLength: 4 }), (which, changes) => {
        const bytes = Uint8Array.from(texts[which]!);
        for (const [at, value] of changes) bytes[at % bytes.length] = value;
        void readPublicKey(bytes);
      }),
    );
  });
});
