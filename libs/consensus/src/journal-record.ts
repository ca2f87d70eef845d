/** What the journal holds (docs/protocol/consensus.md, "Journal"). The order of records means nothing: views tell it. */
import { bytes, decode, encode, struct, u64, union, type Decoded } from "@guts/primitives";
import { certificateCodec, headerCodec } from "@guts/verifier";
import { evidenceCodec, signedVoteCodec } from "./evidence.ts";
import { bodyBytesMax } from "./limits.ts";

export const journalRecordCodec = union({
  /** The journal was made with its key, or has recovered from a loss: what it does not hold was not signed. */
  instance: [1, struct({})],
  /** A block that this node votes for. */
  block: [2, struct({ header: headerCodec, body: bytes(bodyBytesMax) })],
  vote: [3, struct({ vote: signedVoteCodec })],
  /** An adopted certificate. Only liveness needs it. */
  certificate: [4, struct({ certificate: certificateCodec })],
  evidence: [5, struct({ evidence: evidenceCodec })],
  /** No vote at or below this view: it was final when older records were dropped. */
  floor: [6, struct({ view: u64 })],
  /** No vote at or below this view: votes may have been lost. */
  resume: [7, struct({ view: u64 })],
  /** A vote in this view turned up that the journal did not hold. Over with a `resume` that is not below. */
  amnesia: [8, struct({ view: u64 })],
});

/** One record. */
export type JournalRecord = Decoded<typeof journalRecordCodec>;

/** The bytes of a record. */
export function encodeJournalRecord(record: JournalRecord): Uint8Array {
  return encode(journalRecordCodec, record);
}

/** The record in these bytes. Throws DecodeError: a journal whose checksums hold but whose records do not is not ours. */
export function decodeJournalRecord(record: Uint8Array): JournalRecord {
  return decode(journalRecordCodec, record);
}

/** The records of a new validator's journal: nothing was ever signed with its key. Whoever makes the key appends them. */
export function freshJournalRecords(): readonly Uint8Array[] {
  return [encodeJournalRecord({ type: "instance" })];
}
