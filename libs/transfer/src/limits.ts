/** Every maximum of pack transfer. Peers are hostile: each is checked before anything is allocated for them. */

const KIB = 1024;
const MIB = 1024 * KIB;
const SECOND_MS = 1000;

/** A grant is good this long, by the clock of the node that gave it. */
export const grantLifeMs = 60 * SECOND_MS;
/** Grants that were used and have not expired; one more is refused as busy. */
export const usedGrantsMax = 100_000;

/** Bytes of a request for a pack, and of the answer before the pack's own bytes. */
export const packRequestBytesMax = 1 * KIB;
export const packAnswerBytesMax = 64;

/** Where a node listens for requests: addresses of an offer, and bytes of each as `host:port`. */
export const offerAddressesMax = 4;
export const offerAddressBytesMax = 262;

/** Object ids that a request for objects may name on either side. */
export const requestedObjectsMax = 10_000;
/** Bytes of any request and of any answer between nodes that replicate. */
export const requestBytesMax = 1 * MIB;
export const answerBytesMax = 8 * KIB;
/** Bytes of the words beside a refusal. */
export const refusalDetailBytesMax = 512;

/** How transfers are paced and when a slow one is given up. */
export interface TransferPace {
  /** Transfers at once, of one peer and of all. */
  readonly transfersPerPeerMax: number;
  readonly transfersMax: number;
  /** What one peer gets at most, over all its transfers. */
  readonly bytesPerSecondMax: number;
  /** A transfer that moves nothing for this long is ended. */
  readonly stallMs: number;
  /** And one that is slower than this on average, once it has had `stallMs`. */
  readonly bytesPerSecondMin: number;
}

/** The pace unless a node is told otherwise. */
export const transferPace: TransferPace = {
  transfersPerPeerMax: 8,
  transfersMax: 64,
  bytesPerSecondMax: 256 * MIB,
  stallMs: 10 * SECOND_MS,
  bytesPerSecondMin: 16 * KIB,
};

/** A connection that has not shaken hands and asked within this time is closed. */
export const handshakeTimeoutMs = 5 * SECOND_MS;
/** Connections beyond the transfers: those that have not asked yet. */
export const unaskedConnectionsMax = 64;

/** Bytes read from a pack at once. */
export const chunkBytes = 256 * KIB;

/** Attempts at one holder that bring nothing new before it is given up. */
export const fruitlessAttemptsMax = 3;
/** The pause before an attempt after a break, times the fruitless attempts so far. */
export const retryDelayMs = 100;
