import { assert } from "@guts/primitives";
import { DatabaseError } from "../database-error.ts";
import { pageOffsetMax, perPageMax } from "../limits.ts";
import type { Page, PageRequest } from "../listings.ts";

/** What SQL needs to know of a page: one row more than shown tells whether another page follows. */
export function rowsOf({ page, perPage }: PageRequest): { readonly limit: number; readonly offset: number } {
  assert(Number.isSafeInteger(page) && page >= 1, "pages count from 1");
  const offset = (page - 1) * checkedLimit(perPage);
  if (offset > pageOffsetMax) throw new DatabaseError("page-too-deep", `no page lies behind ${pageOffsetMax} items`);
  return { limit: perPage + 1, offset };
}

/** A number of items that one answer may hold. */
export function checkedLimit(limit: number): number {
  assert(Number.isSafeInteger(limit) && limit >= 1 && limit <= perPageMax, "a page holds 1 to perPageMax items");
  return limit;
}

/** The page made of rows that `rowsOf` asked for. */
export function pageOf<Item>(rows: readonly Item[], { perPage }: PageRequest): Page<Item> {
  return { items: rows.slice(0, perPage), hasMore: rows.length > perPage };
}
