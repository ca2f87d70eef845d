/** What a projection of one kind of state entry says. */
import type { InferInsertModel, SQL } from "drizzle-orm";
import type { PgTable } from "drizzle-orm/pg-core";
import type { Table } from "@guts/ledger";

/** One kind of state entry and the rows it becomes. `Into`'s primary key is exactly what `key` gives. */
export interface TableProjection {
  readonly from: Table<unknown, unknown>;
  readonly into: PgTable;
  readonly key: (key: unknown) => Readonly<Record<string, unknown>>;
  readonly row: (key: unknown, value: unknown) => Readonly<Record<string, unknown>>;
  /** Columns that an update takes from somewhere else than the new row. */
  readonly onUpdate?: Readonly<Record<string, SQL>>;
}

interface TypedProjection<Key, Value, Into extends PgTable, KeyColumns extends keyof InferInsertModel<Into>> {
  readonly from: Table<Key, Value>;
  readonly into: Into;
  readonly key: (key: Key) => Pick<InferInsertModel<Into>, KeyColumns>;
  readonly row: (key: Key, value: Value) => Omit<InferInsertModel<Into>, KeyColumns>;
  readonly onUpdate?: Readonly<Record<string, SQL>>;
}

/** Checks a projection against the types of its table and rows. */
export function project<Key, Value, Into extends PgTable, KeyColumns extends keyof InferInsertModel<Into>>(
  projection: TypedProjection<Key, Value, Into, KeyColumns>,
): TableProjection {
  return projection as unknown as TableProjection;
}
