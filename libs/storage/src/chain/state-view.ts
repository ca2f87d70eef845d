/**
 * The state of the last applied block as its readers see it: entries, tree pages, history and its indexes.
 *
 * Reads are synchronous. One synchronous stretch of the program sees one height: the first read of an event loop's turn
 * opens a database transaction that ends with the turn, so that a writer elsewhere shows between turns only, and nothing
 * keeps the write-ahead log from being folded in.
 */
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

import { LRUCache } from "lru-cache";

import { decode, type Digest, type Height } from "@guts/primitives";
import {
  eventCodec,
  genesisHash,
  namedEvent,
  resultRecordCodec,
  stateRoot,
  type EventScope,
  type Genesis,
  type LedgerEvent,
  type ParentBlock,
  type ParentState,
  type ResultRecord,
  type StateChange,
  type StateEntry,
} from "@guts/ledger";
import { finalityCodec, headerCodec, type Finality, type Header } from "@guts/verifier";
import { StorageError } from "../errors.ts";
import type { LogPosition } from "./segment-reader.ts";
import { prepareAll, type PreparedStatements } from "./sqlite.ts";

/** The name of the state's file in a data directory. */
export const stateFileName = "state.sqlite";

/** Blocks of which the store knows the keys they changed: as many as a projection may be behind after a crash. */
export const recentChangesBlocks = 64;

/** A block as the store indexes it. */
export interface StoredBlock {
  readonly header: Header;
  readonly hash: Digest;
  readonly finality: Finality;
  readonly transactionCount: number;
  readonly position: LogPosition;
}

/** A transaction's place and result. */
export interface StoredResult extends ResultRecord {
  readonly height: Height;
  readonly index: number;
}

/** Reads the state of one data directory. Base of the store that writes it. */
export class StateView implements ParentState {
  readonly genesis: Genesis;
  readonly networkId: Digest;
  protected readonly directory: string;
  protected readonly database: DatabaseSync;
  readonly #statements: PreparedStatements<typeof STATEMENTS>;
  /** Entries that were read lately: doors ask for the same account and repository again and again. */
  readonly #recent = new LRUCache<string, Uint8Array>({ max: recentEntriesMax });
  readonly #isPinnedByTurn: boolean;
  #isPinned = false;
  #version: unknown;
  #tip: ParentBlock;

  /** `database` is open and has the schema. `isPinnedByTurn` is for connections beside the writer's. */
  protected constructor(
    directory: string,
    genesis: Genesis,
    database: DatabaseSync,
    options: { readonly isPinnedByTurn: boolean },
  ) {
    this.directory = directory;
    this.genesis = genesis;
    this.networkId = genesisHash(genesis);
    this.database = database;
    this.#isPinnedByTurn = options.isPinnedByTurn;
    this.#statements = prepareAll(database, STATEMENTS);
    this.#tip = this.#readTip();
  }

  /** Opens a reader beside the writer, whose store must exist. */
  static open(directory: string, genesis: Genesis): StateView {
    const database = new DatabaseSync(join(directory, stateFileName), { readOnly: true });
    database.exec("PRAGMA cache_size = -32768; PRAGMA busy_timeout = 5000;");
    return new StateView(directory, genesis, database, { isPinnedByTurn: true });
  }

  get(key: Uint8Array): Uint8Array | undefined {
    this.#pin();
    const name = latin1(key);
    const cached = this.#recent.get(name);
    if (cached !== undefined) return cached === absent ? undefined : cached;
    const value = this.#statements.get.get(key)?.["value"] as Uint8Array | undefined;
    this.#recent.set(name, value ?? absent);
    return value;
  }

  *scan(from: Uint8Array, to: Uint8Array): Iterable<StateEntry> {
    // Small steps instead of one open cursor: the caller may stop early, and statements are shared.
    for (
      let after = from, isFirst = true, step = scanStepMin;
      ;
      isFirst = false, step = Math.min(2 * step, scanStepMax)
    ) {
      this.#pin();
      const statement = isFirst ? this.#statements.scanFrom : this.#statements.scanAfter;
      const rows = statement.all(after, to, step) as unknown as { key: Uint8Array; value: Uint8Array }[];
      for (const { key, value } of rows) yield [key, value];
      if (rows.length < step) return;
      after = rows.at(-1)!.key;
    }
  }

  page(prefix: Uint8Array): Uint8Array | undefined {
    this.#pin();
    return this.#statements.page.get(prefix)?.["bytes"] as Uint8Array | undefined;
  }

  /** The last applied block; at height 0 the genesis. */
  get tip(): ParentBlock {
    this.#pin();
    return this.#tip;
  }

  /** The root of the stored tree: equal to the tip's header, or the disk lies. */
  root(): Digest {
    return stateRoot(this);
  }

  block(height: Height): StoredBlock | undefined {
    this.#pin();
    return storedBlock(this.#statements.block.get(height));
  }

  blockByHash(hash: Digest): StoredBlock | undefined {
    this.#pin();
    return storedBlock(this.#statements.blockByHash.get(hash));
  }

  /** Blocks below `before`, newest first. */
  blocksBefore(before: number, limit: number): readonly StoredBlock[] {
    this.#pin();
    return this.#statements.blocksBefore.all(before, limit).map((row) => storedBlock(row)!);
  }

  result(transactionId: Digest): StoredResult | undefined {
    this.#pin();
    const row = this.#statements.result.get(transactionId);
    if (row === undefined) return undefined;
    const record = decode(resultRecordCodec, row["result"] as Uint8Array);
    return { ...record, height: row["height"] as Height, index: row["idx"] as number };
  }

  /** The results of a block's transactions, in order. */
  resultsOf(height: Height): readonly ResultRecord[] {
    this.#pin();
    return this.#statements.resultsOf.all(height).map((row) => decode(resultRecordCodec, row["result"] as Uint8Array));
  }

  /** Events with a sequence above `after`, oldest first. */
  eventsAfter(after: number, limit: number): readonly LedgerEvent[] {
    this.#pin();
    return this.#statements.eventsAfter.all(after, limit).map(storedEvent);
  }

  /** Events of one log below `before`, newest first. */
  eventsOf(scope: EventScope, before: number, limit: number): readonly LedgerEvent[] {
    this.#pin();
    return this.#statements.eventsOf.all(scope.type, scope.id, before, limit).map(storedEvent);
  }

  /** Events of blocks above a height, oldest first. */
  *eventsAbove(height: Height): Iterable<LedgerEvent> {
    this.#pin();
    const first = this.#statements.firstEventAbove.get(height)?.["sequence"] as number | null | undefined;
    if (first === null || first === undefined) return;
    for (let after = first - 1; ;) {
      const events = this.eventsAfter(after, scanStepMax);
      yield* events;
      if (events.length < scanStepMax) return;
      after = events.at(-1)!.sequence;
    }
  }

  /** All entries, by ascending key. */
  entries(): Iterable<StateEntry> {
    return this.scan(new Uint8Array(), Uint8Array.of(0xff));
  }

  /**
   * What changed above `height`: each key once, ascending, with its value now. Undefined when that is more than
   * `recentChangesBlocks` ago, or to come.
   */
  changesSince(height: Height): readonly StateChange[] | undefined {
    const keys = this.#keysChangedSince(height);
    return keys?.map((key) => ({ key, value: this.get(key) }));
  }

  /**
   * The state as it is now, on a connection of its own: blocks that are applied meanwhile do not show in it. To be
   * disposed soon, for the write-ahead log cannot be folded in while it is open.
   */
  openSnapshot(): StateView & Disposable {
    const database = new DatabaseSync(join(this.directory, stateFileName), { readOnly: true });
    database.exec("PRAGMA busy_timeout = 5000; BEGIN"); // The first read, of the tip, fixes what it sees.
    const snapshot = new StateView(this.directory, this.genesis, database, { isPinnedByTurn: false });
    return Object.assign(snapshot, { [Symbol.dispose]: () => snapshot.close() });
  }

  /** A node's own note beside the state, such as a projection's cursor. Not replicated, not in the root. */
  note(name: string): Uint8Array | undefined {
    this.#pin();
    return this.#statements.meta.get(name)?.["value"] as Uint8Array | undefined;
  }

  close(): void {
    this.database.close();
  }

  /** The writer's own connection: what it has just written is what it sees. */
  protected moveTip(tip: ParentBlock, changedKeys: Iterable<Uint8Array>): void {
    for (const key of changedKeys) this.#recent.delete(latin1(key));
    this.#tip = tip;
  }

  #pin(): void {
    if (!this.#isPinnedByTurn || this.#isPinned) return;
    this.#isPinned = true;
    setImmediate(() => this.#unpin());
    this.database.exec("BEGIN");
    // Changes with every commit of another connection; reading it fixes what the transaction sees, like any read.
    const version = this.#statements.version.get()!["data_version"];
    if (version === this.#version) return;
    this.#version = version;
    const before = this.#tip;
    this.#tip = this.#readTip();
    if (this.#tip.height === before.height) return;
    const keys = this.#keysChangedSince(before.height);
    if (keys === undefined) this.#recent.clear();
    else for (const key of keys) this.#recent.delete(latin1(key));
  }

  #unpin(): void {
    this.#isPinned = false;
    if (this.database.isOpen) this.database.exec("COMMIT");
  }

  #keysChangedSince(height: Height): readonly Uint8Array[] | undefined {
    const age = this.tip.height - height;
    if (age < 0 || age > recentChangesBlocks) return undefined;
    return this.#statements.keysChangedSince.all(height).map((row) => row["key"] as Uint8Array);
  }

  #readTip(): ParentBlock {
    const row = this.#statements.tip.get();
    if (row === undefined) return { hash: this.networkId, height: 0 as Height, time: this.genesis.time };
    const { header, hash } = { header: decode(headerCodec, row["header"] as Uint8Array), hash: row["hash"] as Digest };
    return { hash, height: header.height, time: header.time };
  }
}

/** Entries kept in memory; a value has at most 64 KiB and usually some hundred bytes. */
const recentEntriesMax = 4_096;
/** Stands in the cache for a key that has no value. */
const absent = new Uint8Array();

function latin1(key: Uint8Array): string {
  return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString("latin1");
}

const scanStepMin = 32;
const scanStepMax = 1024;

function storedBlock(row: Record<string, unknown> | undefined): StoredBlock | undefined {
  if (row === undefined) return undefined;
  return {
    header: decode(headerCodec, row["header"] as Uint8Array),
    hash: row["hash"] as Digest,
    finality: decode(finalityCodec, row["finality"] as Uint8Array),
    transactionCount: row["transaction_count"] as number,
    position: { segment: row["segment"] as number, offset: row["offset"] as number },
  };
}

function storedEvent(row: Record<string, unknown>): LedgerEvent {
  const event = namedEvent(decode(eventCodec, row["bytes"] as Uint8Array));
  if (event === undefined)
    throw new StorageError("wrong-format", "an event of a kind that this release does not know", {});
  return event;
}

const STATEMENTS = {
  version: "PRAGMA data_version",
  get: "SELECT value FROM entry WHERE key = ?",
  scanFrom: "SELECT key, value FROM entry WHERE key >= ? AND key < ? ORDER BY key LIMIT ?",
  scanAfter: "SELECT key, value FROM entry WHERE key > ? AND key < ? ORDER BY key LIMIT ?",
  page: "SELECT bytes FROM page WHERE prefix = ?",
  keysChangedSince: "SELECT DISTINCT key FROM recent_change WHERE height > ? ORDER BY key",
  meta: "SELECT value FROM meta WHERE name = ?",
  tip: "SELECT hash, header FROM block ORDER BY height DESC LIMIT 1",
  block: "SELECT * FROM block WHERE height = ?",
  blockByHash: "SELECT * FROM block WHERE hash = ?",
  blocksBefore: "SELECT * FROM block WHERE height < ? ORDER BY height DESC LIMIT ?",
  result: "SELECT * FROM ledger_transaction WHERE id = ?",
  resultsOf: "SELECT * FROM ledger_transaction WHERE height = ? ORDER BY idx",
  eventsAfter: "SELECT bytes FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?",
  eventsOf:
    "SELECT bytes FROM event WHERE scope_type = ? AND scope_id = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?",
  firstEventAbove: "SELECT min(sequence) AS sequence FROM event WHERE height > ?",
} as const;
