/**
 * The holder's end of the pack channel: TLS 1.3 with a certificate that grants pin, one request a connection.
 *
 * A connection is nobody's until its request proves a peer: a signature by the grant's peer over grant, offset and this
 * connection's channel binding. So a grant that somebody else saw, or a request that was recorded, opens nothing.
 */
import { once } from "node:events";
import type { AddressInfo, Socket } from "node:net";
import { createServer, type Server, type TLSSocket } from "node:tls";
import { decode, DecodeError } from "@guts/primitives";
import type { ChannelCertificate } from "./certificate.ts";
import { isTransferError } from "./errors.ts";
import { handshakeTimeoutMs, packRequestBytesMax, unaskedConnectionsMax, type TransferPace } from "./limits.ts";
import { ProgressWatch } from "./pace.ts";
import {
  channelBindingLabel,
  channelBindingLength,
  encodeFrame,
  FrameReader,
  isProvenPeer,
  packAnswerCodec,
  packRequestCodec,
  type PackRequest,
} from "./pack-request.ts";
import type { PackService } from "./pack-service.ts";

/** The protocol's name in the TLS handshake (ALPN). */
export const packChannelProtocol = "guts-packs/1";

/** How to listen. */
export interface PackListenerOptions {
  readonly host: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly certificate: ChannelCertificate;
  readonly service: PackService;
  readonly pace: Pick<TransferPace, "transfersMax" | "stallMs" | "bytesPerSecondMin">;
  /** Told of failures that are not the peer's. */
  readonly onFailure: (failure: unknown) => void;
}

/** A listener; disposing it ends every connection. */
export interface PackListener extends AsyncDisposable {
  readonly port: number;
}

/** Listens for peers that fetch packs. Throws the system's error when the port is taken. */
export async function listenForPacks(options: PackListenerOptions): Promise<PackListener> {
  const { certificate, privateKey } = options.certificate;
  const connections = new Set<Socket>();
  const server: Server = createServer({
    cert: certificate,
    key: privateKey,
    minVersion: "TLSv1.3",
    ALPNProtocols: [packChannelProtocol],
    handshakeTimeout: handshakeTimeoutMs,
  });
  server.maxConnections = options.pace.transfersMax + unaskedConnectionsMax;
  server.on("connection", (socket) => {
    connections.add(socket);
    socket.once("close", () => connections.delete(socket));
  });
  server.on("tlsClientError", () => {}); // A peer that speaks something else is nobody's business.
  server.on("secureConnection", (socket) => void answer(socket, options).catch(options.onFailure));
  server.listen(options.port, options.host);
  await Promise.race([once(server, "listening"), once(server, "error").then(([error]) => Promise.reject(error))]);
  server.on("error", options.onFailure);
  return {
    port: (server.address() as AddressInfo).port,
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, "close");
      server.close();
      for (const connection of connections) connection.destroy();
      await closed;
    },
  };
}

/** One connection from its handshake to its end. What the peer does wrong ends it without a word. */
async function answer(socket: TLSSocket, options: PackListenerOptions): Promise<void> {
  const gone = new AbortController();
  const leave = (): void => {
    gone.abort();
    socket.destroy();
  };
  socket.once("close", leave).on("error", leave); // Before anybody else hears of it: the peer's end is no failure of ours.
  socket.setTimeout(handshakeTimeoutMs, () => socket.destroy());
  const binding = socket.exportKeyingMaterial(channelBindingLength, channelBindingLabel, Buffer.alloc(0));
  const request = await readRequest(socket);
  if (request === undefined) return void socket.destroy();
  socket.setTimeout(0);
  socket.resume(); // Nothing more is expected; reading on shows when the peer leaves.
  const { signed, offset, proof } = request;
  const { peer } = signed.grant;
  if (proof === undefined || !isProvenPeer(peer, { signed, offset, binding }, proof)) {
    socket.end(encodeFrame(packAnswerCodec, { type: "refused", reason: "grant-invalid" }));
    return;
  }
  using watch = new ProgressWatch(options.pace);
  watch.signal.addEventListener("abort", () => socket.destroy());
  const signal = AbortSignal.any([watch.signal, gone.signal]);
  try {
    for await (const chunk of options.service.serve({ signed, offset, way: "tls" }, peer, signal)) {
      await write(socket, chunk, signal);
      watch.moved(chunk.length);
    }
    socket.end();
    await once(socket, "close", { signal });
  } catch (error) {
    socket.destroy();
    if (!signal.aborted) throw error;
  }
}

async function write(socket: TLSSocket, chunk: Uint8Array, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  if (!socket.write(chunk)) await once(socket, "drain", { signal });
}

/** The request of a connection; undefined when it is none. */
async function readRequest(socket: TLSSocket): Promise<PackRequest | undefined> {
  const reader = new FrameReader(packRequestBytesMax);
  try {
    for await (const chunk of socket.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      const found = reader.push(chunk);
      if (found !== undefined) return found.rest.length === 0 ? decode(packRequestCodec, found.frame) : undefined;
    }
    return undefined;
  } catch (error) {
    if (error instanceof DecodeError || isTransferError(error, "malformed") || socket.destroyed) return undefined;
    throw error;
  }
}
