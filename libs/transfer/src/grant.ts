/**
 * Grants: a node's signed word that one peer may read one pack, once, for a short time (docs/protocol/replication.md, "Grant").
 *
 * Only the node that gave a grant judges it, so its expiry is by one clock. A grant is used by the first request that shows
 * it, whatever becomes of the transfer; to resume, the peer asks for another.
 */
import { packRefCodec } from "@guts/ledger";
import {
  digestCodec,
  encode,
  equalBytes,
  fixed,
  inDomain,
  nodeIdCodec,
  oneOf,
  repositoryIdCodec,
  signatureCodec,
  signMessage,
  struct,
  timeCodec,
  toHex,
  u64,
  verifySignature,
  publicKeyOfNode,
  type Codec,
  type Decoded,
  type Digest,
  type NodeId,
  type PrivateSeed,
  type RepositoryId,
  type TimeMs,
} from "@guts/primitives";
import type { PackRef } from "@guts/ledger";
import { grantLifeMs, usedGrantsMax } from "./limits.ts";

/** Which way the bytes go: `read` lets the peer fetch from the grantor. There is no other in version 1. */
const directionCodec: Codec<"read"> = oneOf({ read: 1 });

/** What a grant says. */
export const grantCodec = struct({
  networkId: digestCodec,
  grantor: nodeIdCodec,
  /** The only node that may use it. */
  peer: nodeIdCodec,
  repository: repositoryIdCodec,
  direction: directionCodec,
  pack: packRefCodec,
  /** The first byte that may be read. */
  offset: u64,
  /** SHA-256 of the certificate that the grantor shows on its pack channel. */
  certificate: digestCodec,
  /** By the grantor's clock. */
  expiresTime: timeCodec,
  nonce: fixed(16),
});
/** One pack, for one peer. */
export type Grant = Decoded<typeof grantCodec>;

/** A grant with its grantor's signature. */
export const signedGrantCodec = struct({ grant: grantCodec, signature: signatureCodec });
/** A grant as it travels. */
export type SignedGrant = Decoded<typeof signedGrantCodec>;

/** Why a grant does not hold. */
export type GrantRefusal = "grant-invalid" | "grant-expired" | "grant-used" | "busy";

/** The bytes under a grant's signature. */
export function grantBytes(grant: Grant): Uint8Array {
  return inDomain("packGrant", encode(grantCodec, grant));
}

/** Whether the grantor that the grant names signed it. */
export function isSignedByGrantor({ grant, signature }: SignedGrant): boolean {
  return verifySignature(publicKeyOfNode(grant.grantor), grantBytes(grant), signature);
}

/** What a node needs to give grants. */
export interface GrantBookOptions {
  readonly networkId: Digest;
  readonly nodeId: NodeId;
  readonly nodeSeed: PrivateSeed;
  /** SHA-256 of the certificate of this node's pack channel. */
  readonly certificate: Digest;
  readonly nowMs: () => number;
  readonly random: (length: number) => Uint8Array;
}

/** What is granted. */
export interface Granted {
  readonly peer: NodeId;
  readonly repository: RepositoryId;
  readonly pack: PackRef;
  readonly offset: number;
}

/** Gives the grants of one node, and sees to it that each is used once. */
export class GrantBook {
  readonly #options: GrantBookOptions;
  /** Nonces of used grants, until they have expired anyway. */
  readonly #usedUntil = new Map<string, TimeMs>();

  constructor(options: GrantBookOptions) {
    this.#options = options;
  }

  issue({ peer, repository, pack, offset }: Granted): SignedGrant {
    const { networkId, nodeId, nodeSeed, certificate, nowMs, random } = this.#options;
    const grant: Grant = {
      networkId,
      grantor: nodeId,
      peer,
      repository,
      direction: "read",
      pack,
      offset,
      certificate,
      expiresTime: (nowMs() + grantLifeMs) as TimeMs,
      nonce: random(16),
    };
    return { grant, signature: signMessage(nodeSeed, grantBytes(grant)) };
  }

  /** Uses a grant up, or says why it does not hold. */
  redeem(signed: SignedGrant, peer: NodeId, offset: number): GrantRefusal | undefined {
    const { grant } = signed;
    const { networkId, nodeId, nowMs } = this.#options;
    const isOurs = grant.grantor === nodeId && equalBytes(grant.networkId, networkId) && isSignedByGrantor(signed);
    const isForThis = grant.peer === peer && offset >= grant.offset && offset < grant.pack.sizeBytes;
    if (!isOurs || !isForThis) return "grant-invalid";
    if (grant.expiresTime <= nowMs()) return "grant-expired";
    const name = toHex(grant.nonce);
    if (this.#usedUntil.has(name)) return "grant-used";
    if (this.#usedUntil.size >= usedGrantsMax) this.#forgetExpired();
    if (this.#usedUntil.size >= usedGrantsMax) return "busy";
    this.#usedUntil.set(name, grant.expiresTime);
    return undefined;
  }

  #forgetExpired(): void {
    const now = this.#options.nowMs();
    for (const [name, until] of this.#usedUntil) if (until <= now) this.#usedUntil.delete(name);
  }
}
