import { nodeIdOf, publicKeyOf, toHex } from "@guts/primitives";

import { createConnectionGater } from "./admission.ts";
import { createLibp2p } from "./create-libp2p.ts";
import { createGossipService, type GossipOptions } from "./gossip.ts";
import { parseNodeAddress, privateKeyOfSeed } from "./identity.ts";
import { networkLimits, type NetworkLimits } from "./limits.ts";
import { Membership } from "./membership.ts";
import type { Network, NetworkLog, NetworkOptions } from "./network.ts";
import { OpenNetwork, type Foundation } from "./open-network-node.ts";
import { createRoutingService } from "./routing.ts";

/**
 * Joins a network: listens, dials the bootstrap list, and keeps at it until disposed. Resolves as soon as it listens.
 * Throws `bad-address` for a bad bootstrap list, libp2p's error when the port is taken, or the signal's reason.
 */
export async function openNetwork(options: NetworkOptions, signal: AbortSignal): Promise<Network> {
  return openNetworkWithin(options, networkLimits, signal);
}

/** `openNetwork` with other bounds, for tests of them. */
export async function openNetworkWithin(
  options: NetworkOptions,
  limits: NetworkLimits,
  signal: AbortSignal,
): Promise<Network> {
  signal.throwIfAborted();
  const bootstrap = options.peers.map((text) => parseNodeAddress(text));
  const self = nodeIdOf(publicKeyOf(options.seed));
  const membership = new Membership({
    roleOf: options.roleOf,
    bootstrap: new Set(bootstrap.map(({ nodeId }) => nodeId)),
    limits,
    onMisbehaviour: options.onMisbehaviour,
  });
  const prefix = `guts/${toHex(options.networkId.subarray(0, 16))}`;
  const foundation: Foundation = { self, prefix, options, bootstrap, limits, membership, log: options.log ?? silent };
  const network = new OpenNetwork(foundation);
  options.prepare?.(network);
  const gossip: GossipOptions = network.gossipOptions(`${prefix}/`);
  const libp2p = await createLibp2p({
    privateKey: privateKeyOfSeed(options.seed),
    protocolPrefix: prefix,
    listen: options.listen,
    announce: options.announce ?? [],
    gater: createConnectionGater({
      isAdmitted: membership.isAdmitted,
      makeWay: network.makeWay,
      onRefused: network.onConnectionRefused,
    }),
    isAdmitted: membership.isAdmitted,
    gossip: createGossipService(gossip),
    routing: createRoutingService(`/${prefix}/kad/1`),
    limits,
  });
  await network.start(libp2p, gossip);
  if (signal.aborted) {
    await network[Symbol.asyncDispose]();
    signal.throwIfAborted();
  }
  return network;
}

const silent: NetworkLog = { debug() {}, info() {}, warn() {} };
