/**
 * Stays connected with the nodes it was told to: dials at once, then with a growing delay, from every address known.
 *
 * Addresses are tried in this order: those of the bootstrap list and of `addAddress`, those learned when nodes
 * introduced themselves, and from the fourth failure on those that other nodes know.
 */
import type { Libp2p } from "@libp2p/interface";
import { multiaddr, type Multiaddr } from "@multiformats/multiaddr";

import type { NodeId } from "@guts/primitives";

import type { Counters } from "./counters.ts";
import { NetworkError } from "./errors.ts";
import { peerIdOf, type NodeAddress } from "./identity.ts";
import type { NetworkLimits } from "./limits.ts";
import type { Links } from "./links.ts";
import type { NetworkLog } from "./network.ts";

const failuresBeforeLookup = 3;
const lookupTimeoutMs = 3_000;

/** What dialling needs of the node. */
export interface DialerOptions {
  readonly self: NodeId;
  readonly libp2p: Libp2p;
  readonly links: Links;
  readonly limits: NetworkLimits;
  readonly counters: Counters;
  readonly log: NetworkLog;
  readonly random: () => number;
  readonly findPeer: (nodeId: NodeId, signal: AbortSignal) => Promise<readonly string[]>;
}

interface Attempts {
  failures: number;
  connectedAt: number;
  timer: NodeJS.Timeout | undefined;
  isDialling: boolean;
}

/** Keeps connections up. */
export class Dialer {
  readonly #options: DialerOptions;
  readonly #addressesByNode = new Map<NodeId, Map<string, Multiaddr>>();
  readonly #attemptsByNode = new Map<NodeId, Attempts>();
  readonly #closed = new AbortController();

  constructor(options: DialerOptions) {
    this.#options = options;
  }

  /** Remembers an address; the newest `addressesPerNodeMax` stay. */
  addAddress({ nodeId, multiaddr }: NodeAddress): void {
    const addresses = this.#addressesByNode.get(nodeId) ?? new Map<string, Multiaddr>();
    this.#addressesByNode.set(nodeId, addresses);
    addresses.delete(multiaddr.toString());
    addresses.set(multiaddr.toString(), multiaddr);
    for (const oldest of addresses.keys()) {
      if (addresses.size <= this.#options.limits.addressesPerNodeMax) return;
      addresses.delete(oldest);
    }
  }

  /** The nodes to stay connected with from now on. */
  keep(nodes: ReadonlySet<NodeId>): void {
    for (const [nodeId, { timer }] of this.#attemptsByNode) {
      if (nodes.has(nodeId)) continue;
      clearTimeout(timer);
      this.#attemptsByNode.delete(nodeId);
    }
    for (const nodeId of nodes) {
      if (nodeId === this.#options.self || this.#attemptsByNode.has(nodeId)) continue;
      this.#attemptsByNode.set(nodeId, { failures: 0, connectedAt: 0, timer: undefined, isDialling: false });
      this.#schedule(nodeId);
    }
  }

  /** Notes that a direct stream opened or ended. */
  onChange(nodeId: NodeId, isConnected: boolean): void {
    const attempts = this.#attemptsByNode.get(nodeId);
    if (attempts === undefined) return;
    if (isConnected) attempts.connectedAt = performance.now();
    // A connection that ends at once is a failure like any other, so that two nodes do not spin.
    else if (performance.now() - attempts.connectedAt >= this.#options.limits.redialDelayMaxMs) attempts.failures = 0;
    else attempts.failures += 1;
    this.#schedule(nodeId);
  }

  /** Dials once and waits for the direct stream. Throws `not-connected`, or the signal's reason. */
  async connect(nodeId: NodeId, signal: AbortSignal): Promise<void> {
    const { links, libp2p, counters, limits } = this.#options;
    signal.throwIfAborted();
    if (links.get(nodeId) !== undefined) return;
    const deadline = AbortSignal.any([
      signal,
      this.#closed.signal,
      AbortSignal.timeout(limits.dialTimeoutMs + limits.linkTimeoutMs),
    ]);
    counters.dials += 1;
    try {
      const addresses = await this.#addressesOf(nodeId, deadline);
      if (addresses.length === 0) throw new NetworkError("not-connected", "no address is known", { nodeId });
      await libp2p.dial([...addresses], { signal: deadline });
      await links.opened(nodeId, deadline);
    } catch (cause) {
      signal.throwIfAborted();
      if (links.get(nodeId) !== undefined) return;
      counters.dialsFailed += 1;
      throw new NetworkError("not-connected", "the node could not be reached", { nodeId }, { cause });
    }
  }

  /** Dials no more. */
  close(): void {
    this.#closed.abort(new NetworkError("closed", "this network is closed", {}));
    for (const { timer } of this.#attemptsByNode.values()) clearTimeout(timer);
    this.#attemptsByNode.clear();
  }

  #schedule(nodeId: NodeId): void {
    const attempts = this.#attemptsByNode.get(nodeId);
    const isIdle = attempts !== undefined && !attempts.isDialling && attempts.timer === undefined;
    if (!isIdle || this.#closed.signal.aborted || this.#options.links.get(nodeId) !== undefined) return;
    attempts.timer = setTimeout(() => {
      attempts.timer = undefined;
      void this.#attempt(nodeId, attempts);
    }, this.#delayAfter(attempts.failures));
  }

  /** 0 for the first dial; then the growing delay, half of it by chance. */
  #delayAfter(failures: number): number {
    const { redialDelayMs, redialDelayMaxMs } = this.#options.limits;
    if (failures === 0) return 0;
    const bound = Math.min(redialDelayMaxMs, redialDelayMs * 2 ** Math.min(failures - 1, 20));
    return bound * (0.5 + this.#options.random() / 2);
  }

  async #attempt(nodeId: NodeId, attempts: Attempts): Promise<void> {
    attempts.isDialling = true;
    try {
      await this.connect(nodeId, this.#closed.signal);
    } catch (error) {
      attempts.failures += 1;
      const reason = error instanceof Error ? error.message : "unknown";
      this.#options.log.debug({ nodeId, failures: attempts.failures, reason }, "a node could not be reached");
    } finally {
      attempts.isDialling = false;
    }
    if (this.#attemptsByNode.get(nodeId) === attempts) this.#schedule(nodeId);
  }

  async #addressesOf(nodeId: NodeId, signal: AbortSignal): Promise<readonly Multiaddr[]> {
    const addresses = new Map(this.#addressesByNode.get(nodeId));
    const failures = this.#attemptsByNode.get(nodeId)?.failures ?? 0;
    const learned = await this.#learnedAddresses(nodeId);
    const looked = failures >= failuresBeforeLookup || addresses.size + learned.length === 0;
    const foreign = looked ? await this.#lookup(nodeId, signal) : [];
    for (const text of [...learned, ...foreign])
      if (addresses.size < this.#options.limits.addressesPerNodeMax) addresses.set(text, multiaddr(text));
    return [...addresses.values()];
  }

  /** What the node told of itself, here or earlier. */
  async #learnedAddresses(nodeId: NodeId): Promise<readonly string[]> {
    const peerId = peerIdOf(nodeId);
    if (!(await this.#options.libp2p.peerStore.has(peerId))) return [];
    const { addresses } = await this.#options.libp2p.peerStore.get(peerId);
    return addresses.map(({ multiaddr }) => withPeerId(multiaddr.toString(), peerId.toString()));
  }

  async #lookup(nodeId: NodeId, signal: AbortSignal): Promise<readonly string[]> {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(lookupTimeoutMs)]);
    try {
      return await this.#options.findPeer(nodeId, deadline);
    } catch {
      return []; // Other nodes are a last resort; that they do not know either is no failure of its own.
    }
  }
}

/** The multiaddr's text with the peer id that libp2p leaves out of what it remembers. */
export function withPeerId(text: string, peerId: string): string {
  return text.includes("/p2p/") ? text : `${text}/p2p/${peerId}`;
}
