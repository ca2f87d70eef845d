/**
 * The asker's end of the pack channel: TLS first, a libp2p stream when no address of the holder can be reached.
 */
import { once } from "node:events";
import { connect, type TLSSocket } from "node:tls";
import { encode, equalBytes, type PrivateSeed } from "@guts/primitives";
import { fingerprintOf } from "./certificate.ts";
import { isTransferError, TransferError } from "./errors.ts";
import { handshakeTimeoutMs, packAnswerBytesMax, type TransferPace } from "./limits.ts";
import type { NodeLink } from "./node-link.ts";
import type { PackOffer } from "./messages.ts";
import { ProgressWatch } from "./pace.ts";
import { TransferMeasure, type OnTransferEnd } from "./transfer-end.ts";
import { packChannelProtocol } from "./pack-listener.ts";
import {
  channelBindingLabel,
  channelBindingLength,
  decodePackAnswer,
  encodeFrame,
  FrameReader,
  packRequestCodec,
  provePeer,
} from "./pack-request.ts";

/** The link's protocol of the fallback. */
export const packStreamProtocol = "pack/1";

/** What fetching needs. */
export interface PackChannelOptions {
  readonly nodeSeed: PrivateSeed;
  readonly link: Pick<NodeLink, "openStream">;
  readonly pace: Pick<TransferPace, "stallMs" | "bytesPerSecondMin">;
  readonly onEnd?: OnTransferEnd;
}

/** Opens transfers from holders. */
export class PackChannel {
  readonly #options: PackChannelOptions;

  constructor(options: PackChannelOptions) {
    this.#options = options;
  }

  /**
   * The bytes of an offered pack from `offset` on; exactly as many as are left, or a throw.
   *
   * Throws `TransferError`, or the signal's reason.
   */
  async *fetch(offer: PackOffer, offset: number, signal: AbortSignal): AsyncGenerator<Uint8Array, void, undefined> {
    using watch = new ProgressWatch(this.#options.pace);
    const either = AbortSignal.any([signal, watch.signal]);
    const bytesLeft = offer.signed.grant.pack.sizeBytes - offset;
    using measure = new TransferMeasure(this.#options.onEnd, { direction: "in", way: "tls", offset });
    const onFallback = (): void => void (measure.way = "stream");
    try {
      for await (const chunk of bodyOf(this.#open(offer, offset, { signal: either, onFallback }), bytesLeft)) {
        watch.moved(chunk.length);
        measure.bytes += chunk.length;
        yield chunk;
      }
    } catch (error) {
      if (isTransferError(error, "refused")) measure.outcome = "refused";
      either.throwIfAborted();
      if (error instanceof TransferError) throw error;
      throw broken(measure.bytes, { cause: error });
    }
    if (measure.bytes < bytesLeft) throw broken(measure.bytes);
    measure.outcome = "complete";
  }

  async *#open(
    offer: PackOffer,
    offset: number,
    { signal, onFallback }: { readonly signal: AbortSignal; readonly onFallback: () => void },
  ): AsyncGenerator<Uint8Array, void, undefined> {
    for (const address of offer.addresses) {
      const socket = await connectPinned(address, offer, signal);
      if (socket === undefined) continue;
      yield* this.#askOverTls(socket, offer, { offset, signal });
      return;
    }
    const { grantor } = offer.signed.grant;
    onFallback();
    const request = encode(packRequestCodec, { signed: offer.signed, offset, proof: undefined });
    yield* this.#options.link.openStream(grantor, packStreamProtocol, request, { signal });
  }

  async *#askOverTls(
    socket: TLSSocket,
    { signed }: PackOffer,
    { offset, signal }: { readonly offset: number; readonly signal: AbortSignal },
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const onAbort = (): void => void socket.destroy();
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      const binding = socket.exportKeyingMaterial(channelBindingLength, channelBindingLabel, Buffer.alloc(0));
      const proof = provePeer(this.#options.nodeSeed, { signed, offset, binding });
      socket.write(encodeFrame(packRequestCodec, { signed, offset, proof }));
      for await (const chunk of socket as AsyncIterable<Buffer>) yield chunk;
    } finally {
      signal.removeEventListener("abort", onAbort);
      socket.destroy();
    }
  }
}

function broken(receivedBytes: number, cause?: ErrorOptions): TransferError {
  return new TransferError("broken", "the transfer broke off", { receivedBytes }, cause);
}

/** Checks the answer's frame and that no byte too many follows. */
async function* bodyOf(source: AsyncIterable<Uint8Array>, bytesLeft: number): AsyncGenerator<Uint8Array> {
  const reader = new FrameReader(packAnswerBytesMax);
  let left: number | undefined;
  for await (const chunk of source) {
    let body: Uint8Array = chunk;
    if (left === undefined) {
      const found = reader.push(chunk);
      if (found === undefined) continue;
      const answer = decodePackAnswer(found.frame);
      if (answer.type === "refused")
        throw new TransferError("refused", `the holder gives no bytes: ${answer.reason}`, { reason: answer.reason });
      if (answer.bytes !== bytesLeft) throw new TransferError("wrong-bytes", "the pack has another size", undefined);
      left = bytesLeft;
      body = found.rest;
    }
    left -= body.length;
    if (left < 0) throw new TransferError("wrong-bytes", "more bytes came than the pack has", undefined);
    if (body.length > 0) yield body;
  }
}

/** A connection to the holder itself; undefined when nobody can be reached there. Throws `wrong-peer`. */
async function connectPinned(
  address: string,
  { signed }: PackOffer,
  signal: AbortSignal,
): Promise<TLSSocket | undefined> {
  signal.throwIfAborted();
  const colon = address.lastIndexOf(":");
  const host = address.slice(0, colon).replace(/^\[(.*)\]$/, "$1");
  const socket = connect({
    host,
    port: Number(address.slice(colon + 1)),
    minVersion: "TLSv1.3",
    ALPNProtocols: [packChannelProtocol],
    // No authority vouches for the certificate; the pin below does, before a byte is sent.
    rejectUnauthorized: false,
    checkServerIdentity: () => undefined,
  });
  socket.on("error", () => {});
  try {
    await once(socket, "secureConnect", { signal: AbortSignal.any([signal, AbortSignal.timeout(handshakeTimeoutMs)]) });
  } catch {
    socket.destroy();
    signal.throwIfAborted();
    return undefined;
  }
  const shown = socket.getPeerX509Certificate();
  if (shown !== undefined && equalBytes(fingerprintOf(shown.raw), signed.grant.certificate)) return socket;
  socket.destroy();
  throw new TransferError("wrong-peer", `${address} is not the node that gave the grant`, undefined);
}
