/**
 * The libp2p node under a network, with every setting that differs from libp2p's defaults and why.
 */
import type { GossipSub, GossipSubComponents } from "@libp2p/gossipsub";
import { identify, type Identify } from "@libp2p/identify";
import type { ConnectionGater, Libp2p, PrivateKey } from "@libp2p/interface";
import type { KadDHT, KadDHTComponents } from "@libp2p/kad-dht";
import { ping, type Ping } from "@libp2p/ping";
import { tcp } from "@libp2p/tcp";
import { createLibp2p as create, type Libp2pOptions as Init } from "libp2p";

import { BoundedDatastore } from "./bounded-datastore.ts";
import { boundedYamux } from "./bounded-yamux.ts";
import { lazyEncrypter } from "./lazy-encrypter.ts";
import type { NetworkLimits } from "./limits.ts";
import type { NodeId } from "@guts/primitives";

/** What a network runs over libp2p's own protocols. */
export type NetworkServices = {
  readonly identify: Identify;
  readonly ping: Ping;
  readonly gossip: GossipSub;
  readonly routing: KadDHT;
};

/** What the libp2p node is made of. */
export interface Libp2pOptions {
  readonly privateKey: PrivateKey;
  /** Begins the names of libp2p's own protocols, so that networks do not mix. */
  readonly protocolPrefix: string;
  readonly listen: { readonly host: string; readonly port: number } | undefined;
  readonly announce: readonly string[];
  readonly gater: ConnectionGater;
  readonly isAdmitted: (nodeId: NodeId) => boolean;
  readonly gossip: (components: GossipSubComponents) => GossipSub;
  readonly routing: (components: KadDHTComponents) => KadDHT;
  readonly limits: NetworkLimits;
}

/** What libp2p hands to the parts that it is made of. */
type Components = Parameters<NonNullable<Init["connectionEncrypters"]>[number]>[0];

const mebibyte = 1024 * 1024;
const windowBytes = mebibyte;

/** Makes a libp2p node, to be started once its protocols have handlers. It dials nobody of its own accord. */
export async function createLibp2p(options: Libp2pOptions): Promise<Libp2p<NetworkServices>> {
  const { limits, listen, protocolPrefix } = options;
  return create<NetworkServices>({
    start: false,
    privateKey: options.privateKey,
    nodeInfo: { name: "guts", version: "1", userAgent: "guts" },
    addresses: {
      listen: listen === undefined ? [] : [listenAddressOf(listen)],
      announce: [...options.announce],
    },
    datastore: new BoundedDatastore(options.isAdmitted, limits.providerRecordCountMax),
    transports: [tcp({ maxConnections: 2 * limits.connectionCountMax, backlog: 128 })],
    // TLS costs a third less than Noise where both are there (measured on Node 24).
    connectionEncrypters: [
      lazyEncrypter<Components>("/tls/1.0.0", async () => (await import("@libp2p/tls")).tls()),
      lazyEncrypter<Components>("/noise", async () => (await import("@libp2p/noise")).noise()),
    ],
    streamMuxers: [createMuxer(limits)],
    connectionGater: options.gater,
    connectionManager: {
      maxConnections: limits.connectionCountMax,
      maxIncomingPendingConnections: limits.pendingConnectionCountMax,
      // The default of 5 a second refuses a cluster behind one address.
      inboundConnectionThreshold: limits.connectionsPerSecondPerHost,
      inboundUpgradeTimeout: limits.dialTimeoutMs,
      dialTimeout: limits.dialTimeoutMs,
      addressDialTimeout: limits.addressDialTimeoutMs,
      connectionCloseTimeout: limits.closeMs,
      // Redialling is ours: `dialer.ts`.
      reconnectRetries: 0,
    },
    // It aborts connections when an event loop stalls; the direct streams have pings of their own.
    connectionMonitor: { enabled: false },
    services: {
      identify: identify({ protocolPrefix }),
      ping: ping({ protocolPrefix }),
      gossip: options.gossip,
      routing: options.routing,
    },
  });
}

function createMuxer({ frameBytesMax, connectionWriteBytesMax }: NetworkLimits): ReturnType<typeof boundedYamux> {
  return boundedYamux(
    {
      maxInboundStreams: 512,
      maxOutboundStreams: 512,
      streamOptions: {
        // libp2p lets windows grow to 16 MiB while it resets a paused stream that holds 4.
        maxStreamWindowSize: windowBytes,
        maxReadBufferLength: 4 * windowBytes,
        // libp2p's own protocols do not wait for a peer that reads nothing. Ours do, after one whole frame at most.
        maxWriteBufferLength: frameBytesMax + mebibyte,
      },
    },
    { frameBytesMax: windowBytes, writeBufferBytesMax: connectionWriteBytesMax },
  );
}

function listenAddressOf({ host, port }: { readonly host: string; readonly port: number }): string {
  return `/${host.includes(":") ? "ip6" : "ip4"}/${host}/tcp/${port}`;
}
