/** Makes and checks the proof that an event log is whole (formats-v1, "Event log proof"). */
import {
  compareBytes,
  decode,
  digestOf,
  encode,
  equalBytes,
  struct,
  unlessMalformed,
  type Decoded,
  type Digest,
} from "@guts/primitives";
import {
  appendLeaf,
  emptyMountainRange,
  finalityCodec,
  headerCodec,
  refuseFinalHeader,
  stateProofCodec,
  verifyStateProof,
  type Finality,
  type FinalHeaderRefusal,
  type Header,
  type MountainRange,
  type Validator,
} from "@guts/verifier";
import { eventCodec, namedEvent, type LedgerEvent } from "./event.ts";
import { proveState, type PageReader } from "./state-tree.ts";
import type { StateReader } from "./state.ts";
import { rowKey } from "./table.ts";
import { eventLogTable, type EventScope } from "./tables.ts";

/** The bytes of a proof: a final header, and what its state says of the log. */
export const eventLogProofCodec = struct({ header: headerCodec, finality: finalityCodec, state: stateProofCodec });

/** The proof of a log as of the block `tip`, whose state `base` is. */
export function proveEventLog(
  base: PageReader & StateReader,
  { header, finality }: { readonly header: Header; readonly finality: Finality },
  scope: EventScope,
): Uint8Array {
  const state = proveState(base, rowKey(eventLogTable, scope));
  return encode(eventLogProofCodec, { header, finality, state });
}

/** What a proof shows: the digest of every event that the log has, in order, up to a block. */
export interface ProvenEventLog {
  readonly header: Header;
  readonly range: MountainRange;
  /** Validators that signed. */
  readonly signerCount: number;
}

/** Why bytes prove nothing about a log. */
export type EventLogRefusal = FinalHeaderRefusal | "malformed" | "other-log" | "not-in-state";

/** Checks a proof of this log without asking anybody. */
export function checkEventLogProof(
  bytes: Uint8Array,
  scope: EventScope,
  network: { readonly networkId: Digest; readonly validators: readonly Validator[] },
): { readonly refusal: EventLogRefusal } | { readonly refusal?: undefined; readonly proven: ProvenEventLog } {
  const proof = decodeOrNone(bytes);
  if (proof === undefined) return { refusal: "malformed" };
  const { header, finality, state } = proof;
  if (!equalBytes(state.key, rowKey(eventLogTable, scope))) return { refusal: "other-log" };
  if (!verifyStateProof(header.stateRoot, state)) return { refusal: "not-in-state" };
  const refusal = refuseFinalHeader(header, finality, network);
  if (refusal !== undefined) return { refusal };
  // A log without events has no row.
  const range = state.value === undefined ? emptyMountainRange : decode(eventLogTable.value, state.value);
  return { proven: { header, range, signerCount: finality.certificate.votes.length } };
}

/** Why events are not the whole log. */
export type EventsRefusal = "malformed" | "other-log" | "incomplete" | "altered";

/**
 * The events of a log from the bytes that somebody gave, oldest first, if they are all that the range has and nothing else.
 * `incomplete`: fewer or more than there are; `altered`: as many, and not the same ones in the same order.
 */
export function readWholeLog(
  given: readonly Uint8Array[],
  scope: EventScope,
  range: MountainRange,
): { readonly refusal: EventsRefusal } | { readonly refusal?: undefined; readonly events: readonly LedgerEvent[] } {
  const events: LedgerEvent[] = [];
  let walked = emptyMountainRange;
  for (const bytes of given) {
    const event = eventOf(bytes);
    if (event === undefined) return { refusal: "malformed" };
    if (event.scope.type !== scope.type || event.scope.id !== scope.id) return { refusal: "other-log" };
    events.push(event);
    walked = appendLeaf(walked, digestOf("event", bytes));
  }
  if (walked.count !== range.count) return { refusal: "incomplete" };
  const isSame = walked.peaks.every((peak, index) => compareBytes(peak, range.peaks[index]!) === 0);
  return isSame ? { events } : { refusal: "altered" };
}

function eventOf(bytes: Uint8Array): LedgerEvent | undefined {
  const decoded = unlessMalformed(() => decode(eventCodec, bytes));
  return decoded === undefined ? undefined : namedEvent(decoded);
}

function decodeOrNone(bytes: Uint8Array): Decoded<typeof eventLogProofCodec> | undefined {
  return unlessMalformed(() => decode(eventLogProofCodec, bytes));
}
