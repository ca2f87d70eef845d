/** What is said to the database about the rows of one table: texts that are the same for any number of rows. */
import { getTableColumns, getTableName } from "drizzle-orm";
import { getTableConfig, type PgColumn, type PgTable } from "drizzle-orm/pg-core";
import type { Parameter } from "../connection/database-transaction.ts";
import { arrayOf, type ColumnValue } from "./array-parameter.ts";

/** A row by the names of its drizzle columns. */
export type Row = Readonly<Record<string, unknown>>;

/** A table as the projection writes it. */
export interface RowTable {
  /** Inserts rows, or replaces those with the same primary key. */
  readonly upsert: RowStatement;
  /** Deletes the rows with these primary keys. */
  readonly remove: RowStatement;
}

/** A statement about any number of rows. */
export interface RowStatement {
  readonly text: string;
  parametersOf(rows: readonly Row[]): readonly Parameter[];
}

/** `onUpdate`: SQL for columns that an update takes from somewhere else than the new row, `excluded`. */
export function rowTable(table: PgTable, onUpdate: Readonly<Record<string, string>> = {}): RowTable {
  const name = getTableName(table);
  const columns = Object.entries(getTableColumns(table));
  const key = keyColumns(table);
  const keyNames = key.map(([, column]) => quoted(column));
  const replaced = columns
    .filter(([property]) => !key.some(([ofKey]) => ofKey === property))
    .map(([property, column]) => `${quoted(column)} = ${onUpdate[property] ?? `excluded.${quoted(column)}`}`);
  const names = columns.map(([, column]) => quoted(column));
  // A row that is its key and nothing else is as it was.
  const onConflict = replaced.length === 0 ? "do nothing" : `do update set ${replaced.join()}`;
  return {
    upsert: rowStatement(
      columns,
      (rows) => `insert into "${name}" (${names.join()}) select * from ${rows}
        on conflict (${keyNames.join()}) ${onConflict}`,
    ),
    remove: rowStatement(
      key,
      (rows) => `delete from "${name}" using ${rows} as gone (${keyNames.join()})
        where ${keyNames.map((column) => `"${name}".${column} = gone.${column}`).join(" and ")}`,
    ),
  };
}

type NamedColumn = readonly [property: string, column: PgColumn];

/** A statement that `textOf` writes around the SQL that stands for the rows, which have these columns. */
export function rowStatement(columns: readonly NamedColumn[], textOf: (rows: string) => string): RowStatement {
  return {
    text: textOf(arraysOf(columns)),
    parametersOf: (rows) =>
      columns.map(([property, column]) => arrayOf(rows.map((row) => driverValue(column, row[property])))),
  };
}

function driverValue(column: PgColumn, value: unknown): ColumnValue {
  return value === undefined || value === null ? null : (column.mapToDriverValue(value) as ColumnValue);
}

/** Rows out of one array parameter for each column. */
function arraysOf(columns: readonly NamedColumn[]): string {
  return `unnest(${columns.map(([, column], index) => `$${index + 1}::${elementType(column)}[]`).join()})`;
}

/** An array has no collation of its own: the column's holds once its elements stand there. */
function elementType(column: PgColumn): string {
  return column.getSQLType().replace(/ COLLATE .*/, "");
}

/** The columns of the primary key, in its order, by their names in drizzle's rows. */
function keyColumns(table: PgTable): readonly NamedColumn[] {
  const { columns, primaryKeys } = getTableConfig(table);
  const key = primaryKeys[0]?.columns ?? columns.filter((column) => column.primary);
  // The columns of a composite key are other objects than those of the table: they are told apart by name.
  const all = Object.entries(getTableColumns(table));
  return key.map(({ name }) => all.find(([, column]) => column.name === name)!);
}

function quoted(column: PgColumn): string {
  return `"${column.name}"`;
}
