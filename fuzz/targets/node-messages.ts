/** Bytes of every message between nodes beside votes are refused with a typed error or are the one encoding of what they say. */
import { decode, encode, equalBytes, type Codec } from "@guts/primitives";
import { finalityCodec, headerCodec, headerHash, refuseFinality } from "@guts/verifier";
import { blockBodyCodec, openBody } from "@guts/ledger";
import {
  blocksAnswerCodec,
  blocksRequestCodec,
  servedFrameCodec,
  syncedBlockCodec,
  transactionFrameCodec,
  tryDecode,
} from "@guts/transfer";

/** The first byte of an input chooses one of these, in this order. */
const codecs = [
  blockBodyCodec,
  transactionFrameCodec,
  servedFrameCodec,
  blocksRequestCodec,
  blocksAnswerCodec,
  syncedBlockCodec,
  finalityCodec,
] as unknown as readonly Codec<unknown>[];

export const dictionary = ["\0\0\0\x01", "\0\0\0\x02", "\0\x01", "\0\0\0\0\0\0\0\x01", "0.1.0", "\x03"];

export function fuzz(input: Uint8Array): void {
  const codec = codecs[(input[0] ?? 0) % codecs.length]!;
  const bytes = input.slice(1);
  const finality = tryDecode(finalityCodec, bytes);
  const header = tryDecode(headerCodec, bytes);
  if (finality !== undefined) refuseFinality(bytes.slice(0, 32) as never, finality, bytes.slice(0, 32) as never, []);
  if (header !== undefined) {
    headerHash(header);
    openBody(header, bytes);
  }
  if (tryDecode(codec, bytes) === undefined) return;
  if (!equalBytes(encode(codec, decode(codec, bytes)), bytes)) throw new Error("a second encoding of the same value");
}
