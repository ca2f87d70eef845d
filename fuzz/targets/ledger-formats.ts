/** Bytes of every format of formats-v1 are refused with a typed error or are the one encoding of what they say. */
import { decode, encode, equalBytes, type Codec, type Digest } from "@guts/primitives";
import {
  certificateCodec,
  headerCodec,
  mountainRangeCodec,
  refuseCertificate,
  stateProofCodec,
  validatorSetCodec,
  verifyStateProof,
  voteStatementCodec,
} from "@guts/verifier";
import {
  blockCodec,
  contentCodec,
  decodeEnvelope,
  envelopeCodec,
  eventCodec,
  genesisCodec,
  KINDS,
  parseGenesis,
  receiptStatementCodec,
  resultRecordCodec,
  signedTransactionCodec,
  tables,
  transactionBodyCodec,
  verifyEnvelope,
} from "@guts/ledger";

const stateTables = Object.values(tables).filter((value) => typeof value === "object" && "prefix" in value);

/** The first byte of an input chooses one of these, in this order. */
const codecs = [
  envelopeCodec,
  transactionBodyCodec,
  signedTransactionCodec,
  blockCodec,
  headerCodec,
  certificateCodec,
  voteStatementCodec,
  receiptStatementCodec,
  genesisCodec,
  contentCodec,
  eventCodec,
  resultRecordCodec,
  mountainRangeCodec,
  stateProofCodec,
  validatorSetCodec,
  ...Object.values(KINDS).flatMap(({ payload, result }) => [payload, result]),
  ...stateTables.flatMap(({ key, value }) => [key, value]),
] as unknown as readonly Codec<unknown>[];

export const dictionary = ["refs/heads/", "\0\0\0\x01", "\0\0\0\x14", "\0\0\0\x20", "\x01", "\x02", "\x05", "\x06"];

export function fuzz(input: Uint8Array): void {
  const codec = codecs[(input[0] ?? 0) % codecs.length]!;
  const bytes = input.slice(1);
  parseGenesis(bytes);
  const envelope = decodeEnvelope(bytes);
  if (envelope !== undefined) verifyEnvelope(envelope);
  const value = decode(codec, bytes);
  if (!equalBytes(encode(codec, value), bytes)) throw new Error("two encodings of one value");
  const zero = new Uint8Array(32) as Digest;
  if (codec === (stateProofCodec as unknown)) verifyStateProof(zero, value as never);
  if (codec === (certificateCodec as unknown) && refuseCertificate(value as never, zero, []) === undefined)
    throw new Error("a certificate binds a network without validators");
}
