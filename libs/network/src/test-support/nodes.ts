/** Networks of real nodes on loopback, for tests. */
import { createHash } from "node:crypto";

import {
  nodeIdOf,
  parseDigest,
  parsePrivateSeed,
  publicKeyOf,
  type Digest,
  type NodeId,
  type PrivateSeed,
} from "@guts/primitives";

import { networkLimits, type NetworkLimits } from "../limits.ts";
import type { MisbehaviourReport, Network, NetworkOptions, NodeRole } from "../network.ts";
import { openNetworkWithin } from "../open-network.ts";

const hash = (text: string): Uint8Array => createHash("sha256").update(text).digest();

/** A network id. */
export const networkIdOf = (name: string): Digest => parseDigest(new Uint8Array(hash(`network ${name}`)))!;
/** A node's seed. */
export const seedOf = (name: string): PrivateSeed => parsePrivateSeed(new Uint8Array(hash(`seed ${name}`)))!;
/** A node's id. */
export const idOf = (name: string): NodeId => nodeIdOf(publicKeyOf(seedOf(name)));

/** What a test may choose. */
export interface TestNodeOptions extends Partial<Omit<NetworkOptions, "listen">> {
  readonly limits?: Partial<NetworkLimits>;
  readonly port?: number;
}

/** A node with what it was told. */
export interface TestNode {
  readonly name: string;
  readonly network: Network;
  readonly id: NodeId;
  readonly address: string;
  readonly misbehaviour: MisbehaviourReport[];
}

/** Opens nodes that know each other's roles and closes them all. */
export class TestNetwork implements AsyncDisposable {
  readonly roleByNode = new Map<NodeId, NodeRole>();
  readonly #open: AsyncDisposable[] = [];

  /** Gives a node a role. */
  admit(name: string, role: NodeRole = "validator"): void {
    this.roleByNode.set(idOf(name), role);
  }

  /** Opens a node that is called `name`, which gives it its key. */
  async node(name: string, options: TestNodeOptions = {}): Promise<TestNode> {
    const misbehaviour: MisbehaviourReport[] = [];
    const { limits, port, ...chosen } = options;
    const network = await openNetworkWithin(
      {
        seed: seedOf(name),
        networkId: networkIdOf("test"),
        listen: { host: "127.0.0.1", port: port ?? 0 },
        peers: [],
        roleOf: (nodeId) => this.roleByNode.get(nodeId),
        onMisbehaviour: (report) => misbehaviour.push(report),
        ...chosen,
      },
      { ...networkLimits, ...limits },
      AbortSignal.timeout(20_000),
    );
    const node = { name, network, id: network.nodeId, address: network.addresses[0] ?? "", misbehaviour };
    this.#open.push(network);
    return node;
  }

  /** Closes the item with the nodes. */
  owned<Item extends AsyncDisposable>(item: Item): Item {
    this.#open.push(item);
    return item;
  }

  /** A pair of connected validators, the one with the lower id first. */
  async pair(options: TestNodeOptions = {}): Promise<readonly [TestNode, TestNode]> {
    const [low, high] = orderedNames("a", "b");
    this.admit(low);
    this.admit(high);
    const first = await this.node(low, options);
    const second = await this.node(high, { ...options, peers: [first.address] });
    await Promise.all([connected(first, second.id), connected(second, first.id)]);
    return [first, second];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#open.map(async (item) => item[Symbol.asyncDispose]()));
  }
}

/** Two names in the order of their nodes' ids. */
export function orderedNames(one: string, other: string): readonly [low: string, high: string] {
  return idOf(one) < idOf(other) ? [one, other] : [other, one];
}

/** Resolves when the node has a direct stream with another one. */
export async function connected({ network }: TestNode, to: NodeId): Promise<void> {
  return changed(network, to, true);
}

/** Resolves when the node has no direct stream with another one. */
export async function disconnected({ network }: TestNode, from: NodeId): Promise<void> {
  return changed(network, from, false);
}

async function changed(network: Network, nodeId: NodeId, isConnected: boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  network.onPeers((change) => {
    if (change.nodeId === nodeId && change.isConnected === isConnected) resolve();
  });
  if (network.peers().some((peer) => peer.nodeId === nodeId) === isConnected) resolve();
  return promise;
}

/** Collects what a handler is called with, and waits for a number of calls. */
export class Inbox<Item> {
  readonly items: Item[] = [];
  #waiting: { readonly count: number; readonly resolve: () => void }[] = [];

  readonly add = (item: Item): void => {
    this.items.push(item);
    for (const { count, resolve } of this.#waiting) if (this.items.length >= count) resolve();
    this.#waiting = this.#waiting.filter(({ count }) => count > this.items.length);
  };

  async has(count: number): Promise<readonly Item[]> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.items.length >= count) resolve();
    else this.#waiting.push({ count, resolve });
    await promise;
    return this.items;
  }
}
