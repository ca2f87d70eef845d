/** Turns state entries into rows. What cannot be turned is set aside in `quarantined_entries`, and the rest goes on. */
import { decode, DecodeError, fromHex, type Digest } from "@guts/primitives";
import { decodeRowKey, type LedgerEvent, type StateChange } from "@guts/ledger";
import type { ContentEntry, ProjectedBlock, QuarantinedEntry } from "../read-model.ts";
import { blocks, contents, events, quarantinedEntries } from "../schema/tables.ts";
import { writeAudit } from "./audit-writer.ts";
import { writeIssueEntries } from "./issue-writer.ts";
import { rowStatement, rowTable, type Row } from "./row-table.ts";
import { sendRows, writeRows, type RowSink } from "./row-writer.ts";
import type { TableProjection } from "./table-projection.ts";
import { tableProjections, unprojected } from "./table-projections.ts";

const projectionByPrefix = new Map(tableProjections.map((projection) => [projection.from.prefix, projection]));
const unprojectedPrefixes = new Set(unprojected.map((table) => table.prefix));

const blockRows = rowTable(blocks);
const eventRows = rowTable(events);
const quarantineRows = rowTable(quarantinedEntries);
const fillInTexts = rowStatement(
  [
    ["digest", contents.digest],
    ["text", contents.text],
  ],
  (rows) => `update contents set text = given.text from ${rows} as given (digest, text)
    where contents.digest = given.digest and contents.redacted_height is null`,
);

/** Writes within one database transaction, and remembers what was set aside. */
export class EntryWriter {
  readonly #sink: RowSink;
  readonly #mayHoldQuarantined: boolean;
  readonly #quarantined: QuarantinedEntry[] = [];

  /** `mayHoldQuarantined`: whether an earlier entry may be set aside; false saves looking for it. */
  constructor(sink: RowSink, mayHoldQuarantined: boolean) {
    this.#sink = sink;
    this.#mayHoldQuarantined = mayHoldQuarantined;
  }

  /** What gave no row, for the report after the database transaction. */
  get quarantined(): readonly QuarantinedEntry[] {
    return this.#quarantined;
  }

  /** Applies changes of different keys. */
  async writeChanges(changes: readonly StateChange[]): Promise<void> {
    this.#releaseFromQuarantine(
      "state",
      changes.map(({ key }) => key),
    );
    const byProjection = new Map<TableProjection, StateChange[]>();
    for (const change of changes) {
      const prefix = change.key[0] ?? 0;
      const projection = projectionByPrefix.get(prefix);
      if (projection !== undefined) {
        const group = byProjection.get(projection) ?? [];
        byProjection.set(projection, group);
        group.push(change);
      } else if (!unprojectedPrefixes.has(prefix) && change.value !== undefined) {
        this.#quarantine({ source: "state", tableName: "", key: change.key, error: "unknown-table" });
      }
    }
    for (const [projection, group] of byProjection) await this.#writeGroup(projection, group);
  }

  async #writeGroup(projection: TableProjection, changes: readonly StateChange[]): Promise<void> {
    const { from, into } = projection;
    const setAside = (key: Uint8Array, error: string): void =>
      this.#quarantine({ source: "state", tableName: from.name, key, error });
    const written: { readonly stateKey: Uint8Array; readonly key: Row; readonly row: Row }[] = [];
    const removed: Row[] = [];
    for (const { key: stateKey, value } of changes) {
      const key = attempt(() => projection.key(decodeRowKey(from, stateKey)));
      if ("error" in key) {
        if (value !== undefined) setAside(stateKey, key.error);
        continue;
      }
      const row =
        value === undefined
          ? undefined
          : attempt(() => projection.row(decodeRowKey(from, stateKey), decode(from.value, value)));
      if (row !== undefined && "done" in row) {
        written.push({ stateKey, key: key.done, row: { ...key.done, ...row.done } });
        continue;
      }
      removed.push(key.done);
      if (row !== undefined) setAside(stateKey, row.error);
    }
    const { transaction } = this.#sink;
    sendRows(transaction, into.remove, removed);
    const refused = await writeRows(this.#sink, into.upsert, written, ({ row }) => row);
    // The row that the entry had before says something that is no longer so.
    sendRows(
      transaction,
      into.remove,
      refused.map(({ item }) => item.key),
    );
    for (const { item, error } of refused) setAside(item.stateKey, error);
  }

  /** Fills in texts of contents that the state knows and that no redaction has erased. */
  async writeContents(entries: readonly ContentEntry[]): Promise<void> {
    const texts = entries.map(([digest, text]) => ({ digest: fromHex(digest) as Digest, text: text ?? null }));
    this.#releaseFromQuarantine(
      "content",
      texts.map(({ digest }) => digest),
    );
    const refused = await writeRows(this.#sink, fillInTexts, texts, (entry) => entry);
    for (const { item, error } of refused) {
      this.#quarantine({ source: "content", tableName: "contents", key: item.digest, error });
    }
  }

  async writeEvents(list: readonly LedgerEvent[]): Promise<void> {
    const refused = await writeRows(this.#sink, eventRows.upsert, list, ({ actor, scope, ...event }) => ({
      ...event,
      actorId: actor,
      scopeType: scope.type,
      scopeId: scope.id,
    }));
    for (const { item, error } of refused) {
      this.#quarantine({ source: "event", tableName: "events", key: numberKey(item.sequence), error });
    }
    for (const { item, error } of await writeIssueEntries(this.#sink, list)) {
      this.#quarantine({ source: "event", tableName: "issue_entries", key: numberKey(item.sequence), error });
    }
    for (const { item, error } of await writeAudit(this.#sink, list)) {
      this.#quarantine({ source: "event", tableName: "audit_logs", key: numberKey(item.sequence), error });
    }
  }

  async writeBlocks(list: readonly ProjectedBlock[]): Promise<void> {
    const rows = list.map(({ height, headerHash, time, transactionCount }) => ({
      height,
      headerHash,
      time,
      transactionCount,
    }));
    const refused = await writeRows(this.#sink, blockRows.upsert, rows, (row) => row);
    for (const { item, error } of refused) {
      this.#quarantine({ source: "block", tableName: "blocks", key: numberKey(item.height), error });
    }
  }

  #releaseFromQuarantine(source: "state" | "content", keys: readonly Uint8Array[]): void {
    if (!this.#mayHoldQuarantined) return;
    sendRows(
      this.#sink.transaction,
      quarantineRows.remove,
      keys.map((key) => ({ source, key })),
    );
  }

  #quarantine(entry: QuarantinedEntry): void {
    this.#quarantined.push(entry);
    sendRows(this.#sink.transaction, quarantineRows.upsert, [{ ...entry }]);
  }
}

/** The value, or the code of the decoder's error. */
function attempt<Value>(make: () => Value): { readonly done: Value } | { readonly error: string } {
  try {
    return { done: make() };
  } catch (error) {
    if (error instanceof DecodeError) return { error: error.code };
    throw error;
  }
}

/** A sequence number or height as a key: 8 bytes, big-endian. */
function numberKey(number: number): Uint8Array {
  const key = new Uint8Array(8);
  new DataView(key.buffer).setBigUint64(0, BigInt(number));
  return key;
}
