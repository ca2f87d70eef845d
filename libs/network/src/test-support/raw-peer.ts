/** A peer that has a node's key but none of its manners: libp2p with streams that a test writes to as it likes. */
import type { Connection, Libp2p, Stream } from "@libp2p/interface";
import { multiaddr } from "@multiformats/multiaddr";

import { toHex } from "@guts/primitives";

import { createLibp2p, type NetworkServices } from "../create-libp2p.ts";
import { createGossipService } from "../gossip.ts";
import { privateKeyOfSeed } from "../identity.ts";
import { networkLimits } from "../limits.ts";
import { createRoutingService } from "../routing.ts";
import { networkIdOf, seedOf, type TestNode } from "./nodes.ts";

/** A raw peer. */
export class RawPeer implements AsyncDisposable {
  readonly libp2p: Libp2p<NetworkServices>;
  readonly prefix: string;
  /** Streams that the other side opened for frames. */
  readonly links: Stream[] = [];

  private constructor(libp2p: Libp2p<NetworkServices>, prefix: string) {
    this.libp2p = libp2p;
    this.prefix = prefix;
  }

  /** A peer with the key of the node that is called `name`. */
  static async open(name: string, topics: readonly string[] = []): Promise<RawPeer> {
    const prefix = `guts/${toHex(networkIdOf("test").subarray(0, 16))}`;
    const libp2p = await createLibp2p({
      privateKey: privateKeyOfSeed(seedOf(name)),
      protocolPrefix: prefix,
      listen: undefined,
      announce: [],
      gater: {},
      isAdmitted: () => true,
      gossip: createGossipService({
        prefix: `${prefix}/`,
        topics,
        limits: networkLimits,
        log: { debug() {}, info() {}, warn() {} },
        onRejected() {},
      }),
      routing: createRoutingService(`/${prefix}/kad/1`),
      limits: networkLimits,
    });
    await libp2p.start();
    return new RawPeer(libp2p, prefix);
  }

  async connect(to: TestNode): Promise<Connection> {
    return this.libp2p.dial(multiaddr(to.address));
  }

  /** Connects and opens the stream of frames; only a peer with the lower id may. */
  async openLink(to: TestNode): Promise<Stream> {
    const connection = await this.connect(to);
    return connection.newStream(`/${this.prefix}/link/1`);
  }

  /** Connects and opens a stream for a call. */
  async openCall(to: TestNode): Promise<Stream> {
    const connection = await this.connect(to);
    return connection.newStream(`/${this.prefix}/call/1`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.libp2p.stop();
  }
}

/** Resolves when the stream is closed, however. */
export async function closed(stream: Stream | Connection): Promise<void> {
  if (stream.status !== "open") return;
  const { promise, resolve } = Promise.withResolvers<void>();
  const target: EventTarget = stream;
  target.addEventListener("close", () => resolve(), { once: true });
  await promise;
}
