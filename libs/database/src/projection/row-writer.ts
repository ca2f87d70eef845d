/** Writes rows in few statements, and sets aside those that the database refuses. */
import { getTableColumns, sql, type SQL } from "drizzle-orm";
import { getTableConfig, type PgColumn, type PgTable } from "drizzle-orm/pg-core";
import type { Executor } from "../connection/connection.ts";
import { dataFailureOf } from "../connection/failures.ts";
import { rowsPerStatementMax } from "../limits.ts";

/** A row by the names of its drizzle columns. */
export type Row = Readonly<Record<string, unknown>>;

/** What becomes of rows whose key is there already; `onUpdate` overrides what single columns become. */
export interface UpsertTarget {
  readonly into: PgTable;
  readonly onUpdate?: Readonly<Record<string, SQL>> | undefined;
}

/**
 * Where rows go. `separately`: every statement stands behind a savepoint, so that rows which the database refuses can be told
 * apart. `together`: none does, which saves a third of all statements; a refused row then fails the database transaction.
 */
export interface RowSink {
  readonly executor: Executor;
  readonly mode: "together" | "separately";
}

/** A row that did not fit, with PostgreSQL's SQLSTATE. */
export interface RefusedRow<Item> {
  readonly item: Item;
  readonly error: string;
}

/**
 * Writes one row for each item, replacing rows with the same key. Items of one call have different keys. Rows that
 * the database refuses for their values are returned; other failures are thrown.
 */
export async function upsertRows<Item>(
  sink: RowSink,
  target: UpsertTarget,
  items: readonly Item[],
  rowOf: (item: Item) => Row,
): Promise<readonly RefusedRow<Item>[]> {
  return inParts(sink, items, async (savepoint, part) => upsert(savepoint, target, part.map(rowOf)));
}

/**
 * Runs `write` with as many items as one statement may hold. Separately, a part that fails is undone and tried in halves,
 * until the items that cause it stand alone: these are returned.
 */
export async function inParts<Item>(
  { executor, mode }: RowSink,
  items: readonly Item[],
  write: (savepoint: Executor, part: readonly Item[]) => Promise<void>,
): Promise<readonly RefusedRow<Item>[]> {
  const refused: RefusedRow<Item>[] = [];
  for (let start = 0; start < items.length; start += rowsPerStatementMax) {
    const part = items.slice(start, start + rowsPerStatementMax);
    if (mode === "together") await write(executor, part);
    else refused.push(...(await writeOrSplit(executor, part, write)));
  }
  return refused;
}

async function writeOrSplit<Item>(
  executor: Executor,
  items: readonly Item[],
  write: (savepoint: Executor, part: readonly Item[]) => Promise<void>,
): Promise<readonly RefusedRow<Item>[]> {
  try {
    await executor.transaction(async (savepoint) => write(savepoint, items));
    return [];
  } catch (failure) {
    const error = dataFailureOf(failure);
    if (error === undefined) throw failure;
    if (items.length === 1) return [{ item: items[0]!, error }];
    const middle = items.length >> 1;
    const first = await writeOrSplit(executor, items.slice(0, middle), write);
    return [...first, ...(await writeOrSplit(executor, items.slice(middle), write))];
  }
}

async function upsert(executor: Executor, { into, onUpdate }: UpsertTarget, rows: readonly Row[]): Promise<void> {
  const key = keyColumns(into);
  const replaced = Object.entries(getTableColumns(into))
    .filter(([name]) => !key.has(name))
    .map(([name, column]) => [name, onUpdate?.[name] ?? sql.raw(`excluded."${column.name}"`)] as const);
  await executor
    .insert(into)
    .values(rows as never)
    .onConflictDoUpdate({ target: [...key.values()], set: Object.fromEntries(replaced) });
}

/** Deletes the rows with these keys. */
export async function deleteRows(executor: Executor, from: PgTable, keys: readonly Row[]): Promise<void> {
  const columns = [...keyColumns(from)];
  for (let start = 0; start < keys.length; start += rowsPerStatementMax) {
    const tuples = keys
      .slice(start, start + rowsPerStatementMax)
      .map((key) => tuple(columns.map(([name, column]) => sql.param(key[name], column))));
    await executor.delete(from).where(sql`${tuple(columns.map(([, column]) => column))} in ${tuple(tuples)}`);
  }
}

/** The columns of the primary key, in its order, by their names in drizzle's rows. */
export function keyColumns(table: PgTable): ReadonlyMap<string, PgColumn> {
  const { columns, primaryKeys } = getTableConfig(table);
  const key = primaryKeys[0]?.columns ?? columns.filter((column) => column.primary);
  // The columns of a composite key are other objects than those of the table: they are told apart by name.
  const all = Object.entries(getTableColumns(table));
  return new Map(key.map(({ name }) => all.find(([, column]) => column.name === name)!));
}

function tuple(parts: readonly (SQL | PgColumn | ReturnType<typeof sql.param>)[]): SQL {
  return sql`(${sql.join([...parts], sql`, `)})`;
}
