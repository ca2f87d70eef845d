/**
 * What is said before a pack's bytes, on the TLS channel and on a libp2p stream alike (docs/protocol/replication.md, "Pack channel").
 *
 * The asker sends one frame, the holder answers with one, and then with the bytes from the asked offset to the pack's end.
 */
import {
  concatBytes,
  decode,
  encode,
  fixed,
  inDomain,
  oneOf,
  option,
  signatureCodec,
  signMessage,
  struct,
  u64,
  union,
  verifySignature,
  publicKeyOfNode,
  type Codec,
  type Decoded,
  type NodeId,
  type PrivateSeed,
  type Signature,
} from "@guts/primitives";
import { TransferError } from "./errors.ts";
import { grantCodec, signedGrantCodec, type SignedGrant } from "./grant.ts";

/** Bytes of the channel binding `tls-exporter` (RFC 9266), which ties a request to its TLS connection. */
export const channelBindingLength = 32;
/** The label of its exporter. */
export const channelBindingLabel = "EXPORTER-Channel-Binding";

/** A request for the bytes of a granted pack. */
export const packRequestCodec = struct({
  signed: signedGrantCodec,
  offset: u64,
  /** The asker's signature over grant, offset and connection; absent on a libp2p stream, which knows its peer. */
  proof: option(signatureCodec),
});
/** Who shows which grant. */
export type PackRequest = Decoded<typeof packRequestCodec>;

/** Why a holder gives no bytes. `busy`, `grant-expired`, `grant-used`: ask for another grant. `pack-gone`: ask another holder. */
export type PackRefusal = "grant-invalid" | "grant-expired" | "grant-used" | "busy" | "pack-gone";

const refusalCodec: Codec<PackRefusal> = oneOf({
  "grant-invalid": 1,
  "grant-expired": 2,
  "grant-used": 3,
  busy: 4,
  "pack-gone": 5,
});

/** The holder's answer. `bytes` follow it. */
export const packAnswerCodec = union({
  sending: [1, struct({ bytes: u64 })],
  refused: [2, struct({ reason: refusalCodec })],
});
/** Bytes to come, or why not. */
export type PackAnswer = Decoded<typeof packAnswerCodec>;

const proofCodec = struct({ grant: grantCodec, offset: u64, binding: fixed(channelBindingLength) });

/** What a request's proof covers. */
export interface ProvenRequest {
  readonly signed: SignedGrant;
  readonly offset: number;
  /** The channel binding of the TLS connection. */
  readonly binding: Uint8Array;
}

/** The signature by which a peer shows that the grant is its own, on this connection only. */
export function provePeer(seed: PrivateSeed, request: ProvenRequest): Signature {
  return signMessage(seed, proofBytes(request));
}

/** Whether `proof` is the peer's. */
export function isProvenPeer(peer: NodeId, request: ProvenRequest, proof: Signature): boolean {
  return verifySignature(publicKeyOfNode(peer), proofBytes(request), proof);
}

function proofBytes({ signed: { grant }, offset, binding }: ProvenRequest): Uint8Array {
  return inDomain("packRequest", encode(proofCodec, { grant, offset, binding }));
}

/** A frame: its length in 4 bytes, big-endian, then the value's encoding. */
export function encodeFrame<Value>(codec: Codec<Value>, value: Value): Uint8Array {
  const body = encode(codec, value);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, body.length);
  return concatBytes(length, body);
}

/** Reads one frame from the beginning of a byte stream and keeps what follows it. */
export class FrameReader {
  readonly #bytesMax: number;
  #held: Uint8Array = new Uint8Array();

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax;
  }

  /** The frame and the bytes behind it, once it is whole. Throws `malformed` for one that is too long. */
  push(chunk: Uint8Array): { readonly frame: Uint8Array; readonly rest: Uint8Array } | undefined {
    const held = this.#held.length === 0 ? chunk : concatBytes(this.#held, chunk);
    if (held.length >= 4) {
      const length = new DataView(held.buffer, held.byteOffset).getUint32(0);
      if (length > this.#bytesMax) throw new TransferError("malformed", `a frame of ${length} bytes`, undefined);
      if (held.length >= 4 + length) return { frame: held.subarray(4, 4 + length), rest: held.subarray(4 + length) };
    }
    this.#held = held;
    return undefined;
  }
}

/** A holder's answer from its frame. Throws `malformed` or a `DecodeError`. */
export function decodePackAnswer(frame: Uint8Array): PackAnswer {
  return decode(packAnswerCodec, frame);
}
