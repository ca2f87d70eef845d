import { crc32 } from "node:zlib";

import { credentialIdOf } from "@guts/ledger";
import { utf8, type Digest } from "@guts/primitives";

const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const PREFIX = "guts_";
const RANDOM_LENGTH = 34;
const CHECKSUM_LENGTH = 6;
const FORM = new RegExp(`^${PREFIX}[0-9A-Za-z]{${RANDOM_LENGTH + CHECKSUM_LENGTH}}$`);

/** Draws bytes that nobody can guess. */
export type RandomBytes = (length: number) => Uint8Array;

/**
 * A new token: `guts_`, 34 random characters of base 62 (202 bits), and the CRC-32 of what precedes it in 6 characters,
 * so that scanners find leaked tokens without false alarms and a mistyped one is refused without a look-up.
 */
export function createToken(random: RandomBytes): string {
  let characters = "";
  while (characters.length < RANDOM_LENGTH)
    for (const byte of random(64))
      if (byte < 248 && characters.length < RANDOM_LENGTH) characters += ALPHABET[byte % 62];
  return `${PREFIX}${characters}${checksum(PREFIX + characters)}`;
}

/** Whether the text has a token's form and checksum. */
export function isToken(text: string): boolean {
  if (!FORM.test(text)) return false;
  return text.slice(-CHECKSUM_LENGTH) === checksum(text.slice(0, -CHECKSUM_LENGTH));
}

/** The ledger's id of the credential that this token is. */
export function credentialIdOfToken(token: string): Digest {
  return credentialIdOf(utf8(token));
}

function checksum(text: string): string {
  let value = crc32(text);
  let digits = "";
  for (let index = 0; index < CHECKSUM_LENGTH; index++) {
    digits = ALPHABET[value % 62] + digits;
    value = Math.floor(value / 62);
  }
  return digits;
}
