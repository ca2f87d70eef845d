/** Upper bounds of what one peer, or all of them, can make this node hold or do. Tested at the limit and one past it. */
export const networkLimits = {
  /** Bytes of a frame that any channel may ask for. */
  frameBytesMax: 16 * 1024 * 1024,
  /** Bytes that wait to be sent to one peer; a frame that would exceed it is refused. */
  queueBytesMax: 32 * 1024 * 1024,
  /** Frames that wait to be sent to one peer. */
  queueFramesMax: 8192,
  /** Longest time that a queue may stand still before the peer is disconnected. */
  queueStallMs: 10_000,
  /** Bytes of frames that a peer may send a second, and at once after a silence. */
  frameBytesPerSecond: 64 * 1024 * 1024,
  frameBytesBurst: 128 * 1024 * 1024,
  /** Frames that a peer may send a second, and at once after a silence. */
  framesPerSecond: 10_000,
  framesBurst: 20_000,

  /** Between two pings of a direct stream. libp2p ends streams that are silent for 120 s. */
  pingIntervalMs: 1_000,
  /** Pings without an answer after which a peer is disconnected. */
  pingsUnansweredMax: 10,
  /** Pings without an answer, and without anything else, after which a peer counts as silent: nobody should wait for it. */
  pingsUnansweredSilent: 3,
  /** Time from a connection to its direct stream. */
  linkTimeoutMs: 10_000,

  /** Delay before a lost node is dialled again: the first, and the bound that it grows to. */
  redialDelayMs: 50,
  redialDelayMaxMs: 5_000,
  /** Time for one dial with all its addresses, and for one address. */
  dialTimeoutMs: 10_000,
  addressDialTimeoutMs: 3_000,
  /** Addresses remembered for one node. */
  addressesPerNodeMax: 16,
  /** Connections at once; admitted nodes alone get that far. */
  connectionCountMax: 256,
  /** Connections that have not yet proved who they are. */
  pendingConnectionCountMax: 64,
  /** Bytes of all streams that wait to be written to one connection; streams wait, so only answers to pings pile up. */
  connectionWriteBytesMax: 32 * 1024 * 1024,
  /** Connections a second from one host. */
  connectionsPerSecondPerHost: 50,

  /** Points at which a node is disconnected and banned. */
  banPoints: 100,
  /** Time in which points fade to half. */
  pointsHalfLifeMs: 30_000,
  /** Duration of a ban. */
  banMs: 60_000,
  /** Nodes whose penalties are remembered. */
  scoredNodeCountMax: 4096,

  /** Bytes of a request that any protocol may ask for, and of a response. */
  requestBytesMax: 64 * 1024 * 1024,
  /** Time to receive a request. */
  requestReceiveMs: 30_000,
  /** Time for a peer to take a response or a chunk of a stream. */
  writeStallMs: 30_000,
  /** Time to close a stream that both sides are done with. */
  streamCloseMs: 5_000,
  /** Calls that may be open to one peer at once, in each direction. */
  callStreamCountMax: 128,
  /** Streams that are kept open for the next call to a peer, and for how long. */
  idleCallStreamCountMax: 8,
  idleCallStreamMs: 30_000,
  /** Bytes of one chunk of a bulk stream. */
  chunkBytesMax: 256 * 1024,
  /** Bytes that a stream reads ahead of its consumer before it stops reading. */
  readAheadBytes: 1024 * 1024,

  /** Bytes of a gossiped message that any topic may ask for. */
  gossipBytesMax: 1024 * 1024,
  /** Records of providers that are kept for others. */
  providerRecordCountMax: 65_536,

  /** Time that leaving the network may take. */
  closeMs: 800,
} as const;

/** The bounds of one node; `networkLimits` outside of tests. */
export type NetworkLimits = { readonly [Name in keyof typeof networkLimits]: number };
