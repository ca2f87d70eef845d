/**
 * Transactions: what is signed, by whose authority, and who admits it (formats-v1, "Envelope").
 *
 * A transaction's id is the hash of its body alone, so the same statement has the same id whoever admits it.
 */
import {
  bytes,
  concatBytes,
  digestCodec,
  digestOf,
  encode,
  fixed,
  heightCodec,
  inDomain,
  nodeIdCodec,
  oneOf,
  publicKeyCodec,
  publicKeyOf,
  publicKeyOfNode,
  signatureCodec,
  signMessage,
  struct,
  text,
  timeCodec,
  u16,
  u64,
  union,
  utf8,
  verifySignature,
  verifySshSignature,
  type Codec,
  type Decoded,
  type Digest,
  type NodeId,
  type PrivateSeed,
} from "@guts/primitives";
import { payloadBytesMax, pushCertificateBytesMax } from "./limits.ts";
import { idempotencyKeyLength } from "./tables.ts";

/** What the authority signs. */
export const transactionBodyCodec = struct({
  networkId: digestCodec,
  rulesVersion: u16,
  /** The account that acts; 0 when the transaction creates it. */
  account: u64,
  /** Drawn by the client: two bodies of one account with one key are applied at most once. */
  idempotencyKey: fixed(idempotencyKeyLength),
  /** The last block time and the last height at which the transaction may be applied. */
  expiresTime: timeCodec,
  expiresHeight: heightCodec,
  /** Selects the payload's codec. */
  kind: u16,
  payload: bytes(payloadBytesMax),
});
/** A statement, before anybody has authorized it. */
export type TransactionBody = Decoded<typeof transactionBodyCodec>;

/** What git signs for, as `ssh-keygen -Y verify -n` takes it. */
export const gitNamespace = "git";

/** A push certificate as git signed it, and the signature taken out of its armour. */
export const pushCertificateCodec = struct({
  text: text(pushCertificateBytesMax),
  publicKey: publicKeyCodec,
  hash: oneOf({ sha256: 1, sha512: 2 }),
  signature: signatureCodec,
});
/** The word of a person's git that they push. */
export type PushCertificate = Decoded<typeof pushCertificateCodec>;

/**
 * Who authorizes. Tags 3 and 4 belong to sk-ssh-ed25519 and WebAuthn; the rules of version 1 do not have them, and decoding
 * refuses them.
 */
export const authorizationCodec = union({
  key: [1, struct({ publicKey: publicKeyCodec, signature: signatureCodec })],
  "push-certificate": [2, pushCertificateCodec],
  credential: [5, struct({ credential: digestCodec })],
  delegation: [6, struct({})],
  countersigned: [7, struct({ credential: digestCodec, certificate: pushCertificateCodec })],
});
/**
 * A key's signature, git's, or the word of the admitting node that it saw the credential or was delegated. A _countersigned_
 * push is made with a credential's powers, and git's signature by a key that lends none says who made it.
 */
export type Authorization = Decoded<typeof authorizationCodec>;

/** A transaction as it stands in a block. */
export const envelopeCodec = struct({
  body: transactionBodyCodec,
  authorization: authorizationCodec,
  admission: struct({ node: nodeIdCodec, signature: signatureCodec }),
});
/** A statement, its authorization and the node that admitted it. */
export type Envelope = Decoded<typeof envelopeCodec>;

/** What a client sends that signs with its own key: everything but the admission. */
export const signedTransactionCodec: Codec<SignedTransaction> = struct({
  body: transactionBodyCodec,
  authorization: authorizationCodec,
});
/** A statement with its authorization, not admitted yet. */
export interface SignedTransaction {
  readonly body: TransactionBody;
  readonly authorization: Authorization;
}

/** The hash of the body. */
export function transactionId(body: TransactionBody): Digest {
  return digestOf("transaction", encode(transactionBodyCodec, body));
}

/** What a repeated idempotency key must repeat: the kind and the payload, not the expiry. */
export function commandDigest(body: TransactionBody): Digest {
  return digestOf("command", encode(u16, body.kind), body.payload);
}

/** Authorizes `body` with a key of the account. */
export function signTransaction(body: TransactionBody, seed: PrivateSeed): SignedTransaction {
  const publicKey = publicKeyOf(seed);
  const signature = signMessage(seed, authorizeBytes(body));
  return { body, authorization: { type: "key", publicKey, signature } };
}

/** Admits a signed transaction under the node's own key. */
export function admitTransaction(signed: SignedTransaction, node: NodeId, nodeSeed: PrivateSeed): Envelope {
  return { ...signed, admission: { node, signature: signMessage(nodeSeed, admitBytes(signed)) } };
}

/** Whether every signature of the envelope holds. Says nothing about what the signers may do. */
export function verifyEnvelope(envelope: Envelope): boolean {
  const { admission, authorization, body } = envelope;
  if (!verifySignature(publicKeyOfNode(admission.node), admitBytes(envelope), admission.signature)) return false;
  const certificate = pushCertificateOf(authorization);
  if (certificate !== undefined) return verifyPushCertificate(certificate);
  if (authorization.type !== "key") return true;
  return verifySignature(authorization.publicKey, authorizeBytes(body), authorization.signature);
}

/** What git signed of a push, whatever authorizes it; undefined when git signed nothing. */
export function pushCertificateOf(authorization: Authorization): PushCertificate | undefined {
  if (authorization.type === "push-certificate") return authorization;
  return authorization.type === "countersigned" ? authorization.certificate : undefined;
}

/** Whether the key signed the certificate's text. Says nothing about what it may do. */
export function verifyPushCertificate({ text: certificate, publicKey, hash, signature }: PushCertificate): boolean {
  return verifySshSignature({ key: publicKey, hash, signature }, gitNamespace, utf8(certificate));
}

/** The id of the credential whose secret this is. The secret is the token's text in ASCII. */
export function credentialIdOf(secret: Uint8Array): Digest {
  return digestOf("credential", secret);
}

function authorizeBytes(body: TransactionBody): Uint8Array {
  return inDomain("authorize", encode(transactionBodyCodec, body));
}

function admitBytes({ body, authorization }: SignedTransaction): Uint8Array {
  return inDomain("admit", concatBytes(transactionId(body), encode(authorizationCodec, authorization)));
}
