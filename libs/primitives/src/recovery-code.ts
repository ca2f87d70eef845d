/**
 * The recovery code: the root key of an account in a form that people can write down.
 *
 * 18 random bytes and 2 bytes of checksum in Crockford's base32 (no I, L, O, U): 32 characters in eight groups of
 * four. The seed of the root key is a hash of the random bytes. Reading ignores case, spaces and hyphens and takes
 * I and L for 1 and O for 0.
 */
import { assert } from "./assert.ts";
import type { Branded } from "./branded.ts";
import { concatBytes, equalBytes } from "./bytes.ts";
import { digestOf } from "./digest.ts";
import type { PrivateSeed } from "./signature.ts";

/** Eight groups of four characters, joined by hyphens. Secret: whoever has it owns the account. */
export type RecoveryCode = Branded<string, "RecoveryCode">;

/** Random bytes behind a recovery code: 144 bits. */
export const recoveryEntropyLength = 18;

const ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const checksumLength = 2;

/** The code of `entropy` (18 random bytes). */
export function encodeRecoveryCode(entropy: Uint8Array): RecoveryCode {
  assert(entropy.length === recoveryEntropyLength, "a recovery code stands for 18 bytes");
  const whole = concatBytes(entropy, checksumOf(entropy));
  let bits = 0n;
  for (const byte of whole) bits = (bits << 8n) | BigInt(byte);
  let text = "";
  for (let shift = BigInt(whole.length * 8 - 5); shift >= 0n; shift -= 5n)
    text += ALPHABET[Number((bits >> shift) & 31n)];
  return text.replace(/(.{4})(?=.)/g, "$1-") as RecoveryCode;
}

/** The code in its standard form, or undefined when its length, a character or the checksum is wrong. */
export function parseRecoveryCode(text: string): RecoveryCode | undefined {
  const entropy = entropyOf(text);
  return entropy === undefined ? undefined : encodeRecoveryCode(entropy);
}

/** The seed of the account's root key. */
export function rootSeedOf(code: RecoveryCode): PrivateSeed {
  const entropy = entropyOf(code);
  assert(entropy !== undefined, "a recovery code is made by its parser only");
  return digestOf("rootSeed", entropy) as Uint8Array as PrivateSeed;
}

function entropyOf(text: string): Uint8Array | undefined {
  // Tested before the case is folded: some characters outside of ASCII have letters of the alphabet as their capitals.
  if (!/^[0-9A-Za-z\s-]*$/.test(text)) return undefined;
  const plain = text.toUpperCase().replace(/[\s-]/g, "").replace(/[IL]/g, "1").replace(/O/g, "0");
  if (plain.length !== 32) return undefined;
  let bits = 0n;
  for (const character of plain) {
    const value = ALPHABET.indexOf(character);
    if (value < 0) return undefined;
    bits = (bits << 5n) | BigInt(value);
  }
  const whole = Uint8Array.from({ length: 20 }, (_, index) => Number((bits >> BigInt(8 * (19 - index))) & 255n));
  const entropy = whole.subarray(0, recoveryEntropyLength);
  return equalBytes(whole.subarray(recoveryEntropyLength), checksumOf(entropy)) ? entropy : undefined;
}

function checksumOf(entropy: Uint8Array): Uint8Array {
  return digestOf("recoveryChecksum", entropy).subarray(0, checksumLength);
}
