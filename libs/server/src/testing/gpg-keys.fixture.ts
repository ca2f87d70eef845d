/** Keys that gpg 2.2 made and exported; their owners are nobody. */
import { readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(import.meta.dirname, "../../../../tools/fixtures/gpg");
const textOf = (name: string): string => readFileSync(join(folder, `${name}.asc`), "utf8");

/** An Ed25519 key with a subkey for encryption. */
export const gpgKeyText = textOf("ed25519");

/** What gpg says of it. */
export const gpgKeyFacts = {
  keyId: "83C57133A5F9E06E",
  subkeyId: "0DBD97E0AA1AEED3",
  email: "ada@example.org",
  expiresAt: "2031-11-20T00:02:43Z",
} as const;

/** An RSA key that certifies, with a subkey that signs for a year, and a user id that was revoked. */
export const rsaKeyText = textOf("rsa");

/** A key of NIST's curve P-256 that its owner revoked. */
export const revokedKeyText = textOf("revoked");

/** A signature as git stores it, and what it signs. */
interface SignedText {
  readonly id: string;
  readonly payload: string;
  readonly signature: string;
}

/**
 * Keys by their algorithm, each with a commit and a tag that gpg 2.2 signed for git. The committer's address is that of account 1 on a
 * network whose id begins with eight bytes 0xab.
 */
export const gpgSigned = (
  JSON.parse(readFileSync(join(folder, "signed-objects.json"), "utf8")) as {
    readonly keys: Readonly<
      Record<
        "ed25519" | "rsa" | "ecdsa",
        { readonly armored: string; readonly commit: SignedText; readonly tag: SignedText }
      >
    >;
  }
).keys;
