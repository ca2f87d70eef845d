/** Every maximum of replication beyond those of a single transfer. */
import type { PushLimits } from "@guts/storage";

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const KIB = 1024;
const GIB = 1024 * 1024 * KIB;

/** Blocks for which a receipt holds: signers keep the objects at least as long. */
export const receiptLifeBlocks = 10_000;
/** Blocks for which the git engine keeps what receipts may promise, from the moment at which it came. */
export const holdBlocks = 2 * receiptLifeBlocks;

/** How long a validator waits until it has reached the base height of a statement. */
export const baseHeightWaitMs = 5 * SECOND_MS;
/** How long it waits for a repository whose objects it is fetching itself. */
export const completenessWaitMs = 10 * SECOND_MS;

/** A request for a receipt is given up after this long… */
export const receiptTimeoutMs = 30 * SECOND_MS;
/** …and one second more for each of this many bytes of packs. */
export const receiptBytesPerSecond = 512 * KIB;
/** …but never later than this. */
export const receiptTimeoutMsMax = 60 * MINUTE_MS;
/** A validator that cannot be reached, or is busy, is asked again for this long. */
export const receiptRetryMs = 3 * SECOND_MS;
/** With this pause. */
export const receiptRetryDelayMs = 250;
/** A push waits at least so long for validators that are silent just now; then it is refused if they are too many. */
export const silencePatienceMs = 1 * SECOND_MS;
/** How often a push looks for silent validators. */
export const silenceCheckMs = 250;
/** A node that took bytes of a pack within this time is not silent. */
export const servedRecentlyMs = 5 * SECOND_MS;
/** Pushes whose objects go on to the other validators after a quorum has signed. */
export const backgroundCollectionsMax = 64;

/** Receipts of others that are worked on at once, of one peer and of all. */
export const receiptRequestsMax = 16;
/** Pushes that are held because of a receipt and whose refs are not final. */
export const heldPushesMax = 10_000;
/** Bytes of their packs, of one asking node. */
export const heldBytesPerNodeMax = 16 * GIB;

/** Requests for grants and for objects that are worked on at once. */
export const offerRequestsMax = 64;
export const objectsRequestsMax = 8;
/** Packs made on demand: at once, kept, and their bytes together. */
export const packsInPreparationMax = 2;
export const preparedPacksMax = 32;
export const preparedBytesMax = 16 * GIB;
/** One that nobody asked for in this long is removed. */
export const preparedIdleMs = 10 * MINUTE_MS;
/** How long a holder lets a request wait for a pack that it is making before it says to ask again, and after what pause. */
export const preparationWaitMs = 5 * SECOND_MS;
export const preparationRetryMs = 500;
/** How long making one may take. */
export const preparationTimeoutMs = 60 * MINUTE_MS;

/** A request that should be answered at once is given up after this long. */
export const requestTimeoutMs = 15 * SECOND_MS;

/** Repositories that are completed at once. */
export const completionsMax = 3;
/** How long following a block waits for missing objects before the repository is held instead. */
export const completionWaitMs = 1 * SECOND_MS;
/** Pauses between rounds in which no holder could help: the first, and the longest. */
export const completionRetryMs = 500;
export const completionRetryMsMax = 30 * SECOND_MS;
/** Holders that are asked in one round. */
export const holdersPerRoundMax = 16;

/** What is fetched for refs of the ledger may be larger than a push; the free disk bounds it, too. */
export const fetchLimits: PushLimits = {
  packBytesMax: 64 * GIB,
  objectsMax: 2 ** 32 - 1,
  inflatedBytesMax: 1024 * GIB,
  timeoutMs: 120 * MINUTE_MS,
};
/** Of the free disk, a fetched pack may take one part in so many: it is stored twice for a while. */
export const freeDiskShare = 3;
