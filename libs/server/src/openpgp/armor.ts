/** ASCII armor of OpenPGP keys and signatures (RFC 9580, section 6.2). The checksum is optional there and is not looked at here. */
import { openPgpLimits } from "./limits.ts";

/** The packets of an armored public key; in a word why the text is none. */
export function readArmor(text: string): Uint8Array | "malformed" | "private" | "too-large" {
  if (text.length > openPgpLimits.armorLengthMax) return "too-large";
  if (/-----BEGIN PGP PRIVATE KEY BLOCK-----/.test(text)) return "private";
  const block = /-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n([^]*?)\r?\n-----END PGP PUBLIC KEY BLOCK-----/.exec(
    text,
  )?.[1];
  return (block === undefined ? undefined : decodeBlock(block)) ?? "malformed";
}

/** The packets of an armored signature that stands by itself; in a word why the text is none. */
export function readSignatureArmor(text: string): Uint8Array | "malformed" | "too-large" {
  if (text.length > openPgpLimits.armorLengthMax) return "too-large";
  const [first, ...lines] = text.trimEnd().split("\n");
  const isOne = first?.trim() === "-----BEGIN PGP SIGNATURE-----" && lines.pop() === "-----END PGP SIGNATURE-----";
  return (isOne ? decodeBlock(lines.join("\n")) : undefined) ?? "malformed";
}

function decodeBlock(block: string): Uint8Array | undefined {
  const lines = block.split(/\r?\n/).map((line) => line.trim());
  const start = lines.findIndex((line) => !/^[A-Za-z][\w-]*: /.test(line));
  const base64 = lines.slice(Math.max(0, start)).filter((line) => line !== "" && !line.startsWith("="));
  const joined = base64.join("");
  if (joined === "" || !/^[A-Za-z0-9+/]+={0,2}$/.test(joined)) return undefined;
  return Uint8Array.from(Buffer.from(joined, "base64"));
}

/** Armor around packets. */
export function writeArmor(packets: Uint8Array): string {
  const lines =
    Buffer.from(packets)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return ["-----BEGIN PGP PUBLIC KEY BLOCK-----", "", ...lines, "-----END PGP PUBLIC KEY BLOCK-----", ""].join("\n");
}
