/** Consensus' ports over what a node has: its clock, its network, its chain. */
import type { Clock, FinalizedBlock, Transport } from "@guts/consensus";
import type { Network } from "@guts/network";
import type { Chain } from "../chain/chain.ts";
import { CHANNELS } from "@guts/transfer";
import type { PeerNumbers } from "./peer-numbers.ts";

/** Time of this machine. */
export const systemClock: Clock = {
  now: Date.now,
  monotonic: () => performance.now(),
  setTimer: (delayMs, fire) => {
    if (delayMs <= 0) {
      const immediate = setImmediate(fire); // A timeout of 0 is one of 1 ms, at every hop of a message.
      return () => clearImmediate(immediate);
    }
    const timer = setTimeout(fire, delayMs);
    return () => clearTimeout(timer);
  },
};

/** Sends over direct streams; a peer whose queue is full loses the frame, and consensus repeats what matters. */
export function transportOver(network: Network, peers: PeerNumbers): Transport {
  return {
    send: (to, frame) => {
      const nodeId = peers.nodeOf(to);
      if (nodeId !== undefined) network.send(nodeId, CHANNELS.consensus, frame);
    },
    broadcast: (frame) => {
      for (const { nodeId, role } of network.peers())
        if (role !== undefined) network.send(nodeId, CHANNELS.consensus, frame);
    },
  };
}

/** Where the chain on disk ends. */
export function floorOf({ state }: Chain): FinalizedBlock {
  const { hash, height, time } = state.tip;
  const stored = state.block(height);
  if (stored === undefined) return { hash, height, time, view: 0 };
  const { header, finality } = stored;
  return { hash, height, time, view: header.view, header, certificate: finality.certificate };
}
