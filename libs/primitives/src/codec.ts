/**
 * The one byte encoding of everything that is hashed or signed (docs/protocol/formats-v1.md, "Canonical encoding").
 *
 * A fixed layout without field names: integers are big-endian and of fixed width, variable parts carry a 32-bit
 * length or count, options one byte, unions one tag byte. There is exactly one encoding of a value, so decoding and
 * encoding again gives the same bytes; every decoder refuses anything else, trailing bytes included.
 */
import { fromUtf8, utf8 } from "./bytes.ts";
import { GutsError } from "./guts-error.ts";

/** Why bytes are not an encoding. Never retry: the same bytes stay malformed. */
export type DecodeErrorCode =
  | "truncated"
  | "trailing-bytes"
  | "out-of-range"
  | "too-long"
  | "malformed-text"
  | "unknown-tag"
  | "not-sorted";

/** Thrown by `decode` for bytes that are not the canonical encoding of a value. */
export class DecodeError extends GutsError<DecodeErrorCode, { readonly offset: number }> {
  constructor(code: DecodeErrorCode, offset: number) {
    super(code, `not a canonical encoding: ${code} at byte ${offset}`, { offset });
  }
}

/** Thrown by `encode` for a value outside of its codec's range. */
export class EncodeError extends GutsError<"out-of-range", undefined> {
  constructor(message: string) {
    super("out-of-range", message, undefined);
  }
}

/** Where the next writer begins. State keys are encoded by the thousand, and most are shorter than a new buffer takes to make. */
let spare: { readonly bytes: Uint8Array; readonly view: DataView } | undefined;
const spareLength = 256;

function takeBuffer(): { readonly bytes: Uint8Array; readonly view: DataView } {
  const taken = spare;
  spare = undefined;
  if (taken !== undefined) return taken;
  const bytes = new Uint8Array(spareLength);
  return { bytes, view: new DataView(bytes.buffer) };
}

/** Appends to a growing buffer. */
export class ByteWriter {
  #bytes: Uint8Array;
  #view: DataView;
  #length = 0;

  constructor() {
    const { bytes, view } = takeBuffer();
    this.#bytes = bytes;
    this.#view = view;
  }

  #reserve(count: number): number {
    const offset = this.#length;
    if (offset + count > this.#bytes.length) {
      const grown = new Uint8Array(Math.max(offset + count, 2 * this.#bytes.length));
      grown.set(this.#bytes);
      this.#bytes = grown;
      this.#view = new DataView(grown.buffer);
    }
    this.#length += count;
    return offset;
  }

  uint(value: number, width: 1 | 2 | 4 | 8): void {
    const limit = width === 8 ? Number.MAX_SAFE_INTEGER : 2 ** (8 * width) - 1;
    if (!Number.isInteger(value) || value < 0 || value > limit)
      throw new EncodeError(`${value} does not fit into ${width} bytes`);
    const offset = this.#reserve(width);
    if (width === 1) this.#view.setUint8(offset, value);
    else if (width === 2) this.#view.setUint16(offset, value);
    else if (width === 4) this.#view.setUint32(offset, value);
    else this.#view.setBigUint64(offset, BigInt(value));
  }

  bytes(value: Uint8Array): void {
    const offset = this.#reserve(value.length); // May replace the buffer.
    this.#bytes.set(value, offset);
  }

  /** A copy of what was written. Ends the writer. */
  finish(): Uint8Array {
    const written = this.#bytes.slice(0, this.#length);
    if (this.#bytes.length === spareLength) spare = { bytes: this.#bytes, view: this.#view };
    return written;
  }
}

/** Consumes a buffer from its beginning. Slices are views of the input, not copies. */
export class ByteReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #offset = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  fail(code: DecodeErrorCode): never {
    throw new DecodeError(code, this.#offset);
  }

  #advance(count: number): number {
    if (count > this.remaining) this.fail("truncated");
    const offset = this.#offset;
    this.#offset += count;
    return offset;
  }

  uint(width: 1 | 2 | 4 | 8): number {
    const offset = this.#advance(width);
    if (width === 1) return this.#view.getUint8(offset);
    if (width === 2) return this.#view.getUint16(offset);
    if (width === 4) return this.#view.getUint32(offset);
    const value = Number(this.#view.getBigUint64(offset));
    return value <= Number.MAX_SAFE_INTEGER ? value : this.fail("out-of-range");
  }

  bytes(count: number): Uint8Array {
    const offset = this.#advance(count);
    return this.#bytes.subarray(offset, offset + count);
  }
}

/** Both directions of one type's encoding. */
export interface Codec<Value> {
  readonly write: (writer: ByteWriter, value: Value) => void;
  readonly read: (reader: ByteReader) => Value;
}

/** Any codec at all, as a bound for the combinators. */
export interface AnyCodec {
  readonly write: (writer: ByteWriter, value: never) => void;
  readonly read: (reader: ByteReader) => unknown;
}

/** The value type of a codec. */
export type Decoded<C extends AnyCodec> = ReturnType<C["read"]>;

/** The canonical bytes of `value`. Throws EncodeError when it is out of the codec's range. */
export function encode<Value>(codec: Codec<Value>, value: Value): Uint8Array {
  const writer = new ByteWriter();
  codec.write(writer, value);
  return writer.finish();
}

/** The value whose canonical encoding is exactly `bytes`. Throws DecodeError otherwise. */
export function decode<Value>(codec: Codec<Value>, bytes: Uint8Array): Value {
  const reader = new ByteReader(bytes);
  const value = codec.read(reader);
  if (reader.remaining > 0) reader.fail("trailing-bytes");
  return value;
}

/** What `read` gives, or undefined where it throws `DecodeError`: bytes of others that are malformed, which is no failure. */
export function unlessMalformed<Value>(read: () => Value): Value | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

const uint = (width: 1 | 2 | 4 | 8): Codec<number> => ({
  write: (writer, value) => writer.uint(value, width),
  read: (reader) => reader.uint(width),
});

/** Unsigned integers of 1, 2, 4 and 8 bytes; `u64` holds safe integers only (below 2^53). */
export const u8: Codec<number> = uint(1);
export const u16: Codec<number> = uint(2);
export const u32: Codec<number> = uint(4);
export const u64: Codec<number> = uint(8);

/** One byte, 0 or 1. */
export const bool: Codec<boolean> = {
  write: (writer, value) => writer.uint(value ? 1 : 0, 1),
  read: (reader) => {
    const byte = reader.uint(1);
    return byte <= 1 ? byte === 1 : reader.fail("out-of-range");
  },
};

/** Exactly `length` bytes, without a length field. */
export function fixed(length: number): Codec<Uint8Array> {
  return {
    write: (writer, value) => {
      if (value.length !== length) throw new EncodeError(`${value.length} bytes where ${length} are fixed`);
      writer.bytes(value);
    },
    read: (reader) => reader.bytes(length),
  };
}

/** Up to `lengthMax` bytes after a 32-bit length. */
export function bytes(lengthMax: number): Codec<Uint8Array> {
  return {
    write: (writer, value) => {
      if (value.length > lengthMax)
        throw new EncodeError(`${value.length} bytes where at most ${lengthMax} are allowed`);
      writer.uint(value.length, 4);
      writer.bytes(value);
    },
    read: (reader) => {
      const length = reader.uint(4);
      return length <= lengthMax ? reader.bytes(length) : reader.fail("too-long");
    },
  };
}

/** Well-formed UTF-8 without U+0000, at most `bytesMax` bytes, after a 32-bit length. No normalization. */
export function text(bytesMax: number): Codec<string> {
  const raw = bytes(bytesMax);
  return {
    write: (writer, value) => {
      if (!value.isWellFormed() || value.includes("\0")) throw new EncodeError("text is not well-formed");
      raw.write(writer, utf8(value));
    },
    read: (reader) => {
      const value = fromUtf8(raw.read(reader));
      return value === undefined || value.includes("\0") ? reader.fail("malformed-text") : value;
    },
  };
}

/** Text as in `text` but without a length: it ends where the bytes end. Only last in a state key, so that keys sort by it. */
export function restText(bytesMax: number): Codec<string> {
  return {
    write: (writer, value) => {
      if (!value.isWellFormed() || value.includes("\0")) throw new EncodeError("text is not well-formed");
      const raw = utf8(value);
      if (raw.length > bytesMax) throw new EncodeError(`${raw.length} bytes where at most ${bytesMax} are allowed`);
      writer.bytes(raw);
    },
    read: (reader) => {
      if (reader.remaining > bytesMax) reader.fail("too-long");
      const value = fromUtf8(reader.bytes(reader.remaining));
      return value === undefined || value.includes("\0") ? reader.fail("malformed-text") : value;
    },
  };
}

/** Up to `countMax` values after a 32-bit count. */
export function list<Value>(item: Codec<Value>, countMax: number): Codec<readonly Value[]> {
  return {
    write: (writer, values) => {
      if (values.length > countMax)
        throw new EncodeError(`${values.length} items where at most ${countMax} are allowed`);
      writer.uint(values.length, 4);
      for (const value of values) item.write(writer, value);
    },
    read: (reader) => {
      const count = reader.uint(4);
      if (count > countMax) reader.fail("too-long");
      const values: Value[] = [];
      for (let index = 0; index < count; index++) values.push(item.read(reader));
      return values;
    },
  };
}

/** A byte 0, or a byte 1 and the value. */
export function option<Value>(item: Codec<Value>): Codec<Value | undefined> {
  return {
    write: (writer, value) => {
      bool.write(writer, value !== undefined);
      if (value !== undefined) item.write(writer, value);
    },
    read: (reader) => (bool.read(reader) ? item.read(reader) : undefined),
  };
}

/** Fields one after the other, in the order in which `fields` names them. */
export function struct<Fields extends Record<string, AnyCodec>>(
  fields: Fields,
): Codec<{ readonly [Name in keyof Fields]: Decoded<Fields[Name]> }> {
  const entries = Object.entries(fields) as unknown as readonly (readonly [string, Codec<unknown>])[];
  return {
    write: (writer, value) => {
      for (const [name, codec] of entries) codec.write(writer, (value as Record<string, unknown>)[name]);
    },
    read: (reader) => {
      const value: Record<string, unknown> = {};
      for (const [name, codec] of entries) value[name] = codec.read(reader);
      return value as { [Name in keyof Fields]: Decoded<Fields[Name]> };
    },
  };
}

/** One of several shapes: a tag byte, then the shape. The value carries the case's name in `type`. */
export function union<Cases extends Record<string, readonly [tag: number, codec: AnyCodec]>>(
  cases: Cases,
): Codec<{ [Name in keyof Cases & string]: { readonly type: Name } & Decoded<Cases[Name][1]> }[keyof Cases & string]> {
  type Case = readonly [number, Codec<Record<string, unknown>>];
  const byName = cases as unknown as Record<string, Case>;
  const byTag = new Map(Object.entries(byName).map(([name, [tag, codec]]) => [tag, { name, codec }]));
  return {
    write: (writer, value) => {
      const name = (value as { type: string }).type;
      const found = Object.hasOwn(byName, name) ? byName[name] : undefined;
      if (found === undefined) throw new EncodeError("value is of no case of the union");
      writer.uint(found[0], 1);
      found[1].write(writer, value);
    },
    read: (reader) => {
      const found = byTag.get(reader.uint(1));
      if (found === undefined) return reader.fail("unknown-tag");
      return { type: found.name, ...found.codec.read(reader) } as never;
    },
  };
}

/** One byte that stands for one of `names`; each name's byte is given. */
export function oneOf<Name extends string>(names: Readonly<Record<Name, number>>): Codec<Name> {
  const byByte = new Map(Object.entries(names).map(([name, byte]) => [byte as number, name as Name]));
  return {
    write: (writer, value) => {
      if (!Object.hasOwn(names, value)) throw new EncodeError(`${value} is not one of the names`);
      writer.uint(names[value], 1);
    },
    read: (reader) => byByte.get(reader.uint(1)) ?? reader.fail("unknown-tag"),
  };
}

/** Another view of a codec's values; `to` returns undefined for those that are not allowed. */
export function mapped<Inner, Outer>(
  inner: Codec<Inner>,
  to: (value: Inner) => Outer | undefined,
  from: (value: Outer) => Inner,
): Codec<Outer> {
  return {
    write: (writer, value) => inner.write(writer, from(value)),
    read: (reader) => to(inner.read(reader)) ?? reader.fail("out-of-range"),
  };
}
