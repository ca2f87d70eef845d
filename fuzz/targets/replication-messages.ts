/** Bytes of every message by which nodes replicate objects are refused with a typed error or are the one encoding of what they say. */
import { decode, encode, equalBytes, type Codec, type Digest, type NodeId, type PrivateSeed } from "@guts/primitives";
import {
  FrameReader,
  grantCodec,
  GrantBook,
  isSignedByGrantor,
  objectsAnswerCodec,
  objectsRequestCodec,
  packAnswerCodec,
  packOfferAnswerCodec,
  packOfferCodec,
  packOfferRequestCodec,
  packRequestCodec,
  parseAddress,
  receiptAnswerCodec,
  receiptRequestCodec,
  signedGrantCodec,
} from "@guts/transfer";

/** The first byte of an input chooses one of these, in this order. */
const codecs = [
  grantCodec,
  signedGrantCodec,
  packRequestCodec,
  packAnswerCodec,
  packOfferCodec,
  packOfferRequestCodec,
  packOfferAnswerCodec,
  receiptRequestCodec,
  receiptAnswerCodec,
  objectsRequestCodec,
  objectsAnswerCodec,
] as unknown as readonly Codec<unknown>[];

export const dictionary = [
  "127.0.0.1:1",
  "[::1]:65535",
  "refs/heads/",
  "\0\0\0\x01",
  "\0\0\0\x14",
  "\0\0\0\x20",
  "\x01",
  "\x02",
];

const seed = new Uint8Array(32).fill(1) as PrivateSeed;
const grants = new GrantBook({
  networkId: new Uint8Array(32) as Digest,
  nodeId: "0".repeat(64) as NodeId,
  nodeSeed: seed,
  certificate: new Uint8Array(32) as Digest,
  nowMs: () => 0,
  random: (length) => new Uint8Array(length),
});

export function fuzz(input: Uint8Array): void {
  const codec = codecs[(input[0] ?? 0) % codecs.length]!;
  const bytes = input.slice(1);
  checkFrames(bytes);
  const value = decode(codec, bytes);
  if (!equalBytes(encode(codec, value), bytes)) throw new Error("two encodings of one value");
  if (codec === (signedGrantCodec as unknown)) checkGrant(value as never);
  const addresses = (value as { readonly addresses?: readonly string[] }).addresses ?? [];
  for (const address of addresses) if (parseAddress(address) === undefined) throw new Error("an address that is none");
}

/** Nobody can make a grant for a node whose key they lack. */
function checkGrant(signed: ReturnType<(typeof signedGrantCodec)["read"]>): void {
  isSignedByGrantor(signed);
  if (grants.redeem(signed, signed.grant.peer, signed.grant.offset) === undefined)
    throw new Error("a forged grant holds");
}

/** A frame read byte by byte is the frame read at once, and what follows it is kept. */
function checkFrames(bytes: Uint8Array): void {
  const whole = new FrameReader(64).push(bytes);
  const reader = new FrameReader(64);
  for (let at = 0; at < bytes.length; at++) {
    const found = reader.push(bytes.subarray(at, at + 1));
    if (found === undefined) continue;
    if (whole === undefined || !equalBytes(found.frame, whole.frame)) throw new Error("a frame depends on its pieces");
    return;
  }
  if (whole !== undefined) throw new Error("a frame was lost");
}
