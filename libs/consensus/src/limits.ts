/** Bounds on what peers can make a node hold, send or compute. */

/** Longest body of a block: its transactions and the contents beside them. */
export const bodyBytesMax = 12 * 1024 * 1024;
/** Longest frame. */
export const frameBytesMax = bodyBytesMax + 64 * 1024;
/** How far above the current view votes are kept. A certificate may be of any view. */
export const viewsAheadMax = 4;
/** How far behind a node gets the missing blocks by hash; beyond it the host syncs. */
export const nearBlocksMax = 8;
/** So many peers are asked for a block before the host is to sync. */
export const fetchTriesMax = 4;
/** Finalized blocks that are kept for peers that lag a little, and their bytes. */
export const recentBlocksMax = 2 * nearBlocksMax;
export const recentBlockBytesMax = 32 * 1024 * 1024;
/** Blocks that are asked for at a time. */
export const wantedBlocksMax = 16;
/** Certificates in one request. */
export const wantedCertificatesMax = 64;
/** What one stand-still repair sends. */
export const repairBytesMax = 256 * 1024;
/** What one peer is sent for its requests in a second, once it has used its allowance of a minute. */
export const answerBytesPerSecondMax = 4 * 1024 * 1024;
export const answerBytesBurstMax = 64 * 1024 * 1024;
/** Peers that are no validators and are remembered. */
export const otherPeersMax = 256;
/** Frames of one peer that wait for their turn, and their bytes. */
export const queuedFramesMax = 2_048;
export const queuedBytesMax = 2 * frameBytesMax;
/** The same of all peers together that are no validators: they cannot crowd out a vote. */
export const queuedBytesOfOthersMax = 4 * queuedBytesMax;
/** Inputs of one turn. */
export const turnInputsMax = 512;
/** The journal is compacted when so much was appended to it. */
export const journalBytesMax = 12 * 1024 * 1024;
