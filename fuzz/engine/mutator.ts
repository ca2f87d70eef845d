import type { Random } from "./random.ts";

/** What a mutation draws from besides the input itself. */
export interface MutationSources {
  /** Words that the format under test knows. */
  readonly dictionary: readonly Uint8Array[];
  /** Other interesting inputs, to take parts from. */
  readonly others: readonly Uint8Array[];
  /** Longer results are cut. */
  readonly bytesMax: number;
}

type Mutation = (input: Uint8Array, random: Random, sources: MutationSources) => Uint8Array;

/** Bytes at which parsers change their minds. */
const EDGES = [
  0x00, 0x01, 0x0a, 0x0d, 0x1b, 0x20, 0x2f, 0x30, 0x39, 0x41, 0x5c, 0x61, 0x7f, 0x80, 0xc3, 0xe2, 0xf0, 0xff,
];

/** The smallest step, and the one that passes a comparison with one byte; it is taken often. */
const setByte: Mutation = (input, random) => replace(input, random, () => random.below(256));

const mutations: readonly Mutation[] = [
  /* flip a bit */ (input, random) => replace(input, random, (byte) => byte ^ (1 << random.below(8))),
  /* set an edge */ (input, random) => replace(input, random, () => random.pick(EDGES)),
  /* count up or down */ (input, random) => replace(input, random, (byte) => byte + random.pick([-1, 1])),
  /* insert a byte */ (input, random) =>
    insert(input, random, new Uint8Array([random.below(2) === 0 ? random.pick(EDGES) : random.below(256)])),
  /* remove a piece */ (input, random) => {
    const [start, end] = range(input, random);
    return join(input.subarray(0, start), input.subarray(end));
  },
  /* repeat a piece */ (input, random) => {
    const [start, end] = range(input, random);
    const times = 1 + random.below(random.below(8) === 0 ? 64 : 3);
    return insert(input, random, join(...Array.from({ length: times }, () => input.subarray(start, end))));
  },
  /* insert a word */ (input, random, { dictionary }) =>
    dictionary.length === 0 ? input : insert(input, random, random.pick(dictionary)),
  /* put a word over what is there */ (input, random, { dictionary }) => {
    if (dictionary.length === 0) return input;
    const word = random.pick(dictionary);
    const start = random.below(input.length + 1);
    return join(input.subarray(0, start), word, input.subarray(start + word.length));
  },
  /* take a piece of another input */ (input, random, { others }) => {
    const other = random.pick(others);
    const [start, end] = range(other, random);
    return insert(input, random, other.subarray(start, end));
  },
  /* go on as another input does */ (input, random, { others }) => {
    const other = random.pick(others);
    return join(input.subarray(0, random.below(input.length + 1)), other.subarray(random.below(other.length + 1)));
  },
  /* swap two lines */ (input, random) => {
    const lines = Buffer.from(input).toString("latin1").split("\n");
    const [first, second] = [random.below(lines.length), random.below(lines.length)];
    [lines[first], lines[second]] = [lines[second]!, lines[first]!];
    return Buffer.from(lines.join("\n"), "latin1");
  },
];

/** `input` after one random change (every other time) or up to eight. */
export function mutate(input: Uint8Array, random: Random, sources: MutationSources): Uint8Array {
  let result = input;
  for (let count = random.below(2) === 0 ? 1 : 1 + random.below(8); count > 0; count--) {
    const mutation = random.below(4) === 0 ? setByte : random.pick(mutations);
    result = mutation(result, random, sources).subarray(0, sources.bytesMax);
  }
  return Uint8Array.from(result);
}

/** Not `concatBytes`: what the fuzzer itself runs must not count as covered. */
function join(...parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}

function replace(input: Uint8Array, random: Random, change: (byte: number) => number): Uint8Array {
  if (input.length === 0) return input;
  const changed = input.slice();
  const index = random.below(input.length);
  changed[index] = change(changed[index]!);
  return changed;
}

function insert(input: Uint8Array, random: Random, piece: Uint8Array): Uint8Array {
  const start = random.below(input.length + 1);
  return join(input.subarray(0, start), piece, input.subarray(start));
}

/** A piece of the input, short more often than long. */
function range(input: Uint8Array, random: Random): readonly [start: number, end: number] {
  const start = random.below(input.length + 1);
  const lengthMax = Math.min(input.length - start, 1 << random.below(10));
  return [start, start + random.below(lengthMax + 1)];
}
