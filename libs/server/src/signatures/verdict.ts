import type { Account } from "@guts/ledger";

/**
 * What a signature inside a commit or tag comes to, in GitHub's words:
 * `valid` - by a good key of the account whose address the commit has;
 * `unsigned`; `unknown_signature_type` - S/MIME, or a version or hash that proves nothing; `malformed_signature`;
 * `no_user` - the commit's address is nobody's that this node knows; `unknown_key` - that account has no such key;
 * `bad_email` - the key is another account's than the address; `invalid` - the signature does not hold;
 * `not_signing_key`, `expired_key` - the key was not made to sign, or had ended or was revoked;
 * `gpgverify_error` - the object is too large to be looked at.
 */
export type VerdictReason =
  | "valid"
  | "unsigned"
  | "unknown_signature_type"
  | "malformed_signature"
  | "no_user"
  | "unknown_key"
  | "bad_email"
  | "invalid"
  | "not_signing_key"
  | "expired_key"
  | "gpgverify_error";

/** The kinds of signatures that git makes. */
export type SignatureFormat = "ssh" | "openpgp" | "unknown";

/** The verdict on one commit or tag. */
export interface Verdict {
  readonly reason: VerdictReason;
  readonly format: SignatureFormat;
  /** A fingerprint of an OpenSSH key, or a key id of OpenPGP; undefined when the signature names none. */
  readonly key: string | undefined;
  /** The account whose key made the signature, and it holds; undefined otherwise. */
  readonly signer: Account | undefined;
}
