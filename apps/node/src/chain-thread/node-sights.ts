/**
 * What this node sees of the others: who is connected, what height each serves, which release it runs. Every node tells the
 * others what it serves as soon as it does.
 */
import { encode, type Height, type NodeId, type TimeMs } from "@guts/primitives";
import type { Network } from "@guts/network";
import type { NodeSight } from "./contract.ts";
import { CHANNELS, servedFrameCodec, tryDecode } from "@guts/transfer";
import { PeerClocks } from "./peer-clocks.ts";
import { servedGraceMs, ServedHeights } from "./served-heights.ts";

/** What the sights need. */
export interface NodeSightsOptions {
  readonly network: Network;
  readonly validators: readonly NodeId[];
  readonly version: string;
  readonly url: string;
  readonly height: Height;
  readonly now: () => number;
  /** A node said something new of itself. */
  readonly onTold: () => void;
  /** The lowest height that all connected, healthy validators serve has changed. */
  readonly onServed: (height: number) => void;
}

interface Told {
  readonly height: Height;
  readonly version: string;
  readonly url: string;
  readonly time: TimeMs;
}

/** Nodes that are no validators and are remembered. */
const othersMax = 256;

/** The other nodes of the network. */
export class NodeSights {
  readonly #options: NodeSightsOptions;
  readonly #served: ServedHeights;
  readonly #clocks: PeerClocks;
  readonly #told = new Map<NodeId, Told>();
  #own: Height;

  constructor(options: NodeSightsOptions) {
    const { network, validators, height, onServed } = options;
    this.#options = options;
    this.#own = height;
    const others = validators.filter((nodeId) => nodeId !== network.nodeId);
    this.#served = new ServedHeights(others, height, onServed);
    this.#clocks = new PeerClocks(others);
  }

  /** This node serves a height: the others are told, and those that do not follow within the grace are slow. */
  serve(height: Height): void {
    this.#own = height;
    this.#served.serve(height);
    for (const { nodeId, role } of this.#options.network.peers()) if (role !== undefined) this.#tell(nodeId);
    setTimeout(() => this.#served.expire(height), servedGraceMs).unref();
  }

  setConnected(nodeId: NodeId, isConnected: boolean): void {
    this.#served.setConnected(nodeId, isConnected);
    if (isConnected) this.#tell(nodeId);
    else this.#clocks.forget(nodeId);
  }

  /** A frame of another node. */
  hear(from: NodeId, frame: Uint8Array): void {
    const { network, now, validators } = this.#options;
    const told = tryDecode(servedFrameCodec, frame);
    if (told === undefined) {
      network.penalize(from, 20, "a notice of its height that cannot be read");
      return;
    }
    this.#clocks.hear(from, told.time, now());
    const isKnown = this.#told.has(from) || validators.includes(from);
    if (isKnown || this.#told.size < validators.length + othersMax) {
      this.#told.set(from, { ...told, time: now() as TimeMs });
      this.#options.onTold();
    }
    this.#served.report(from, told.height);
  }

  /** Validators that are connected and answer, this node included when it is one. */
  answeringCount(): number {
    const { network, validators } = this.#options;
    const answering = new Set(network.peers().flatMap(({ nodeId, isAnswering }) => (isAnswering ? [nodeId] : [])));
    answering.add(network.nodeId);
    return validators.filter((nodeId) => answering.has(nodeId)).length;
  }

  /** How far this node's clock is ahead of the other validators', in milliseconds; undefined while too few are connected. */
  clockAheadMs(): number | undefined {
    return this.#clocks.aheadMs();
  }

  list(): readonly NodeSight[] {
    const peers = new Map(this.#options.network.peers().map((peer) => [peer.nodeId, peer]));
    const nodes = new Set([...this.#options.validators, ...peers.keys(), ...this.#told.keys()]);
    nodes.delete(this.#options.network.nodeId);
    return Array.from(nodes, (nodeId) => {
      const told = this.#told.get(nodeId);
      return {
        nodeId,
        isConnected: peers.has(nodeId),
        isAnswering: peers.get(nodeId)?.isAnswering ?? false,
        servedHeight: told?.height,
        version: told?.version,
        url: told?.url,
        heardTime: told?.time,
        rttMs: peers.get(nodeId)?.rttMs,
      };
    });
  }

  #tell(nodeId: NodeId): void {
    const { version, url, now } = this.#options;
    const frame = encode(servedFrameCodec, { height: this.#own, version, url, time: now() as TimeMs });
    this.#options.network.send(nodeId, CHANNELS.served, frame);
  }
}
