import { usageError } from "../cli-error.ts";
import { listLimitDefault, listLimitMax } from "../limits.ts";

/** The value of `--limit`. Throws `usage` for anything but a whole number from 1 to {@link listLimitMax}. */
export function parseLimit(text: string | undefined): number {
  return text === undefined ? listLimitDefault : parseCount(text, listLimitMax, "--limit");
}

/** A whole number from 1 to `max` that a flag gives. Throws `usage` otherwise. */
export function parseCount(text: string, max: number, flag: string): number {
  const count = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  if (count < 1 || count > max) throw usageError(`${flag} takes a whole number from 1 to ${max}, not "${text}"`);
  return count;
}

/** At most `limit` items that satisfy `isWanted`. */
export async function take<Item>(
  items: AsyncIterable<Item>,
  limit: number,
  isWanted: (item: Item) => boolean = () => true,
): Promise<readonly Item[]> {
  const taken: Item[] = [];
  for await (const item of items) {
    if (isWanted(item)) taken.push(item);
    if (taken.length >= limit) break;
  }
  return taken;
}
