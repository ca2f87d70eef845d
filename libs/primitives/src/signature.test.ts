import { Point } from "@noble/ed25519";
import { sha512 } from "@noble/hashes/sha2.js";
import { describe, expect, test } from "vitest";
import { concatBytes, fromHex, utf8 } from "./bytes.ts";
import { signNatively as signInBrowser } from "./native-crypto.browser.ts";
import { acceptedNatively } from "./native-crypto.node.ts";
import {
  isSoundPublicKey,
  parsePrivateSeed,
  parsePublicKey,
  publicKeyOf,
  signMessage,
  verifySignature,
  type PublicKey,
  type Signature,
} from "./signature.ts";

/** The order of the base point, and the field's prime. */
const L = 2n ** 252n + 27742317777372353535851937790883648493n;
const P = 2n ** 255n - 19n;

const seed = parsePrivateSeed(new Uint8Array(32).fill(42))!;
const honestKey = publicKeyOf(seed);
const honestScalar = secretScalarOf(seed);

/** The eight points of small order, from one of order 8. */
const torsion = pointsOfSmallOrder();
/** Every encoding that ZIP215 reads as a point of small order: 8 canonical ones and 6 others. */
const smallOrderEncodings = encodingsOfSmallOrder();

describe("honest signatures", () => {
  test.each([
    [
      "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
      "",
      "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ],
    [
      "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
      "72",
      "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ],
    [
      "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
      "af82",
      "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ],
  ])("are those of RFC 8032, section 7.1", (seedHex, messageHex, signatureHex) => {
    const vectorSeed = parsePrivateSeed(fromHex(seedHex)!)!;
    const [message, signature] = [fromHex(messageHex)!, fromHex(signatureHex)! as Signature];
    expect(signMessage(vectorSeed, message)).toEqual(signature);
    expect(signInBrowser(vectorSeed, message)).toEqual(signature);
    expect(verifySignature(publicKeyOf(vectorSeed), message, signature)).toBe(true);
  });

  test("hold for their message and key alone", () => {
    const signature = signMessage(seed, utf8("yes"));
    expect(verifySignature(honestKey, utf8("yes"), signature)).toBe(true);
    expect(verifySignature(honestKey, utf8("no"), signature)).toBe(false);
    expect(verifySignature(publicKeyOf(parsePrivateSeed(new Uint8Array(32))!), utf8("yes"), signature)).toBe(false);
  });

  test("are by the seed that the array holds now", () => {
    const reused = parsePrivateSeed(new Uint8Array(32).fill(1))!;
    const message = utf8("x");
    const first = signMessage(reused, message);
    expect(signMessage(reused, message)).toEqual(first);
    reused.fill(2);
    const second = signMessage(reused, message);
    expect(second).not.toEqual(first);
    expect(verifySignature(publicKeyOf(reused), message, second)).toBe(true);
  });

  test("of a wrong length are refused without a throw", () => {
    const signature = signMessage(seed, utf8("yes"));
    expect(verifySignature(honestKey, utf8("yes"), signature.slice(1) as Signature)).toBe(false);
    expect(verifySignature(honestKey.slice(1) as PublicKey, utf8("yes"), signature)).toBe(false);
  });
});

describe("ZIP215", () => {
  test("accepts all 196 pairs of small-order encodings with S = 0", () => {
    expect(smallOrderEncodings).toHaveLength(14);
    const message = utf8("Zcash");
    const accepted = smallOrderEncodings.flatMap((key) =>
      smallOrderEncodings.filter((r) => verifySignature(key as PublicKey, message, signatureOf(r, 0n))),
    );
    expect(accepted).toHaveLength(196);
  });

  test("is decided by the node as by the definition, whatever the native library says", () => {
    let nativeRefusals = 0;
    for (const [what, vector] of oddVectors()) {
      const { key, message, signature } = vector;
      const expected = acceptedByDefinition(key, message, signature);
      expect([what, verifySignature(key, message, signature)]).toEqual([what, expected]);
      const isNative = acceptedNatively(key, message, signature);
      if (isNative) expect([what, expected]).toEqual([what, true]);
      if (expected && !isNative) nativeRefusals++;
    }
    expect(nativeRefusals).toBeGreaterThan(50);
  });

  test("never takes S + L, though it satisfies the equation", () => {
    for (let round = 0; round < 16; round++) {
      const message = Uint8Array.of(round);
      const signature = signMessage(seed, message);
      const s = scalarOf(signature.slice(32));
      expect(verifySignature(honestKey, message, signatureOf(signature.slice(0, 32), s))).toBe(true);
      for (let factor = 1n; s + factor * L < 2n ** 256n; factor++) {
        expect(verifySignature(honestKey, message, signatureOf(signature.slice(0, 32), s + factor * L))).toBe(false);
      }
    }
    for (const key of smallOrderEncodings) {
      expect(verifySignature(key as PublicKey, utf8("x"), signatureOf(smallOrderEncodings[0]!, L))).toBe(false);
    }
  });

  test("refuses what is no point", () => {
    const noPoint = bytesOf(2n);
    expect(() => Point.fromBytes(noPoint, true)).toThrow();
    expect(verifySignature(noPoint as PublicKey, utf8("x"), signatureOf(smallOrderEncodings[0]!, 0n))).toBe(false);
    expect(verifySignature(honestKey, utf8("x"), signatureOf(noPoint, 0n))).toBe(false);
  });
});

describe("a public key that may be registered", () => {
  test("is an honest one", () => expect(isSoundPublicKey(honestKey)).toBe(true));

  test("is none of the small-order encodings, the identity among them", () => {
    expect(smallOrderEncodings.filter((key) => isSoundPublicKey(key as PublicKey))).toEqual([]);
  });

  test("has no torsion component", () => {
    const honest = Point.fromBytes(honestKey);
    for (const point of torsion.filter((each) => !each.is0())) {
      expect(isSoundPublicKey(honest.add(point).toBytes() as PublicKey)).toBe(false);
    }
  });

  test("is encoded canonically", () => {
    const all = Array.from({ length: 19 }, (_, offset) => [
      bytesOf(P + BigInt(offset)),
      bytesOf(P + BigInt(offset), 1),
    ]);
    const readable = all.flat().filter((raw) => isReadable(raw));
    expect(readable.length).toBeGreaterThan(6);
    expect(readable.filter((raw) => isSoundPublicKey(raw as PublicKey))).toEqual([]);
  });

  test("is a point, of 32 bytes", () => {
    expect(isSoundPublicKey(bytesOf(2n) as PublicKey)).toBe(false);
    expect(isSoundPublicKey(new Uint8Array(31) as PublicKey)).toBe(false);
    expect(isSoundPublicKey(new Uint8Array(32).fill(255) as PublicKey)).toBe(false);
    expect(parsePublicKey(new Uint8Array(33))).toBeUndefined();
    expect(parsePrivateSeed(new Uint8Array(31))).toBeUndefined();
  });
});

interface Vector {
  readonly key: PublicKey;
  readonly message: Uint8Array;
  readonly signature: Signature;
}

/** Signatures that only the owner of an odd key can make, each with what is odd about it. */
function* oddVectors(): Iterable<readonly [string, Vector]> {
  const honest = Point.fromBytes(honestKey);
  for (const [index, point] of torsion.entries()) {
    const encodeR = (r: Point) => r.add(point).toBytes();
    for (let round = 0; round < 4; round++) {
      const message = Uint8Array.of(index, round);
      yield [`key with torsion ${index}`, signed(honest.add(point).toBytes(), message)];
      yield [`R with torsion ${index}`, signed(honestKey, message, { encodeR })];
      yield [`both with torsion ${index}`, signed(honest.add(point).toBytes(), message, { encodeR })];
    }
  }
  for (const [index, encoding] of smallOrderEncodings.entries()) {
    const message = Uint8Array.of(200, index);
    yield [`R of small order ${index}`, signed(honestKey, message, { encodeR: () => encoding, nonce: 0n })];
    yield [`key of small order ${index}`, signed(encoding, message, { scalar: 0n })];
    const { key, signature } = signed(encoding, message, { scalar: 0n });
    yield [`wrong S under a key of small order ${index}`, { key, message, signature: changeS(signature) }];
    yield [`wrong message under an honest key ${index}`, { ...signed(honestKey, message), message: utf8("other") }];
  }
}

/** What differs from RFC 8032. */
interface Oddity {
  readonly encodeR?: (point: Point) => Uint8Array;
  readonly nonce?: bigint;
  /** The secret scalar without the small-order part of the key. */
  readonly scalar?: bigint;
}

/** S such that S·B = R + k·A, up to small-order parts of R and A. */
function signed(key: Uint8Array, message: Uint8Array, odd: Oddity = {}): Vector {
  const { encodeR = (point) => point.toBytes(), nonce = 2n ** 64n + scalarOf(message), scalar = honestScalar } = odd;
  const r = encodeR(nonce === 0n ? Point.ZERO : Point.BASE.multiply(nonce));
  const s = (nonce + challengeOf(r, key, message) * scalar) % L;
  return { key: key as PublicKey, message, signature: signatureOf(r, s) };
}

function changeS(signature: Signature): Signature {
  return signatureOf(signature.slice(0, 32), (scalarOf(signature.slice(32)) + 1n) % L);
}

/** ZIP215 as its text has it: both points may be encoded in any way, S is below L, and the equation holds times 8. */
function acceptedByDefinition(key: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const [r, s] = [signature.slice(0, 32), scalarOf(signature.slice(32))];
  if (!isReadable(key) || !isReadable(r) || s >= L) return false;
  const a = Point.fromBytes(key, true);
  const left = Point.BASE.multiply(s, false);
  const right = Point.fromBytes(r, true).add(a.multiply(challengeOf(r, key, message), false));
  return left.subtract(right).double().double().double().is0();
}

function challengeOf(r: Uint8Array, key: Uint8Array, message: Uint8Array): bigint {
  return scalarOf(sha512(concatBytes(r, key, message))) % L;
}

function scalarOf(raw: Uint8Array): bigint {
  return raw.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

/** RFC 8032, section 5.1.5: the clamped first half of the seed's hash. */
function secretScalarOf(of: Uint8Array): bigint {
  const half = sha512(of).slice(0, 32);
  half[0]! &= 248;
  half[31] = (half[31]! & 127) | 64;
  return scalarOf(half) % L;
}

function signatureOf(r: Uint8Array, s: bigint): Signature {
  const raw = new Uint8Array(64);
  raw.set(r);
  for (let index = 0; index < 32; index++) raw[32 + index] = Number((s >> BigInt(8 * index)) & 255n);
  return raw as Signature;
}

/** Little-endian `y` with the sign of x in the last bit. */
function bytesOf(y: bigint, sign = 0): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, index) => {
    const byte = Number((y >> BigInt(8 * index)) & 255n);
    return index === 31 ? byte | (sign << 7) : byte;
  });
}

function isReadable(raw: Uint8Array): boolean {
  try {
    Point.fromBytes(raw, true);
    return true;
  } catch {
    return false;
  }
}

function pointsOfSmallOrder(): readonly Point[] {
  for (let y = 2n; ; y++) {
    if (!isReadable(bytesOf(y))) continue;
    // L - 1 is in range where L is not: (L - 1)·Q + Q = L·Q, which has only the small-order part.
    const point = Point.fromBytes(bytesOf(y), true);
    const small = point.multiply(L - 1n, false).add(point);
    if (small.double().double().is0()) continue;
    return Array.from({ length: 8 }, (_, count) => sumOf(small, count));
  }
}

function sumOf(point: Point, count: number): Point {
  let sum = Point.ZERO;
  for (let index = 0; index < count; index++) sum = sum.add(point);
  return sum;
}

function encodingsOfSmallOrder(): readonly Uint8Array[] {
  const isSmall = (raw: Uint8Array) => isReadable(raw) && Point.fromBytes(raw, true).double().double().double().is0();
  const ys = new Set(torsion.map((point) => point.toAffine().y));
  const encodings = [...ys].flatMap((y) => [y, y + P].filter((value) => value < 2n ** 255n));
  return encodings.flatMap((y) => [bytesOf(y, 0), bytesOf(y, 1)]).filter(isSmall);
}
