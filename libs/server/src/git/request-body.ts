import type { IncomingMessage } from "node:http";
import type { Readable } from "node:stream";
import { createGunzip } from "node:zlib";

import { Refusal } from "../errors.ts";

/**
 * The body of a git request, decompressed when the client compressed it.
 *
 * Who stops reading early leaves the connection open, so that the answer can still be sent; `drain` reads the rest.
 */
export async function* openBody(request: IncomingMessage): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* sourceOf(request).iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>;
  } catch (error) {
    if (!String((error as NodeJS.ErrnoException).code).startsWith("Z_")) throw error;
    throw new Refusal(
      "malformed",
      "The request's body is not gzip, as its Content-Encoding says.",
      {},
      { cause: error },
    );
  }
}

/** Whether the client sends its body only once it has read `100 Continue`. */
export function waitsForContinue(request: IncomingMessage): boolean {
  return /100-continue/i.test(request.headers.expect ?? "");
}

/**
 * A whole small body. Throws `Refusal` `too-large` past `bytesMax` bytes, counted after decompression. A client that is
 * slower than `timeoutMs` loses its connection.
 */
export async function readBody(
  request: IncomingMessage,
  { bytesMax, timeoutMs }: { readonly bytesMax: number; readonly timeoutMs: number },
): Promise<Uint8Array> {
  const timer = setTimeout(() => request.destroy(), timeoutMs);
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of openBody(request)) {
      length += chunk.length;
      if (length > bytesMax) throw new Refusal("too-large", "The request is too large.");
      chunks.push(chunk);
    }
  } finally {
    clearTimeout(timer);
  }
  return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length);
}

/** Reads and forgets what is left of a body, at most `bytesMax` bytes and for `timeoutMs`; false when there was more. */
export async function drain(
  request: IncomingMessage,
  { bytesMax, timeoutMs }: { readonly bytesMax: number; readonly timeoutMs: number },
): Promise<boolean> {
  request.unpipe();
  if (request.readableEnded || request.destroyed) return !request.destroyed;
  const { promise: tooLate, resolve } = Promise.withResolvers<false>();
  const timer = setTimeout(() => resolve(false), timeoutMs);
  try {
    return await Promise.race([readAway(request, bytesMax), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}

async function readAway(request: IncomingMessage, bytesMax: number): Promise<boolean> {
  let length = 0;
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    length += chunk.length;
    if (length > bytesMax) return false;
  }
  return true;
}

function sourceOf(request: IncomingMessage): Readable {
  const encoding = (request.headers["content-encoding"] ?? "identity").toLowerCase();
  if (encoding === "identity") return request;
  if (encoding !== "gzip" && encoding !== "x-gzip")
    throw new Refusal("unsupported-media-type", "Only gzip is understood as Content-Encoding.");
  const gunzip = createGunzip();
  request.once("close", () => request.readableEnded || gunzip.destroy(new Error("the client went away")));
  return request.pipe(gunzip);
}
