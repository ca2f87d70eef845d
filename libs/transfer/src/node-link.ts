import type { NodeId } from "@guts/primitives";

/** What a handler takes at most. */
export interface RequestLimits {
  readonly requestBytesMax: number;
  /** Requests of one peer that are worked on at once. */
  readonly concurrencyMax: number;
}

/**
 * How replication reaches other nodes: requests and one-way streams between nodes that know each other's keys.
 *
 * The link authenticates both ends, so `from` is who it says. Handlers that throw make the caller's request fail.
 */
export interface NodeLink {
  /** One request and its answer. Throws when the node cannot be reached, breaks off, or answers more than it may. */
  request(
    to: NodeId,
    protocol: string,
    body: Uint8Array,
    options: { readonly signal: AbortSignal; readonly responseBytesMax: number },
  ): Promise<Uint8Array>;
  /** The bytes with which a node answers a request. */
  openStream(
    to: NodeId,
    protocol: string,
    body: Uint8Array,
    options: { readonly signal: AbortSignal },
  ): AsyncIterable<Uint8Array>;
  onRequest(
    protocol: string,
    limits: RequestLimits,
    handler: (from: NodeId, body: Uint8Array, signal: AbortSignal) => Promise<Uint8Array>,
  ): void;
  onStream(
    protocol: string,
    limits: RequestLimits,
    handler: (from: NodeId, body: Uint8Array, signal: AbortSignal) => AsyncIterable<Uint8Array>,
  ): void;
}
