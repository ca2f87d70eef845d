/** Writes rows in few statements, and sets aside those that the database refuses. */
import type { DatabaseTransaction } from "../connection/database-transaction.ts";
import { dataFailureOf } from "../connection/failures.ts";
import { rowsPerStatementMax } from "../limits.ts";
import type { Row, RowStatement } from "./row-table.ts";

/**
 * Where rows go. `separately`: every statement stands behind a savepoint and is waited for, so that rows which the database
 * refuses can be told apart. `together`: statements are only sent; a refused row fails the database transaction.
 */
export interface RowSink {
  readonly transaction: DatabaseTransaction;
  readonly mode: "together" | "separately";
}

/** A row that did not fit, with PostgreSQL's SQLSTATE. */
export interface RefusedRow<Item> {
  readonly item: Item;
  readonly error: string;
}

/**
 * Carries a statement out for one row of each item, as many at a time as one statement may hold. Rows that the database
 * refuses for their values are returned; other failures are thrown.
 */
export async function writeRows<Item>(
  { transaction, mode }: RowSink,
  statement: RowStatement,
  items: readonly Item[],
  rowOf: (item: Item) => Row,
): Promise<readonly RefusedRow<Item>[]> {
  const refused: RefusedRow<Item>[] = [];
  const send = (to: DatabaseTransaction, part: readonly Item[]): void => sendRows(to, statement, part.map(rowOf));
  for (const part of partsOf(items)) {
    if (mode === "together") send(transaction, part);
    else refused.push(...(await sendOrSplit(transaction, part, send)));
  }
  return refused;
}

/** Sends a statement for rows that the database cannot refuse. */
export function sendRows(to: DatabaseTransaction, statement: RowStatement, rows: readonly Row[]): void {
  for (const part of partsOf(rows)) to.send(statement.text, statement.parametersOf(part));
}

/** A part that fails is undone and tried in halves, until the items that cause it stand alone: these are returned. */
async function sendOrSplit<Item>(
  transaction: DatabaseTransaction,
  items: readonly Item[],
  send: (to: DatabaseTransaction, part: readonly Item[]) => void,
): Promise<readonly RefusedRow<Item>[]> {
  try {
    await transaction.attempt((savepoint) => send(savepoint, items));
    return [];
  } catch (failure) {
    const error = dataFailureOf(failure);
    if (error === undefined) throw failure;
    if (items.length === 1) return [{ item: items[0]!, error }];
    const middle = items.length >> 1;
    const first = await sendOrSplit(transaction, items.slice(0, middle), send);
    return [...first, ...(await sendOrSplit(transaction, items.slice(middle), send))];
  }
}

function* partsOf<Item>(items: readonly Item[]): Generator<readonly Item[]> {
  for (let start = 0; start < items.length; start += rowsPerStatementMax)
    yield items.slice(start, start + rowsPerStatementMax);
}
