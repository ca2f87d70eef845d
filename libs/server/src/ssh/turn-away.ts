/**
 * Words for a client that is not let in at all.
 *
 * RFC 4253 lets either side end the protocol by SSH_MSG_DISCONNECT at any time, also before keys are exchanged (section
 * 11.1): OpenSSH shows its user the description, where a connection that just ends says nothing.
 */
import type { Socket } from "node:net";

import { concatBytes, utf8 } from "@guts/primitives";

const messageDisconnect = 1;
const reasonTooManyConnections = 12;
/** Section 6: without a cipher, packets are multiples of 8 bytes, with 4 bytes of padding or more. */
const blockBytes = 8;
const paddingBytesMin = 4;
/** How long a client has to read the words. */
const readTimeoutMs = 1_000;

/** Tells a client that has said nothing yet why it is not served, and closes its connection. */
export function turnAway(socket: Socket, software: string, words: string): void {
  socket.on("error", () => socket.destroy());
  socket.setTimeout(readTimeoutMs, () => socket.destroy());
  setTimeout(() => socket.destroy(), readTimeoutMs).unref();
  // What it sends is read and forgotten: closing with bytes unread would take the words from it.
  socket.resume();
  socket.end(concatBytes(utf8(`SSH-2.0-${software}\r\n`), encodeDisconnect(words)));
}

/** The packet: its length, the padding's length, the message, padding. */
function encodeDisconnect(words: string): Uint8Array {
  const reason = Uint8Array.of(0, 0, 0, reasonTooManyConnections);
  const message = concatBytes(Uint8Array.of(messageDisconnect), reason, string(words), string(""));
  const unpadded = 4 + 1 + message.length + paddingBytesMin;
  const paddingLength = paddingBytesMin + ((blockBytes - (unpadded % blockBytes)) % blockBytes);
  const length = 1 + message.length + paddingLength;
  return concatBytes(uint32(length), Uint8Array.of(paddingLength), message, new Uint8Array(paddingLength));
}

function string(text: string): Uint8Array {
  const bytes = utf8(text);
  return concatBytes(uint32(bytes.length), bytes);
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}
