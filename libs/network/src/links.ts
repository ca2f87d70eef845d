/**
 * Connections and the direct stream that each pair of nodes keeps.
 *
 * Of a pair, the node with the lower id opens the stream, whoever dialled; so there is one without negotiation. When
 * both dialled at once, the connection that the lower one dialled stays. A node that connects again although its old
 * connection is there has lost it: the old one goes.
 */
import type { Connection, Libp2p, Stream } from "@libp2p/interface";

import type { NodeId } from "@guts/primitives";

import type { Counters } from "./counters.ts";
import { NetworkError } from "./errors.ts";
import type { FrameViolation } from "./frame.ts";
import { nodeIdOfPeer, peerIdOf } from "./identity.ts";
import type { NetworkLimits } from "./limits.ts";
import { Link, type Channel } from "./link.ts";
import type { NetworkLog } from "./network.ts";

/** Within this age two connections of a pair count as dialled at once. */
const simultaneousMs = 2_000;

/** What the direct streams need of the node. */
export interface LinksOptions {
  readonly self: NodeId;
  readonly protocol: string;
  readonly channels: ReadonlyMap<number, Channel>;
  readonly limits: NetworkLimits;
  readonly counters: Counters;
  readonly log: NetworkLog;
  readonly isAdmitted: (nodeId: NodeId) => boolean;
  readonly onChange: (nodeId: NodeId, isConnected: boolean) => void;
  readonly onViolation: (nodeId: NodeId, violation: FrameViolation) => void;
}

interface Waiter {
  readonly resolve: () => void;
  readonly reject: (error: NetworkError) => void;
}

/** The direct streams of a node, one for each connected node. */
export class Links {
  readonly #options: LinksOptions;
  readonly #linkByNode = new Map<NodeId, Link>();
  readonly #waitersByNode = new Map<NodeId, Set<Waiter>>();
  #libp2p: Libp2p | undefined;
  #isClosed = false;

  constructor(options: LinksOptions) {
    this.#options = options;
  }

  /** Follows the connections of a libp2p node; to be called before it starts. */
  async start(libp2p: Libp2p): Promise<void> {
    this.#libp2p = libp2p;
    libp2p.addEventListener("connection:open", ({ detail }) => this.#onConnection(detail));
    libp2p.addEventListener("connection:close", ({ detail }) => this.#onConnectionClose(detail));
    await libp2p.handle(this.#options.protocol, this.#onIncomingStream, { maxInboundStreams: 2 });
  }

  get(nodeId: NodeId): Link | undefined {
    return this.#linkByNode.get(nodeId);
  }

  all(): Iterable<Link> {
    return this.#linkByNode.values();
  }

  /** Resolves when the direct stream with the node is open; throws `not-connected` when its connection ends first. */
  async opened(nodeId: NodeId, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    if (this.#linkByNode.has(nodeId)) return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { resolve, reject };
    const waiters = this.#waitersByNode.get(nodeId) ?? new Set();
    this.#waitersByNode.set(nodeId, waiters.add(waiter));
    const onAbort = () => reject(signal.reason as Error);
    signal.addEventListener("abort", onAbort, { once: true });
    try {
      await promise;
    } finally {
      signal.removeEventListener("abort", onAbort);
      waiters.delete(waiter);
      if (waiters.size === 0) this.#waitersByNode.delete(nodeId);
    }
  }

  /** Ends every connection with the node. */
  disconnect(nodeId: NodeId, reason: string): void {
    this.#linkByNode.get(nodeId)?.close(reason);
    for (const connection of this.#connectionsWith(nodeId)) connection.abort(new Error(reason));
  }

  /** Ends all and accepts no more. */
  close(): void {
    this.#isClosed = true;
    for (const link of [...this.#linkByNode.values()]) link.close("this node leaves");
    for (const connection of this.#libp2p?.getConnections() ?? []) connection.abort(new Error("this node leaves"));
    for (const nodeId of [...this.#waitersByNode.keys()]) this.#rejectWaiters(nodeId);
  }

  /** Decides about a connection that a node is opening: clears what it replaces, or refuses it. */
  makeWay(nodeId: NodeId): boolean {
    const { self } = this.#options;
    for (const connection of this.#connectionsWith(nodeId)) {
      const isSimultaneous = connection.direction === "outbound" && ageOf(connection) < simultaneousMs;
      if (isSimultaneous && self < nodeId) return false;
      connection.abort(new Error("replaced by a newer connection"));
    }
    return true;
  }

  #connectionsWith(nodeId: NodeId): readonly Connection[] {
    const connections = this.#libp2p?.getConnections(peerIdOf(nodeId)) ?? [];
    return connections.filter(({ status }) => status === "open");
  }

  #onConnection(connection: Connection): void {
    const nodeId = nodeIdOfPeer(connection.remotePeer);
    if (nodeId === undefined || this.#isClosed || connection.status !== "open")
      return connection.abort(new Error("not wanted"));
    if (!this.#isKept(connection, nodeId)) return connection.abort(new Error("both nodes dialled"));
    for (const other of this.#connectionsWith(nodeId))
      if (other.id !== connection.id) other.abort(new Error("replaced by a newer connection"));
    const timer = setTimeout(() => {
      if (this.#linkByNode.get(nodeId)?.connection.id !== connection.id)
        connection.abort(new Error("no direct stream was opened"));
    }, this.#options.limits.linkTimeoutMs);
    timer.unref();
    connection.addEventListener("close", () => clearTimeout(timer), { once: true });
    if (this.#options.self < nodeId) void this.#open(connection, nodeId);
  }

  /** Whether a new connection stays beside another one: not when the pair dialled at once and this is the higher one's. */
  #isKept(connection: Connection, nodeId: NodeId): boolean {
    const preferred = this.#options.self < nodeId ? "outbound" : "inbound";
    return (
      connection.direction === preferred ||
      !this.#connectionsWith(nodeId).some(
        (other) => other.id !== connection.id && other.direction === preferred && ageOf(other) < simultaneousMs,
      )
    );
  }

  #onConnectionClose(connection: Connection): void {
    const nodeId = nodeIdOfPeer(connection.remotePeer);
    if (nodeId !== undefined && this.#connectionsWith(nodeId).length === 0) this.#rejectWaiters(nodeId);
  }

  #rejectWaiters(nodeId: NodeId): void {
    for (const { reject } of this.#waitersByNode.get(nodeId) ?? [])
      reject(new NetworkError("not-connected", "the connection ended before its direct stream was open", { nodeId }));
  }

  async #open(connection: Connection, nodeId: NodeId): Promise<void> {
    const { protocol, limits, log } = this.#options;
    try {
      const stream = await connection.newStream(protocol, { signal: AbortSignal.timeout(limits.linkTimeoutMs) });
      this.#adopt(stream, connection, nodeId);
    } catch (error) {
      const reason = error instanceof Error ? error.name : "unknown";
      log.debug({ nodeId, reason }, "a connected node does not open the direct stream of this network");
      connection.abort(new Error("no direct stream"));
    }
  }

  readonly #onIncomingStream = (stream: Stream, connection: Connection): void => {
    const nodeId = nodeIdOfPeer(connection.remotePeer);
    if (nodeId === undefined || this.#options.self < nodeId) stream.abort(new Error("not yours to open"));
    else this.#adopt(stream, connection, nodeId);
  };

  #adopt(stream: Stream, connection: Connection, nodeId: NodeId): void {
    const { isAdmitted, channels, limits, counters } = this.#options;
    if (this.#isClosed || !isAdmitted(nodeId) || connection.status !== "open" || stream.status !== "open")
      return connection.abort(new Error("not admitted"));
    this.#linkByNode.get(nodeId)?.close("replaced by a newer stream");
    const link = new Link({ nodeId, stream, connection, channels, limits, counters, onClose: this.#onLinkClose });
    this.#linkByNode.set(nodeId, link);
    this.#options.log.info({ nodeId }, "a node is connected");
    for (const { resolve } of this.#waitersByNode.get(nodeId) ?? []) resolve();
    this.#options.onChange(nodeId, true);
  }

  readonly #onLinkClose = (link: Link, reason: string, violation: FrameViolation | undefined): void => {
    const { nodeId, connection } = link;
    if (this.#linkByNode.get(nodeId) === link) this.#linkByNode.delete(nodeId);
    if (reason !== "replaced by a newer stream") connection.abort(new Error(reason));
    this.#options.counters.disconnects += 1;
    this.#options.log.info({ nodeId, reason }, "a node is disconnected");
    if (violation !== undefined) this.#options.onViolation(nodeId, violation);
    this.#options.onChange(nodeId, false);
  };
}

function ageOf(connection: Connection): number {
  return Date.now() - connection.timeline.open;
}
