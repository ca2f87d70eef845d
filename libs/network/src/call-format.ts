/**
 * The bytes of a call, which is a request with either one answer or a stream of them.
 *
 * ```text
 * call:    u8 length of the name, name (ASCII), u32 length of the body, body
 * answer:  u8 status; when it is `ok`: chunks (u32 length above 0, bytes) and a u32 0 that says that it is complete
 * ```
 *
 * After a complete answer the caller may send another call over the same libp2p stream; after any other status, not.
 * A stream that ends without the last zero is not complete, whatever the reason. Numbers are big-endian.
 */
import { concatBytes, utf8 } from "@guts/primitives";

import type { NetworkErrorCode } from "./errors.ts";

/** What a call came to, as the first byte of its answer. */
export const callStatus = {
  ok: 0,
  failed: 1,
  busy: 2,
  refused: 3,
  unsupported: 4,
  tooLarge: 5,
} as const;

/** A status that ends a call. */
export type CallFailure = Exclude<keyof typeof callStatus, "ok">;

const codeByStatus: ReadonlyMap<number, NetworkErrorCode> = new Map([
  [callStatus.failed, "failed"],
  [callStatus.busy, "busy"],
  [callStatus.refused, "refused"],
  [callStatus.unsupported, "unsupported"],
  [callStatus.tooLarge, "request-too-large"],
]);

/** The failure that a status stands for; `malformed` for a status that does not exist. Not for `ok`. */
export function failureOf(status: number): NetworkErrorCode {
  return codeByStatus.get(status) ?? "malformed";
}

const protocolNamePattern = /^[a-z0-9][a-z0-9/.-]{0,63}$/;

/** Whether a protocol may be called so: 1 to 64 of `a-z 0-9 / . -`. */
export function isProtocolName(name: string): boolean {
  return protocolNamePattern.test(name);
}

/** The head of a call; its body follows. */
export function encodeCallHead(name: string, bodyLength: number): Uint8Array {
  const nameBytes = utf8(name);
  return concatBytes(Uint8Array.of(nameBytes.length), nameBytes, encodeU32(bodyLength));
}

/** Four bytes, big-endian. */
export function encodeU32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

/** The bytes in pieces of at most `bytesMax`, none for no bytes. */
export function* piecesOf(bytes: Uint8Array, bytesMax: number): Generator<Uint8Array, void> {
  for (let offset = 0; offset < bytes.length; offset += bytesMax) yield bytes.subarray(offset, offset + bytesMax);
}
