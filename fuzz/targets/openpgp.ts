/** Whatever an OpenPGP key or signature is made of, reading it ends in an answer, and what was not signed never verifies. */
import { isMadeBy, issuerIn, readDetachedSignature } from "@guts/server/openpgp-signature";
import { readPublicKey, type OpenPgpPublicKey } from "@guts/server/openpgp-key";

export const dictionary = [
  ...["-----BEGIN PGP SIGNATURE-----\n\n", "\n-----END PGP SIGNATURE-----\n", "Comment: x\n", "=AAAA\n"],
  ...[
    "\u0099\u0001",
    "\u00c6",
    "\u00c2\u00c0",
    "\u00ff\u00ff\u00ff\u00ff\u00ff",
    "\u0004\u0013\u0016\u0008",
    "\u0021\u0004",
  ],
];

const never = Buffer.from("nobody ever signed this");

export function fuzz(bytes: Uint8Array): void {
  const key = readPublicKey(bytes);
  if (typeof key !== "string" && key.emails.some((email) => !email.includes("@")))
    throw new Error("an address is none");
  const signature = readDetachedSignature(Buffer.from(bytes).toString("latin1"));
  if (typeof signature === "string") return;
  const part = issuerIn(known, signature) ?? known;
  if (isMadeBy(part, signature, never)) throw new Error("a signature of something else verifies");
}

/** The key that signed the corpus's signature. */
const known = keyOf(
  Buffer.from(
    "mDMEawEM7hYJKwYBBAHaRw8BAQdABUVJh2gQfM9Z/+G5XgNMhK72g4acRxL3ZAFHIVA7KBG0HkFkYSBMb3ZlbGFjZSA8YWRhQGV4" +
      "YW1wbGUub3JnPoiQBBMWCAA4FiEEjhbvWrdomOCckuYaLX2oSes3FfYFAmsBDO4CGwMFCwkIBwIGFQoJCAsCBBYCAwECHgECF4AA" +
      "CgkQLX2oSes3FfY0YQEAhgKQk0kRr0GiBc85XLjKflJ5RL77abGCSXT/MHxC5wcA/2Zg7XuDBZs/X4dj5Bzld2J35/hwqI6/ADjd" +
      "wIev93sF",
    "base64",
  ),
);

function keyOf(packets: Uint8Array): OpenPgpPublicKey {
  const key = readPublicKey(packets);
  if (typeof key === "string") throw new TypeError(key);
  return key;
}
