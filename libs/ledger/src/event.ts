/** What happened: one event for each applied transaction, in one order, and in the log of its scope. */
import {
  accountIdCodec,
  bytes,
  digestCodec,
  digestOf,
  encode,
  heightCodec,
  struct,
  timeCodec,
  u16,
  u32,
  u64,
  type AccountId,
  type Digest,
  type Height,
  type TimeMs,
} from "@guts/primitives";
import { appendLeaf, emptyMountainRange } from "@guts/verifier";
import { findKind, type KindName } from "./kinds/index.ts";
import { payloadBytesMax } from "./limits.ts";
import type { Overlay } from "./state.ts";
import { readRow, writeRow } from "./table.ts";
import { eventLogTable, eventScopeCodec, type EventScope } from "./tables.ts";

/** Bytes of a result: a refusal for each of the most refs, with room. */
export const resultBytesMax = 65_536;

/** The bytes of an event. */
export const eventCodec = struct({
  /** Dense over the whole network, from 1. */
  sequence: u64,
  height: heightCodec,
  index: u32,
  transactionId: digestCodec,
  time: timeCodec,
  actor: accountIdCodec,
  kind: u16,
  scope: eventScopeCodec,
  payload: bytes(payloadBytesMax),
  result: bytes(resultBytesMax),
});

/** An applied transaction as readers of history see it. `kind` is the kind's name; payload and result are its bytes. */
export interface LedgerEvent {
  readonly sequence: number;
  readonly height: Height;
  readonly index: number;
  readonly transactionId: Digest;
  readonly time: TimeMs;
  readonly actor: AccountId;
  readonly kind: KindName;
  readonly scope: EventScope;
  readonly payload: Uint8Array;
  readonly result: Uint8Array;
}

/** The event in its canonical bytes. */
export function encodeEvent(event: LedgerEvent, tag: number): Uint8Array {
  return encode(eventCodec, { ...event, kind: tag });
}

/** The event of these decoded fields. */
export function namedEvent(decoded: ReturnType<(typeof eventCodec)["read"]>): LedgerEvent | undefined {
  const found = findKind(decoded.kind);
  return found === undefined ? undefined : { ...decoded, kind: found.name };
}

/** Appends the event to the log of its scope. */
export function appendEvent(state: Overlay, event: LedgerEvent, tag: number): void {
  const log = readRow(state, eventLogTable, event.scope) ?? emptyMountainRange;
  writeRow(state, eventLogTable, event.scope, appendLeaf(log, digestOf("event", encodeEvent(event, tag))));
}
