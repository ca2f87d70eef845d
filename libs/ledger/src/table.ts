/** Typed tables within the state: a prefix byte, a key codec, a value codec. */
import { ByteReader, concatBytes, decode, encode, type Codec } from "@guts/primitives";
import type { Overlay, StateReader } from "./state.ts";

/** One kind of state entry. Keys of a table sort by the bytes of their codec. */
export interface Table<Key, Value> {
  readonly name: string;
  readonly prefix: number;
  readonly key: Codec<Key>;
  readonly value: Codec<Value>;
}

/** Defines a table. */
export function defineTable<Key, Value>(
  name: string,
  prefix: number,
  codecs: { key: Codec<Key>; value: Codec<Value> },
): Table<Key, Value> {
  return { name, prefix, ...codecs };
}

/** The value under `key`, or undefined. */
export function readRow<Key, Value>(
  state: StateReader,
  table: Table<Key, Value>,
  key: NoInfer<Key>,
): Value | undefined {
  const found = state.get(rowKey(table, key));
  return found === undefined ? undefined : decode(table.value, found);
}

/** Writes the row of `key`. */
export function writeRow<Key, Value>(
  state: Overlay,
  table: Table<Key, Value>,
  key: NoInfer<Key>,
  value: NoInfer<Value>,
): void {
  state.put(rowKey(table, key), encode(table.value, value));
}

/** Removes the row of `key`; nothing happens when there is none. */
export function removeRow<Key, Value>(state: Overlay, table: Table<Key, Value>, key: NoInfer<Key>): void {
  state.delete(rowKey(table, key));
}

/** Where to begin and end in a table. `within` is the encoding of a key's first fields; `after` a whole key. */
export interface RowRange {
  readonly within?: Uint8Array;
  readonly after?: Uint8Array;
}

/** Rows by ascending key. */
export function* scanRows<Key, Value>(
  state: StateReader,
  table: Table<Key, Value>,
  range: RowRange = {},
): Generator<readonly [Key, Value], undefined> {
  const start = concatBytes(Uint8Array.of(table.prefix), range.within ?? new Uint8Array());
  const from =
    range.after === undefined ? start : concatBytes(Uint8Array.of(table.prefix), range.after, Uint8Array.of(0));
  for (const [key, value] of state.scan(from, endOfPrefix(start))) {
    yield [decodeRowKey(table, key), decode(table.value, value)];
  }
}

/** The state key of a row. */
export function rowKey<Key, Value>(table: Table<Key, Value>, key: Key): Uint8Array {
  return concatBytes(Uint8Array.of(table.prefix), encode(table.key, key));
}

/** The row's key in a state key of this table. */
export function decodeRowKey<Key, Value>(table: Table<Key, Value>, key: Uint8Array): Key {
  const reader = new ByteReader(key.subarray(1));
  const decoded = table.key.read(reader);
  return reader.remaining === 0 ? decoded : reader.fail("trailing-bytes");
}

/** The first key after all that begin with `prefix`. A prefix of 0xff bytes alone does not occur: table prefixes are below. */
function endOfPrefix(prefix: Uint8Array): Uint8Array {
  let length = prefix.length;
  while (prefix[length - 1] === 0xff) length--;
  const end = prefix.slice(0, length);
  end[length - 1]!++;
  return end;
}
