import { generateKeyPairSync } from "node:crypto";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { concatBytes, utf8 } from "./bytes.ts";
import { parsePrivateSeed, publicKeyOf } from "./signature.ts";
import { parseSshPublicKey, sshBlobOf, sshKeyBlobBytesMax } from "./ssh-public-key.ts";

const string = (bytes: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of(0, 0, bytes.length >> 8, bytes.length & 255), bytes);
const blobOf = (type: string, ...fields: Uint8Array[]): Uint8Array =>
  concatBytes(...[utf8(type), ...fields].map(string));
const fromUrl = (text: string | undefined): Uint8Array => Uint8Array.from(Buffer.from(text ?? "", "base64url"));
const mpint = (bytes: Uint8Array): Uint8Array => (bytes[0]! >= 128 ? concatBytes(Uint8Array.of(0), bytes) : bytes);

const seed = parsePrivateSeed(new Uint8Array(32).fill(7))!;

function rsa(bits: number) {
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  const { n, e } = publicKey.export({ format: "jwk" });
  return { modulus: mpint(fromUrl(n)), exponent: mpint(fromUrl(e)) };
}

function ecdsa(curve: "P-256" | "P-384" | "P-521") {
  const { publicKey } = generateKeyPairSync("ec", { namedCurve: curve });
  const { x, y } = publicKey.export({ format: "jwk" });
  const id = `nistp${curve.slice(2)}`;
  return { id, point: concatBytes(Uint8Array.of(4), fromUrl(x), fromUrl(y)) };
}

describe("a public key of OpenSSH", () => {
  test("of Ed25519 is its 32 bytes", () => {
    const key = publicKeyOf(seed);
    expect(parseSshPublicKey(sshBlobOf(key))).toEqual({ type: "ssh-ed25519", bits: 256, key });
    expect(parseSshPublicKey(blobOf("ssh-ed25519", key.subarray(1)))).toBe("malformed");
    expect(parseSshPublicKey(blobOf("ssh-ed25519", key, key))).toBe("malformed");
  });

  test.each(["P-256", "P-384", "P-521"] as const)("of ECDSA is a point of %s", (curve) => {
    const { id, point } = ecdsa(curve);
    const type = `ecdsa-sha2-${id}`;
    expect(parseSshPublicKey(blobOf(type, utf8(id), point))).toEqual({ type, bits: Number(curve.slice(2)) });
    const off = Uint8Array.from(point);
    off[off.length - 1]! ^= 1;
    expect(parseSshPublicKey(blobOf(type, utf8(id), off))).toBe("malformed");
    expect(parseSshPublicKey(blobOf(type, utf8("nistp224"), point))).toBe("malformed");
    expect(parseSshPublicKey(blobOf(type, utf8(id), point.subarray(0, -1)))).toBe("malformed");
  });

  test("of RSA has 2048 bits or more", () => {
    const { modulus, exponent } = rsa(2_048);
    expect(parseSshPublicKey(blobOf("ssh-rsa", exponent, modulus))).toEqual({ type: "ssh-rsa", bits: 2_048 });
    const short = concatBytes(Uint8Array.of(0x7f), modulus.subarray(2));
    expect(parseSshPublicKey(blobOf("ssh-rsa", exponent, short))).toBe("weak");
    const even = Uint8Array.from(modulus);
    even[even.length - 1]! &= 254;
    expect(parseSshPublicKey(blobOf("ssh-rsa", exponent, even))).toBe("malformed");
    expect(parseSshPublicKey(blobOf("ssh-rsa", Uint8Array.of(1), modulus))).toBe("malformed");
  });

  test("has one blob: numbers are as short as they can be, and nothing follows", () => {
    const { modulus, exponent } = rsa(2_048);
    expect(parseSshPublicKey(blobOf("ssh-rsa", concatBytes(Uint8Array.of(0), exponent), modulus))).toBe("malformed");
    expect(parseSshPublicKey(blobOf("ssh-rsa", exponent, modulus.subarray(1)))).toBe("malformed");
    expect(parseSshPublicKey(concatBytes(sshBlobOf(publicKeyOf(seed)), Uint8Array.of(0)))).toBe("malformed");
  });

  test("of another type is refused, with a word for those that are weak", () => {
    expect(parseSshPublicKey(blobOf("ssh-dss", utf8("x")))).toBe("weak");
    expect(parseSshPublicKey(blobOf("sk-ssh-ed25519@openssh.com", utf8("x")))).toBe("unsupported");
    expect(parseSshPublicKey(new Uint8Array())).toBe("malformed");
  });

  test("is at most 2 KiB long", () => {
    const { exponent } = rsa(2_048);
    const room = sshKeyBlobBytesMax - blobOf("ssh-rsa", exponent, new Uint8Array()).length;
    const modulus = new Uint8Array(room).fill(0x7f);
    expect(parseSshPublicKey(blobOf("ssh-rsa", exponent, modulus))).toEqual({ type: "ssh-rsa", bits: 8 * room - 1 });
    const longer = new Uint8Array(room + 1).fill(0x7f);
    expect(parseSshPublicKey(blobOf("ssh-rsa", exponent, longer))).toBe("malformed");
  });

  test("never throws, whatever the bytes", () => {
    const near = fc.tuple(
      fc.constantFrom("ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ssh-dss", ""),
      fc.array(fc.uint8Array({ maxLength: 70 }), { maxLength: 5 }),
    );
    fc.assert(fc.property(near, ([type, fields]) => void parseSshPublicKey(blobOf(type, ...fields))));
    fc.assert(fc.property(fc.uint8Array({ maxLength: 2_100 }), (bytes) => void parseSshPublicKey(bytes)));
  });
});
