/** Base64 (RFC 4648, section 4) in its one canonical form: padded, no other characters, no stray bits. */

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES = new Map(Array.from(ALPHABET, (character, value) => [character, value]));

/** Base64 of `bytes`. */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let start = 0; start < bytes.length; start += 3) {
    const [first, second, third] = bytes.subarray(start, start + 3);
    const bits = (first! << 16) | ((second ?? 0) << 8) | (third ?? 0);
    text += ALPHABET[bits >>> 18]! + ALPHABET[(bits >>> 12) & 63]!;
    text += second === undefined ? "=" : ALPHABET[(bits >>> 6) & 63]!;
    text += third === undefined ? "=" : ALPHABET[bits & 63]!;
  }
  return text;
}

/** The bytes of base64, or undefined when `text` is not exactly what `toBase64` gives. */
export function fromBase64(text: string): Uint8Array | undefined {
  if (text.length % 4 !== 0 || !/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return undefined;
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let group = 0; group < text.length / 4; group++) {
    let bits = 0;
    for (let index = 0; index < 4; index++) bits = (bits << 6) | (VALUES.get(text[4 * group + index]!) ?? 0);
    for (let index = 0; index < 3; index++) {
      const position = 3 * group + index;
      const byte = (bits >>> (16 - 8 * index)) & 255;
      if (position < bytes.length) bytes[position] = byte;
      else if (byte !== 0) return undefined;
    }
  }
  return bytes;
}
