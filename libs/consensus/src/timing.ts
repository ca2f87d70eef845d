/** Every duration of the protocol, in milliseconds (docs/protocol/consensus.md, "Timers"). */
export interface Timing {
  /** Without a proposal for so long a validator nullifies the view. */
  readonly leaderMs: number;
  /** Without a certificate for so long it does, too. */
  readonly advanceMs: number;
  /** How often it repeats its votes of a view that does not end. */
  readonly resendMs: number;
  /** Factor on `leaderMs` and `advanceMs` for each view in a row that was not finalized. */
  readonly growth: number;
  /** Longest that growth makes them. */
  readonly viewMsMax: number;
  /** A leader that was silent for so long, while a quorum was not, is nullified at once. */
  readonly inactiveMs: number;
  /** The same for one whose connection is down. */
  readonly disconnectedMs: number;
  /** Without a finalization for so long, while work waits, everything above the last one is sent again. */
  readonly standStillMs: number;
  /** A network makes a block when its last one is so old. Wall time. */
  readonly heartbeatMs: number;
  /** How long a leader without work waits for its parent to be finalized before it proposes an empty block. */
  readonly emptyBlockDelayMs: number;
  /** Least distance of a leader's proposals. */
  readonly blockIntervalMs: number;
  /** How far a header's time may be from a voter's clock. Wall time. */
  readonly clockSkewMs: number;
  /** How often a node tells its peers where it is. */
  readonly statusMs: number;
  /** How long a restarted validator waits for its peers' answers when its journal looks whole. */
  readonly restoreWaitMs: number;
  /** How long a peer has for an answer before another is asked. */
  readonly fetchMs: number;
}

/** For validators in one region. */
export const lanTiming: Timing = {
  leaderMs: 1_000,
  advanceMs: 1_500,
  resendMs: 1_000,
  growth: 1.5,
  viewMsMax: 30_000,
  inactiveMs: 10_000,
  disconnectedMs: 500,
  standStillMs: 5_000,
  heartbeatMs: 60_000,
  emptyBlockDelayMs: 300,
  blockIntervalMs: 0,
  clockSkewMs: 5_000,
  statusMs: 5_000,
  restoreWaitMs: 1_000,
  fetchMs: 500,
};

/** For validators on several continents. */
export const wanTiming: Timing = {
  ...lanTiming,
  leaderMs: 2_000,
  advanceMs: 3_000,
  resendMs: 2_000,
  inactiveMs: 20_000,
  disconnectedMs: 2_000,
  standStillMs: 10_000,
  emptyBlockDelayMs: 600,
  restoreWaitMs: 2_000,
  fetchMs: 1_000,
};

/** `baseMs` after `unfinalizedViews` views in a row that were not finalized. */
export function grownMs(baseMs: number, unfinalizedViews: number, timing: Timing): number {
  const cap = Math.max(baseMs, timing.viewMsMax);
  let grown = baseMs;
  for (let index = 0; index < unfinalizedViews && grown < cap; index++) grown *= timing.growth;
  return Math.min(cap, grown);
}
