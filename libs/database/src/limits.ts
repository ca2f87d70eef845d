/** Every maximum of the read model. */

/** Items on one page. */
export const perPageMax = 100;
/** Rows that a numbered page may lie behind; deeper pages would read all rows before them. */
export const pageOffsetMax = 100_000;
/** Candidates of a search by prefix, and characters of the prefix. */
export const searchResultsMax = 50;
export const searchPrefixLengthMax = 140;
/** Digests of one look-up of texts. */
export const textsMax = 1_000;

/** Rows of one statement, and bytes of texts and payloads after which a statement is sent. */
export const rowsPerStatementMax = 500;
export const statementBytesMax = 1024 * 1024;
/** Blocks that wait for the projection; when more come, they are dropped and everything is projected anew. */
export const queuedBlocksMax = 1_024;

/** Waiting blocks that one database transaction holds, and their state changes and events together; a single block may have more. */
export const blocksPerTransactionMax = 32;
export const changesPerTransactionMax = 5_000;

/** How long blocks that wait may still be projected when a node stops. */
export const feedDrainTimeoutMs = 2_000;

/** How long a statement may run on a server, and how long to wait for a connection. */
export const statementTimeoutMs = 10_000;
/** How long one group of rows may take while everything is projected anew, and one block. */
export const rebuildProgressTimeoutMs = 120_000;
export const projectTimeoutMs = 120_000;
/** Changed state entries after which dead rows are swept and the planner's statistics renewed. */
export const vacuumChanges = 20_000;
export const connectTimeoutMs = 10_000;
/** Connections for reading. The projection has one of its own. */
export const readConnectionsMax = 8;
/** Tries of one database transaction that met a serialization failure or deadlock. */
export const transactionTriesMax = 5;
/** Tries of a list whose connection turned out to be gone. */
export const readTriesMax = 2;
/** Pause before a block is projected again after a failure: doubled from the first to the last. */
export const retryDelayMsMin = 100;
export const retryDelayMsMax = 10_000;
/** How long the embedded database may take to start, creating its files included, and to stop. */
export const embeddedStartTimeoutMs = 60_000;
export const embeddedStopTimeoutMs = 5_000;
/** How often its thread is started again in the life of a process. */
export const embeddedRestartsMax = 5;
/** Bytes of a unix socket's path that every system accepts. */
export const socketPathBytesMax = 103;
