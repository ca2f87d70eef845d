/**
 * The state of the last applied block on disk: entries, tree pages, history and its indexes, in one SQLite file.
 *
 * A block's effects are one database transaction, so the file is always exactly some height's state. The last ones may be lost
 * with the power: the block log, synced before, gives them again. One store writes; views read beside it.
 */
import { join } from "node:path";

import { encode, equalBytes } from "@guts/primitives";
import {
  applyGenesis,
  encodeEvent,
  genesisCodec,
  kindOf,
  Overlay,
  resultRecordCodec,
  updateStateTree,
  type ExecutedBlock,
  type Genesis,
  type PageChange,
  type StateChange,
} from "@guts/ledger";
import { finalityCodec, headerCodec, type Finality } from "@guts/verifier";
import { StorageError } from "../errors.ts";
import type { LogPosition } from "./segment-reader.ts";
import { inTransaction, openDatabase, prepareAll, type PreparedStatements } from "./sqlite.ts";
import { recentChangesBlocks, stateFileName, StateView } from "./state-view.ts";

const schema = `
  CREATE TABLE entry (key BLOB PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID, STRICT;
  CREATE TABLE page (prefix BLOB PRIMARY KEY, bytes BLOB NOT NULL) WITHOUT ROWID, STRICT;
  CREATE TABLE block (
    height INTEGER PRIMARY KEY, hash BLOB NOT NULL UNIQUE, header BLOB NOT NULL, finality BLOB NOT NULL,
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

/** What `commit` needs beside the block's effects. */
export interface CommitPlace {
  readonly finality: Finality;
  readonly position: LogPosition;
  readonly next: LogPosition;
}

/** The state store of one data directory. */
export class StateStore extends StateView {
  readonly #statements: PreparedStatements<typeof STATEMENTS>;
  readonly #deferredNotes = new Map<string, Uint8Array>();

  /** Opens the store, or makes one of `genesis`. A store of another network is refused. */
  constructor(directory: string, genesis: Genesis) {
    const database = openDatabase(join(directory, stateFileName), { version: 1, schema, durability: "later" });
    super(directory, genesis, database, { isPinnedByTurn: false });
    this.#statements = prepareAll(database, STATEMENTS);
    const stored = this.note("genesis");
    if (stored === undefined) this.#begin();
    else if (!equalBytes(stored, encode(genesisCodec, genesis))) {
      database.close();
      throw new StorageError("wrong-network", `${directory} holds the state of another network`, {});
    }
  }

  /** Where the block log goes on behind the last applied block. */
  get logPosition(): LogPosition {
    const stored = this.note("log-position");
    return stored === undefined
      ? { segment: 0, offset: 0 }
      : (JSON.parse(Buffer.from(stored).toString()) as LogPosition);
  }

  /** Applies a finalized block, which the block log has already. Applying the same height twice is refused. */
  commit(block: ExecutedBlock, place: CommitPlace): void {
    if (block.header.height !== this.tip.height + 1) {
      throw new StorageError("state-mismatch", `block ${block.header.height} cannot follow ${this.tip.height}`, {});
    }
    inTransaction(this.database, () => {
      this.#write(block.changes, block.tree.pages);
      this.#index(block, place);
      this.#noteChanges(block);
      this.setNote("log-position", Buffer.from(JSON.stringify(place.next)));
      for (const [name, value] of this.#deferredNotes) this.setNote(name, value);
    });
    this.#deferredNotes.clear();
    const tip = { hash: block.hash, height: block.header.height, time: block.header.time };
    this.moveTip(
      tip,
      block.changes.map(({ key }) => key),
    );
  }

  setNote(name: string, value: Uint8Array): void {
    this.#statements.setMeta.run(name, value);
  }

  /** Sets a note together with the next block, which costs no sync of its own; lost if there is none before the node stops. */
  deferNote(name: string, value: Uint8Array): void {
    this.#deferredNotes.set(name, value);
  }

  #begin(): void {
    const overlay = new Overlay(this);
    applyGenesis(overlay, this.genesis);
    const changes = overlay.changes();
    inTransaction(this.database, () => {
      this.#write(changes, updateStateTree(this, changes).pages);
      this.setNote("genesis", encode(genesisCodec, this.genesis));
    });
    this.moveTip(
      this.tip,
      changes.map(({ key }) => key),
    );
  }

  #write(changes: readonly StateChange[], pages: readonly PageChange[]): void {
    for (const { key, value } of changes) {
      if (value === undefined) this.#statements.delete.run(key);
      else this.#statements.put.run(key, value);
    }
    for (const { prefix, bytes } of pages) {
      if (bytes === undefined) this.#statements.deletePage.run(prefix);
      else this.#statements.putPage.run(prefix, bytes);
    }
  }

  #index(block: ExecutedBlock, { finality, position }: CommitPlace): void {
    const { header, hash, transactions, results, events } = block;
    const { height } = header;
    this.#statements.putBlock.run(
      height,
      hash,
      encode(headerCodec, header),
      encode(finalityCodec, finality),
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
}

const STATEMENTS = {
  put: "INSERT INTO entry VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
  delete: "DELETE FROM entry WHERE key = ?",
  putPage: "INSERT INTO page VALUES (?, ?) ON CONFLICT (prefix) DO UPDATE SET bytes = excluded.bytes",
  deletePage: "DELETE FROM page WHERE prefix = ?",
  putRecentChange: "INSERT INTO recent_change VALUES (?, ?)",
  forgetChanges: "DELETE FROM recent_change WHERE height <= ?",
  setMeta: "INSERT INTO meta VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
  putBlock: "INSERT INTO block VALUES (?, ?, ?, ?, ?, ?, ?)",
  putResult: "INSERT INTO ledger_transaction VALUES (?, ?, ?, ?)",
  putEvent: "INSERT INTO event VALUES (?, ?, ?, ?, ?)",
} as const;
