import * as fc from "fast-check";
import { expect, test } from "vitest";
import { compareBytes } from "./bytes.ts";
import {
  bool,
  bytes,
  decode,
  DecodeError,
  encode,
  fixed,
  list,
  oneOf,
  option,
  restText,
  struct,
  text,
  u16,
  u32,
  u64,
  u8,
  union,
  type Codec,
} from "./codec.ts";

interface Sample {
  readonly codec: Codec<unknown>;
  readonly values: fc.Arbitrary<unknown>;
}

const sample = <Value>(codec: Codec<Value>, values: fc.Arbitrary<Value>): Sample =>
  ({ codec, values }) as unknown as Sample;

const wellFormed = fc.string({ unit: "grapheme", maxLength: 8 }).filter((value) => !value.includes("\0"));

const leaves: readonly Sample[] = [
  sample(u8, fc.nat(255)),
  sample(u16, fc.nat(65_535)),
  sample(u32, fc.nat(2 ** 31 - 1)),
  sample(u64, fc.maxSafeNat()),
  sample(bool, fc.boolean()),
  sample(fixed(3), fc.uint8Array({ minLength: 3, maxLength: 3 })),
  sample(bytes(8), fc.uint8Array({ maxLength: 8 })),
  sample(text(200), wellFormed),
  sample(oneOf({ zero: 0, one: 1, last: 255 }), fc.constantFrom("zero" as const, "one" as const, "last" as const)),
];

/** A codec of some shape, with values for it. */
const samples: fc.Arbitrary<Sample> = fc.letrec<{ sample: Sample }>((tie) => ({
  sample: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom(...leaves),
    tie("sample").map(({ codec, values }) => sample(list(codec, 4), fc.array(values, { maxLength: 4 }))),
    tie("sample")
      .filter(({ codec }) => !isOption(codec))
      .map(({ codec, values }) => markOption(sample(option(codec), fc.option(values, { nil: undefined })))),
    fc
      .tuple(tie("sample"), tie("sample"))
      .map(([left, right]) =>
        sample(
          struct({ left: left.codec, right: right.codec }),
          fc.record({ left: left.values, right: right.values }) as fc.Arbitrary<never>,
        ),
      ),
    fc.tuple(tie("sample"), tie("sample")).map(([left, right]) =>
      sample(
        union({ a: [1, struct({ value: left.codec })], b: [9, struct({ value: right.codec })] }),
        fc.oneof(
          left.values.map((value) => ({ type: "a" as const, value })),
          right.values.map((value) => ({ type: "b" as const, value })),
        ) as fc.Arbitrary<never>,
      ),
    ),
  ),
})).sample;

const options = new WeakSet();
/** An option of an option has no value for "there, but empty": no format uses one. */
const isOption = (codec: object): boolean => options.has(codec);
const markOption = (made: Sample): Sample => {
  options.add(made.codec);
  return made;
};

test("every value comes back from its bytes", () => {
  fc.assert(
    fc.property(
      samples.chain(({ codec, values }) => values.map((value) => ({ codec, value }))),
      ({ codec, value }) => {
        expect(decode(codec, encode(codec, value))).toEqual(value);
      },
    ),
  );
});

test("bytes are refused with a DecodeError or are the one encoding of what they say", () => {
  fc.assert(
    fc.property(samples, fc.uint8Array({ maxLength: 40 }), ({ codec }, raw) => {
      const value = decodedOrRefused(codec, raw);
      if (value !== undefined) expect(encode(codec, value.value)).toEqual(raw);
    }),
  );
});

test("a changed encoding is refused or stands for another value", () => {
  const changed = samples.chain(({ codec, values }) =>
    values.chain((value) => {
      const raw = encode(codec, value);
      return fc
        .record({ at: fc.nat(Math.max(0, raw.length - 1)), by: fc.integer({ min: 1, max: 255 }) })
        .map(({ at, by }) => ({ codec, value, raw: raw.map((byte, index) => (index === at ? byte ^ by : byte)) }));
    }),
  );
  fc.assert(
    fc.property(changed, ({ codec, value, raw }) => {
      const other = decodedOrRefused(codec, raw);
      if (other === undefined || raw.length === 0) return;
      expect(other.value).not.toEqual(value);
      expect(encode(codec, other.value)).toEqual(raw);
    }),
  );
});

test("keys that end in text sort as their texts sort in UTF-8", () => {
  const key = struct({ owner: u64, name: restText(100) });
  const entry = fc.record({ owner: fc.nat(2), name: wellFormed });
  fc.assert(
    fc.property(entry, entry, (left, right) => {
      const byFields = left.owner - right.owner || Buffer.compare(Buffer.from(left.name), Buffer.from(right.name));
      expect(Math.sign(compareBytes(encode(key, left), encode(key, right)))).toBe(Math.sign(byFields));
    }),
  );
});

function decodedOrRefused(codec: Codec<unknown>, raw: Uint8Array): { readonly value: unknown } | undefined {
  try {
    return { value: decode(codec, raw) };
  } catch (error) {
    expect(error).toBeInstanceOf(DecodeError);
    return undefined;
  }
}
