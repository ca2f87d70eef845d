/**
 * The writing half of the read model: blocks in order, those that wait in one database transaction, the cursor in the same one.
 *
 *   1. make sure that this session holds the database's lock, then read the cursor
 *   2. skip blocks that are there, refuse those that do not follow
 *   3. write rows of the blocks, their events, the state as the last of them left it, then texts, and the cursor; when a row
 *      does not fit, begin again and set aside what is refused
 *   4. commit, and only then tell who waits
 *
 * A crash before 4 leaves the cursor where it was: the blocks are projected again, with the same rows. When the answer
 * to the commit is lost, projecting again finds the blocks there.
 */
import { getTableName } from "drizzle-orm";
import { is } from "drizzle-orm/entity";
import { PgTable } from "drizzle-orm/pg-core";
import type { StateChange } from "@guts/ledger";
import { equalBytes, toHex, type Digest, type Height } from "@guts/primitives";
import type { Connection } from "../connection/connection.ts";
import type { DatabaseTransaction } from "../connection/database-transaction.ts";
import { dataFailureOf } from "../connection/failures.ts";
import { DatabaseError } from "../database-error.ts";
import { rebuildProgressTimeoutMs, rowsPerStatementMax, statementBytesMax, vacuumChanges } from "../limits.ts";
import type {
  AppliedBlock,
  Cursor,
  LedgerPart,
  LedgerSnapshot,
  ProjectOutcome,
  QuarantinedEntry,
  ReadModelOptions,
  Series,
} from "../read-model.ts";
import * as schema from "../schema/tables.ts";
import { projection, projectionVersion } from "../schema/tables.ts";
import { EntryWriter } from "./entry-writer.ts";
import { inTransaction } from "./in-transaction.ts";
import { rowTable } from "./row-table.ts";
import { sendRows, type RowSink } from "./row-writer.ts";
import { within } from "../waiting.ts";

/** The key of the session lock that keeps a second node out; "GUTS" in ASCII. */
const lockKey = 0x47555453;

/** Rows of one network in one database. */
export class Projection {
  readonly #connection: Connection;
  readonly #options: Pick<ReadModelOptions, "networkId" | "onQuarantine">;
  #cursor: Cursor | undefined;
  #changesSinceVacuum = 0;

  private constructor(connection: Connection, options: Pick<ReadModelOptions, "networkId" | "onQuarantine">) {
    this.#connection = connection;
    this.#options = options;
  }

  /** Reads how far the rows follow. Throws `in-use` and `wrong-network`. */
  static async open(
    connection: Connection,
    options: Pick<ReadModelOptions, "networkId" | "onQuarantine">,
  ): Promise<Projection> {
    const opened = new Projection(connection, options);
    opened.#cursor = (await inTransaction(connection, (transaction) => opened.#readPlace(transaction))).cursor;
    return opened;
  }

  get cursor(): Cursor | undefined {
    return this.#cursor;
  }

  /** Projects the blocks that follow the cursor: one or more, each following the one before it. */
  async project(blocks: readonly AppliedBlock[]): Promise<ProjectOutcome> {
    const written = await this.#projectWith(blocks, "together").catch((failure: unknown) => {
      // Hardly ever does a row not fit: only then is it worth finding out which.
      if (!isDataFailure(failure)) throw failure;
      return this.#projectWith(blocks, "separately");
    });
    if (typeof written === "string") return written;
    const { height, headerHash } = blocks.at(-1)!;
    this.#cursor = { height, headerHash };
    for (const entry of written) this.#options.onQuarantine(entry);
    this.#changesSinceVacuum += blocks.reduce((sum, { changes }) => sum + changes.length, 0);
    if (this.#changesSinceVacuum >= vacuumChanges) await this.#vacuum();
    return "projected";
  }

  async #projectWith(
    blocks: readonly AppliedBlock[],
    mode: RowSink["mode"],
  ): Promise<"gap" | "repeated" | readonly QuarantinedEntry[]> {
    return inTransaction(this.#connection, async (transaction) => {
      const { cursor, holdsQuarantined } = await this.#readPlace(transaction);
      if (cursor === undefined) return "gap";
      const same = blocks.find(({ height }) => height === cursor.height);
      if (same !== undefined && !equalBytes(same.headerHash, cursor.headerHash)) return "gap";
      const next = blocks.filter(({ height }) => height > cursor.height);
      if (next.length === 0) return "repeated";
      const isFollowing = next.every(({ height }, index) => height === cursor.height + 1 + index);
      if (!isFollowing) return "gap";
      const writer = new EntryWriter({ transaction, mode }, holdsQuarantined);
      await writeBlocks(writer, next);
      this.#moveCursor(transaction, next.at(-1)!);
      return writer.quarantined;
    });
  }

  /** Drops every row and projects the snapshot. Readers of a server see the old rows until the new ones are whole. */
  async rebuild(snapshot: LedgerSnapshot, signal: AbortSignal): Promise<void> {
    await this.#reach(snapshot, async (transaction) => {
      await this.#readPlace(transaction);
      transaction.send(`truncate table ${allTables}`, []);
      return writePart(new EntryWriter({ transaction, mode: "separately" }, false), snapshot.whole(), signal);
    });
    await this.#vacuum();
  }

  /** Projects what came after the cursor; false, and nothing written, when the snapshot does not know that. */
  async catchUp(snapshot: LedgerSnapshot, signal: AbortSignal): Promise<boolean> {
    return this.#reach(snapshot, async (transaction) => {
      const { cursor, holdsQuarantined } = await this.#readPlace(transaction);
      const part = cursor === undefined ? undefined : snapshot.since(cursor);
      return part === undefined
        ? undefined
        : writePart(new EntryWriter({ transaction, mode: "separately" }, holdsQuarantined), part, signal);
    });
  }

  async #reach(
    snapshot: LedgerSnapshot,
    write: (transaction: DatabaseTransaction) => Promise<EntryWriter | undefined>,
  ): Promise<boolean> {
    const { height, headerHash } = snapshot;
    const writer = await inTransaction(this.#connection, async (transaction) => {
      const written = await write(transaction);
      if (written !== undefined) this.#moveCursor(transaction, { height, headerHash });
      return written;
    });
    if (writer === undefined) return false;
    this.#cursor = { height, headerHash };
    for (const entry of writer.quarantined) this.#options.onQuarantine(entry);
    return true;
  }

  /** How far the rows follow, once this session holds the database's lock. */
  async #readPlace(transaction: DatabaseTransaction): Promise<Place> {
    // The second statement begins when the first has ended: what it reads is what the former holder of the lock left.
    const [[lock], [place]] = await Promise.all([
      transaction.query<{ held: boolean }>("select pg_try_advisory_lock($1) as held", [lockKey]),
      transaction.query<PlaceRow>(placeQuery, [projectionId]),
    ]);
    if (lock?.held !== true) throw new DatabaseError("in-use", "another node projects into this database");
    if (place === undefined) return { cursor: undefined, holdsQuarantined: true };
    if (!equalBytes(place.networkId, this.#options.networkId)) {
      throw new DatabaseError("wrong-network", "the database holds the rows of another network");
    }
    const cursor = { height: Number(place.height) as Height, headerHash: new Uint8Array(place.headerHash) as Digest };
    return {
      cursor: Number(place.version) === projectionVersion ? cursor : undefined,
      holdsQuarantined: place.holdsQuarantined,
    };
  }

  #moveCursor(transaction: DatabaseTransaction, { height, headerHash }: Cursor): void {
    const { networkId } = this.#options;
    const row = { id: projectionId, networkId, version: projectionVersion, height, headerHash };
    sendRows(transaction, cursorRows.upsert, [row]);
  }

  /** PGlite has no autovacuum, and nobody has counted the rows of a rebuild: the planner would guess. */
  async #vacuum(): Promise<void> {
    this.#changesSinceVacuum = 0;
    await this.#connection.write.unsafe(`vacuum analyze ${allTables}`);
  }
}

/** What a database transaction finds. */
interface Place {
  /** Undefined when rows must be projected anew. */
  readonly cursor: Cursor | undefined;
  /** Whether an entry may be set aside. */
  readonly holdsQuarantined: boolean;
}

/** As the driver gives it: numbers of eight bytes are text. */
interface PlaceRow {
  readonly networkId: Uint8Array;
  readonly version: string;
  readonly height: string;
  readonly headerHash: Uint8Array;
  readonly holdsQuarantined: boolean;
}

/** The one row of `projection`. */
const projectionId = 1;
const cursorRows = rowTable(projection);
const placeQuery = `
  select network_id as "networkId", version, height, header_hash as "headerHash",
    exists (select from quarantined_entries) as "holdsQuarantined"
  from projection where id = $1`;

/** Sends everything that blocks bring, in an order in which a later part finds the rows of an earlier one. */
async function writeBlocks(writer: EntryWriter, blocks: readonly AppliedBlock[]): Promise<void> {
  await writer.writeBlocks(blocks);
  await writer.writeEvents(blocks.flatMap(({ events }) => events));
  await writer.writeChanges(lastChanges(blocks));
  await writer.writeContents(blocks.flatMap(({ contents }) => [...contents]));
}

/** What the blocks left in the state: of each key its last value. */
function lastChanges(blocks: readonly AppliedBlock[]): readonly StateChange[] {
  if (blocks.length === 1) return blocks[0]!.changes;
  return [...new Map(blocks.flatMap(({ changes }) => changes.map((change) => [toHex(change.key), change]))).values()];
}

/** Whether a transaction failed because of what is in a row. */
function isDataFailure(failure: unknown): boolean {
  return failure instanceof DatabaseError && dataFailureOf(failure.cause) !== undefined;
}

async function writePart(writer: EntryWriter, part: LedgerPart, signal: AbortSignal): Promise<EntryWriter> {
  const write = async (step: Promise<void>): Promise<void> => within(step, rebuildProgressTimeoutMs, signal);
  for await (const blocks of groups(part.blocks(), () => 0)) await write(writer.writeBlocks(blocks));
  for await (const events of groups(part.events(), (event) => event.payload.length + event.result.length)) {
    await write(writer.writeEvents(events));
  }
  for await (const changes of groups(part.changes(), ({ key, value }) => key.length + (value?.length ?? 0))) {
    await write(writer.writeChanges(changes));
  }
  for await (const contents of groups(part.contents(), ([, text]) => text?.length ?? 0)) {
    await write(writer.writeContents(contents));
  }
  return writer;
}

/** The names of all tables, as statements list them. */
const allTables = Object.values(schema)
  .filter((value) => is(value, PgTable))
  .map((table) => `"${getTableName(table)}"`)
  .join();

/** Items in groups that one statement holds. */
async function* groups<Item>(items: Series<Item>, bytesOf: (item: Item) => number): AsyncGenerator<readonly Item[]> {
  let group: Item[] = [];
  let bytes = 0;
  for await (const item of items) {
    group.push(item);
    bytes += bytesOf(item);
    if (group.length < rowsPerStatementMax && bytes < statementBytesMax) continue;
    yield group;
    group = [];
    bytes = 0;
  }
  if (group.length > 0) yield group;
}
