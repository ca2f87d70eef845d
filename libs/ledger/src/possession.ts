/**
 * A new key's word that it wants to serve an account (formats-v1, "Possession"): without it, whoever names a key first would
 * keep its owner from ever using it on this network.
 */
import {
  accountIdCodec,
  digestCodec,
  encode,
  inDomain,
  publicKeyCodec,
  signatureCodec,
  signMessage,
  sshSignedBytes,
  struct,
  union,
  verifySignature,
  type Decoded,
  type Digest,
  type PrivateSeed,
  type PublicKey,
} from "@guts/primitives";

/** Signed by the key itself, or by `ssh-keygen -Y sign`, which also reaches keys in agents and behind passphrases. */
export const possessionCodec = union({
  plain: [1, struct({ signature: signatureCodec })],
  ssh: [2, struct({ signature: signatureCodec })],
});
/** The signature, and in which form it was made. */
export type Possession = Decoded<typeof possessionCodec>;

const keyHolderCodec = union({
  account: [1, struct({ account: accountIdCodec })],
  newcomer: [2, struct({ rootKey: publicKeyCodec })],
});
/** Whom the key is to serve: an account, or the one that this root key is about to open. */
export type KeyHolder = Decoded<typeof keyHolderCodec>;

const statementCodec = struct({ networkId: digestCodec, holder: keyHolderCodec });

/** The namespace for `ssh-keygen -Y sign -n`. */
export const possessionNamespace = "guts-key";

/** What the new key signs: good for this network and holder alone. */
export function possessionBytes(networkId: Digest, holder: KeyHolder): Uint8Array {
  return inDomain("keyPossession", encode(statementCodec, { networkId, holder }));
}

/** The statement, signed by the key of `seed`. */
export function provePossession(seed: PrivateSeed, networkId: Digest, holder: KeyHolder): Possession {
  return { type: "plain", signature: signMessage(seed, possessionBytes(networkId, holder)) };
}

/** Whether `key` signed that it serves `holder`. */
export function isPossessionProven(
  { type, signature }: Possession,
  key: PublicKey,
  statement: { readonly networkId: Digest; readonly holder: KeyHolder },
): boolean {
  const message = possessionBytes(statement.networkId, statement.holder);
  return verifySignature(key, type === "ssh" ? sshSignedBytes(possessionNamespace, message) : message, signature);
}
