/** What a projection of one kind of state entry says. */
import type { InferInsertModel } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import type { Table } from "@guts/ledger";
import { rowTable, type Row, type RowTable } from "./row-table.ts";

/** One kind of state entry and the rows it becomes. `Into`'s primary key is exactly what `key` gives. */
export interface TableProjection {
  readonly from: Table<unknown, unknown>;
  readonly into: RowTable;
  readonly key: (key: unknown) => Row;
  readonly row: (key: unknown, value: unknown) => Row;
}

interface TypedProjection<Key, Value, Into extends PgTable, KeyColumns extends keyof InferInsertModel<Into>> {
  readonly from: Table<Key, Value>;
  readonly into: Into;
  readonly key: (key: Key) => Pick<InferInsertModel<Into>, KeyColumns>;
  readonly row: (key: Key, value: Value) => Omit<InferInsertModel<Into>, KeyColumns>;
  /** Columns that an update takes from somewhere else than the new row, `excluded`: SQL by the names of drizzle's columns. */
  readonly onUpdate?: Readonly<Record<string, string>>;
}

/** Checks a projection against the types of its table and rows. */
export function project<Key, Value, Into extends PgTable, KeyColumns extends keyof InferInsertModel<Into>>({
  into,
  onUpdate,
  ...projection
}: TypedProjection<Key, Value, Into, KeyColumns>): TableProjection {
  return { ...projection, into: rowTable(into, onUpdate) } as unknown as TableProjection;
}
