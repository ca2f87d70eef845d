import type { NetworkMetrics } from "./network.ts";

/** The sums of `NetworkMetrics`, to be counted up where things happen. */
export type Counters = { -readonly [Name in Exclude<keyof NetworkMetrics, "peerCount">]: number };

/** All sums at zero. */
export function createCounters(): Counters {
  return {
    bytesIn: 0,
    bytesOut: 0,
    framesIn: 0,
    framesOut: 0,
    framesRefused: 0,
    throttles: 0,
    requestsOut: 0,
    requestsOutFailed: 0,
    requestsIn: 0,
    requestsInRefused: 0,
    streamsIn: 0,
    streamsOut: 0,
    streamBytesIn: 0,
    streamBytesOut: 0,
    dials: 0,
    dialsFailed: 0,
    connectionsRefused: 0,
    disconnects: 0,
    penalties: 0,
    bans: 0,
  };
}
