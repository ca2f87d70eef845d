/** Bytes of every format of formats-v1 are refused with a typed error or are the one encoding of what they say. */
import { decode, encode, equalBytes, type Codec, type Digest } from "@guts/primitives";
import {
  certificateCodec,
  emptyMountainRange,
  headerCodec,
  mountainRangeCodec,
  refuseCertificate,
  stateProofCodec,
  transactionProofCodec,
  validatorSetCodec,
  verifyStateProof,
  voteStatementCodec,
} from "@guts/verifier";
import {
  blockCodec,
  checkEventLogProof,
  checkTransactionProof,
  contentCodec,
  decodeEnvelope,
  envelopeCodec,
  eventCodec,
  eventLogProofCodec,
  genesisCodec,
  KINDS,
  parseGenesis,
  readWholeLog,
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
  transactionProofCodec,
  eventLogProofCodec,
] as unknown as readonly Codec<unknown>[];

export const dictionary = ["refs/heads/", "\0\0\0\x01", "\0\0\0\x14", "\0\0\0\x20", "\x01", "\x02", "\x05", "\x06"];

export function fuzz(input: Uint8Array): void {
  const zero = new Uint8Array(32) as Digest;
  const codec = codecs[(input[0] ?? 0) % codecs.length]!;
  const bytes = input.slice(1);
  parseGenesis(bytes);
  const envelope = decodeEnvelope(bytes);
  if (envelope !== undefined) verifyEnvelope(envelope);
  const scope = { type: "network", id: 0 } as const;
  const proven = [
    checkTransactionProof(bytes, zero, []),
    checkEventLogProof(bytes, scope, { networkId: zero, validators: [] }),
    readWholeLog([bytes], scope, emptyMountainRange),
  ];
  if (proven.some(({ refusal }) => refusal === undefined)) throw new Error("bytes prove something without validators");
  const value = decode(codec, bytes);
  if (!equalBytes(encode(codec, value), bytes)) throw new Error("two encodings of one value");
  if (codec === (stateProofCodec as unknown)) verifyStateProof(zero, value as never);
  if (codec === (certificateCodec as unknown) && refuseCertificate(value as never, zero, []) === undefined)
    throw new Error("a certificate binds a network without validators");
}
