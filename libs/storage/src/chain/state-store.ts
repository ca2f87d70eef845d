/**
 * The state of the last applied block on disk: entries, tree pages, history and its indexes, in one SQLite file.
 *
 * A block's effects are one database transaction, synced when it returns, so the file is always exactly some height's
 * state. Reads are synchronous and see the last applied height.
 */
import { join } from "node:path";
import type { DatabaseSync, StatementSync } from "node:sqlite";

import { LRUCache } from "lru-cache";

import { decode, encode, equalBytes, type Digest, type Height } from "@guts/primitives";
import {
  applyGenesis,
  eventCodec,
  encodeEvent,
  genesisCodec,
  genesisHash,
  kindOf,
  namedEvent,
  Overlay,
  resultRecordCodec,
  stateRoot,
  updateStateTree,
  type EventScope,
  type ExecutedBlock,
  type Genesis,
  type LedgerEvent,
  type PageChange,
  type ParentBlock,
  type ParentState,
  type ResultRecord,
  type StateChange,
  type StateEntry,
} from "@guts/ledger";
import { headerCodec, type Certificate, certificateCodec, type Header } from "@guts/verifier";
import { StorageError } from "../errors.ts";
import type { LogPosition } from "./segment-log.ts";
import { inTransaction, openDurableDatabase } from "./sqlite.ts";

const schema = `
  CREATE TABLE entry (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID, STRICT;
  CREATE TABLE page (prefix BLOB PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID, STRICT;
  CREATE TABLE block (
    height INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, header BLOB NOT NULL, certificate BLOB NOT NULL,
    transaction_count INTEGER NOT NULL, segment INTEGER NOT NULL, offset INTEGER NOT NULL) STRICT;
  CREATE TABLE ledger_transaction (
    id BLOB PRIMARY KEY, height INTEGER NOT NULL, idx INTEGER NOT NULL, result BLOB NOT NULL) WITHOUT ROWID, STRICT;
  CREATE INDEX ledger_transaction_height ON ledger_transaction (height, idx);
  CREATE TABLE event (
    sequence INTEGER PRIMARY KEY, height INTEGER NOT NULL, scope_type TEXT NOT NULL, scope_id INTEGER NOT NULL, bytes BLOB NOT NULL) STRICT;
  CREATE INDEX event_scope ON event (scope_type, scope_id, sequence);
  CREATE INDEX event_height ON event (height);
  CREATE TABLE recent_change (height INTEGER NOT NULL, key BLOB NOT NULL, PRIMARY KEY (height, key)) WITHOUT ROWID, STRICT;
  CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID, STRICT`;

/** Blocks of which the store knows the keys they changed: as many as a projection may be behind after a crash. */
export const recentChangesBlocks = 64;

/** A block as the store indexes it. */
export interface StoredBlock {
  readonly header: Header;
  readonly hash: Digest;
  readonly certificate: Certificate;
  readonly transactionCount: number;
  readonly position: LogPosition;
}

/** A transaction's place and result. */
export interface StoredResult extends ResultRecord {
  readonly height: Height;
  readonly index: number;
}

/** What `commit` needs beside the block's effects. */
export interface CommitPlace {
  readonly certificate: Certificate;
  readonly position: LogPosition;
  readonly next: LogPosition;
}

/** The state store of one data directory. */
export class StateStore implements ParentState {
  readonly genesis: Genesis;
  readonly networkId: Digest;
  readonly #directory: string;
  readonly #database: DatabaseSync;
  readonly #statements: ReturnType<typeof prepare>;
  /** Entries that were read lately: doors ask for the same account and repository again and again. */
  readonly #recent = new LRUCache<string, Uint8Array>({ max: recentEntriesMax });
  readonly #deferredNotes = new Map<string, Uint8Array>();
  #tip: ParentBlock;

  /** Opens the store, or makes one of `genesis`. A store of another network is refused. */
  constructor(directory: string, genesis: Genesis) {
    this.#directory = directory;
    this.#database = openDurableDatabase(join(directory, "state.sqlite"), { version: 1, schema });
    this.#statements = prepare(this.#database);
    this.genesis = genesis;
    this.networkId = genesisHash(genesis);
    const stored = this.#meta("genesis");
    if (stored === undefined) this.#begin();
    else if (!equalBytes(stored, encode(genesisCodec, genesis))) {
      throw new StorageError("wrong-network", `${directory} holds the state of another network`, {});
    }
    this.#tip = this.#readTip();
  }

  get(key: Uint8Array): Uint8Array | undefined {
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
      const statement = isFirst ? this.#statements.scanFrom : this.#statements.scanAfter;
      const rows = statement.all(after, to, step) as unknown as { key: Uint8Array; value: Uint8Array }[];
      for (const { key, value } of rows) yield [key, value];
      if (rows.length < step) return;
      after = rows.at(-1)!.key;
    }
  }

  page(prefix: Uint8Array): Uint8Array | undefined {
    return this.#statements.page.get(prefix)?.["bytes"] as Uint8Array | undefined;
  }

  /** The last applied block; at height 0 the genesis. */
  get tip(): ParentBlock {
    return this.#tip;
  }

  /** Where the block log goes on behind the last applied block. */
  get logPosition(): LogPosition {
    const stored = this.#meta("log-position");
    return stored === undefined
      ? { segment: 0, offset: 0 }
      : (JSON.parse(Buffer.from(stored).toString()) as LogPosition);
  }

  /** Applies a finalized block. Durable when it returns; applying the same height twice is refused. */
  commit(block: ExecutedBlock, place: CommitPlace): void {
    if (block.header.height !== this.#tip.height + 1) {
      throw new StorageError("state-mismatch", `block ${block.header.height} cannot follow ${this.#tip.height}`, {});
    }
    inTransaction(this.#database, () => {
      this.#write(block.changes, block.tree.pages);
      this.#index(block, place);
      this.#noteChanges(block);
      this.setNote("log-position", Buffer.from(JSON.stringify(place.next)));
      for (const [name, value] of this.#deferredNotes) this.setNote(name, value);
    });
    this.#deferredNotes.clear();
    this.#tip = { hash: block.hash, height: block.header.height, time: block.header.time };
  }

  /** The root of the stored tree: equal to the tip's header, or the disk lies. */
  root(): Digest {
    return stateRoot(this);
  }

  block(height: Height): StoredBlock | undefined {
    return storedBlock(this.#statements.block.get(height));
  }

  blockByHash(hash: Digest): StoredBlock | undefined {
    return storedBlock(this.#statements.blockByHash.get(hash));
  }

  /** Blocks below `before`, newest first. */
  blocksBefore(before: number, limit: number): readonly StoredBlock[] {
    return this.#statements.blocksBefore.all(before, limit).map((row) => storedBlock(row)!);
  }

  result(transactionId: Digest): StoredResult | undefined {
    const row = this.#statements.result.get(transactionId);
    if (row === undefined) return undefined;
    const record = decode(resultRecordCodec, row["result"] as Uint8Array);
    return { ...record, height: row["height"] as Height, index: row["idx"] as number };
  }

  /** The results of a block's transactions, in order. */
  resultsOf(height: Height): readonly ResultRecord[] {
    return this.#statements.resultsOf.all(height).map((row) => decode(resultRecordCodec, row["result"] as Uint8Array));
  }

  /** Events with a sequence above `after`, oldest first. */
  eventsAfter(after: number, limit: number): readonly LedgerEvent[] {
    return this.#statements.eventsAfter.all(after, limit).map(storedEvent);
  }

  /** Events of one log below `before`, newest first. */
  eventsOf(scope: EventScope, before: number, limit: number): readonly LedgerEvent[] {
    return this.#statements.eventsOf.all(scope.type, scope.id, before, limit).map(storedEvent);
  }

  /** Events of blocks above a height, oldest first. */
  *eventsAbove(height: Height): Iterable<LedgerEvent> {
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
    const age = this.#tip.height - height;
    if (age < 0 || age > recentChangesBlocks) return undefined;
    const keys = this.#statements.keysChangedSince.all(height).map((row) => row["key"] as Uint8Array);
    return keys.map((key) => ({ key, value: this.get(key) }));
  }

  /**
   * The store as it is now, on a connection of its own: blocks that are applied meanwhile do not show in it. For reading
   * only, and to be disposed soon, for the write-ahead log cannot be folded in while it is open.
   */
  openSnapshot(): StateStore & Disposable {
    const snapshot = new StateStore(this.#directory, this.genesis);
    snapshot.#database.exec("BEGIN");
    snapshot.#tip = snapshot.#readTip(); // The first read fixes what the database transaction sees.
    return Object.assign(snapshot, { [Symbol.dispose]: () => snapshot.close() });
  }

  /** A node's own note beside the state, such as a projection's cursor. Not replicated, not in the root. */
  note(name: string): Uint8Array | undefined {
    return this.#meta(name);
  }

  setNote(name: string, value: Uint8Array): void {
    this.#statements.setMeta.run(name, value);
  }

  /** Sets a note together with the next block, which costs no sync of its own; lost if there is none before the node stops. */
  deferNote(name: string, value: Uint8Array): void {
    this.#deferredNotes.set(name, value);
  }

  close(): void {
    this.#database.close();
  }

  #begin(): void {
    const overlay = new Overlay(this);
    applyGenesis(overlay, this.genesis);
    const changes = overlay.changes();
    inTransaction(this.#database, () => {
      this.#write(changes, updateStateTree(this, changes).pages);
      this.setNote("genesis", encode(genesisCodec, this.genesis));
    });
  }

  #readTip(): ParentBlock {
    const row = this.#statements.tip.get();
    const block = storedBlock(row);
    if (block === undefined) return { hash: this.networkId, height: 0 as Height, time: this.genesis.time };
    return { hash: block.hash, height: block.header.height, time: block.header.time };
  }

  #write(changes: readonly StateChange[], pages: readonly PageChange[]): void {
    for (const { key, value } of changes) {
      this.#recent.delete(latin1(key));
      if (value === undefined) this.#statements.delete.run(key);
      else this.#statements.put.run(key, value);
    }
    for (const { prefix, bytes } of pages) {
      if (bytes === undefined) this.#statements.deletePage.run(prefix);
      else this.#statements.putPage.run(prefix, bytes);
    }
  }

  #index(block: ExecutedBlock, { certificate, position }: CommitPlace): void {
    const { header, hash, transactions, results, events } = block;
    const { height } = header;
    this.#statements.putBlock.run(
      height,
      hash,
      encode(headerCodec, header),
      encode(certificateCodec, certificate),
      transactions.length,
      position.segment,
      position.offset,
    );
    for (const [index, record] of results.entries()) {
      this.#statements.putResult.run(record.transactionId, height, index, encode(resultRecordCodec, record));
    }
    for (const event of events) {
      const bytes = encodeEvent(event, kindOf(event.kind).tag);
      this.#statements.putEvent.run(event.sequence, height, event.scope.type, event.scope.id, bytes);
    }
  }

  #noteChanges({ header: { height }, changes }: ExecutedBlock): void {
    for (const { key } of changes) this.#statements.putRecentChange.run(height, key);
    this.#statements.forgetChanges.run(height - recentChangesBlocks);
  }

  #meta(name: string): Uint8Array | undefined {
    return this.#statements.meta.get(name)?.["value"] as Uint8Array | undefined;
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
    certificate: decode(certificateCodec, row["certificate"] as Uint8Array),
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

function prepare(database: DatabaseSync): Record<StatementName, StatementSync> {
  return Object.fromEntries(Object.entries(STATEMENTS).map(([name, sql]) => [name, database.prepare(sql)])) as Record<
    StatementName,
    StatementSync
  >;
}

const STATEMENTS = {
  get: "SELECT value FROM entry WHERE key = ?",
  scanFrom: "SELECT key, value FROM entry WHERE key >= ? AND key < ? ORDER BY key LIMIT ?",
  scanAfter: "SELECT key, value FROM entry WHERE key > ? AND key < ? ORDER BY key LIMIT ?",
  put: "INSERT INTO entry VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
  delete: "DELETE FROM entry WHERE key = ?",
  page: "SELECT bytes FROM page WHERE prefix = ?",
  putPage: "INSERT INTO page VALUES (?, ?) ON CONFLICT (prefix) DO UPDATE SET bytes = excluded.bytes",
  deletePage: "DELETE FROM page WHERE prefix = ?",
  putRecentChange: "INSERT INTO recent_change VALUES (?, ?)",
  forgetChanges: "DELETE FROM recent_change WHERE height <= ?",
  keysChangedSince: "SELECT DISTINCT key FROM recent_change WHERE height > ? ORDER BY key",
  meta: "SELECT value FROM meta WHERE name = ?",
  setMeta: "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  tip: "SELECT * FROM block ORDER BY height DESC LIMIT 1",
  block: "SELECT * FROM block WHERE height = ?",
  blockByHash: "SELECT * FROM block WHERE hash = ?",
  blocksBefore: "SELECT * FROM block WHERE height < ? ORDER BY height DESC LIMIT ?",
  putBlock: "INSERT INTO block VALUES (?, ?, ?, ?, ?, ?, ?)",
  result: "SELECT * FROM ledger_transaction WHERE id = ?",
  resultsOf: "SELECT * FROM ledger_transaction WHERE height = ? ORDER BY idx",
  putResult: "INSERT INTO ledger_transaction VALUES (?, ?, ?, ?)",
  putEvent: "INSERT INTO event VALUES (?, ?, ?, ?, ?)",
  eventsAfter: "SELECT bytes FROM event WHERE sequence > ? ORDER BY sequence LIMIT ?",
  eventsOf:
    "SELECT bytes FROM event WHERE scope_type = ? AND scope_id = ? AND sequence < ? ORDER BY sequence DESC LIMIT ?",
  firstEventAbove: "SELECT min(sequence) AS sequence FROM event WHERE height > ?",
} as const;
type StatementName = keyof typeof STATEMENTS;
