/** A small deterministic generator (xorshift128, Marsaglia 2003): the same seed gives the same numbers on every machine. */
export class Random {
  #x: number;
  #y = 362_436_069;
  #z = 521_288_629;
  #w = 88_675_123;

  constructor(seed: number) {
    this.#x = (seed ^ 0x9e3779b9) >>> 0 || 1;
    for (let round = 0; round < 16; round++) this.next();
  }

  /** An unsigned 32-bit integer. */
  next(): number {
    const mixed = this.#x ^ (this.#x << 11);
    this.#x = this.#y;
    this.#y = this.#z;
    this.#z = this.#w;
    this.#w = (this.#w ^ (this.#w >>> 19) ^ mixed ^ (mixed >>> 8)) >>> 0;
    return this.#w;
  }

  /** An integer from 0 up to, but not, `bound`; 0 when that is 0. */
  below(bound: number): number {
    return bound === 0 ? 0 : this.next() % bound;
  }

  /** One of `values`, which must not be empty. */
  pick<Value>(values: readonly Value[]): Value {
    return values[this.below(values.length)]!;
  }
}
