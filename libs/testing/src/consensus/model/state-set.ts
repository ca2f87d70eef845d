import { assert } from "@guts/primitives";

/**
 * A set of states in the order of their discovery: the breadth-first queue, the visited set and the way back in one.
 *
 * A state is an integer below 2^53. Four million of them take 16 bytes each and four to eight for the table of slots; a
 * `Set` of numbers that large takes four times that.
 */
export class StateSet {
  #states: Float64Array;
  /** Where each state was found from; the first has none. */
  #cameFrom: Int32Array;
  /** Open addressing: 1 + the position of a state, or 0. */
  #slots: Int32Array;
  #size = 0;

  constructor(capacity = 1 << 12) {
    this.#states = new Float64Array(capacity);
    this.#cameFrom = new Int32Array(capacity);
    this.#slots = new Int32Array(capacity * 2);
  }

  get size(): number {
    return this.#size;
  }

  at(position: number): number {
    assert(position >= 0 && position < this.#size, "a position is below the set's size");
    return this.#states[position]!;
  }

  /** Adds `state` unless it is there; `cameFrom` is the position of the state that leads to it, or -1. */
  add(state: number, cameFrom: number): void {
    const slot = this.#slotOf(state);
    if (this.#slots[slot] !== 0) return;
    if (this.#size === this.#states.length) {
      this.#grow();
      this.add(state, cameFrom);
      return;
    }
    this.#states[this.#size] = state;
    this.#cameFrom[this.#size] = cameFrom;
    this.#size += 1;
    this.#slots[slot] = this.#size;
  }

  /** The states that led to the one at `position`, oldest first, itself last. */
  pathTo(position: number): readonly number[] {
    const path: number[] = [];
    for (let at = position; at >= 0; at = this.#cameFrom[at]!) path.push(this.at(at));
    return path.toReversed();
  }

  #slotOf(state: number): number {
    const mask = this.#slots.length - 1;
    const low = state % 0x1_0000_0000;
    const high = (state - low) / 0x1_0000_0000;
    let hash = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15), 0xc2b2ae35);
    for (let slot = (hash ^ (hash >>> 13)) & mask; ; slot = (slot + 1) & mask) {
      const entry = this.#slots[slot]!;
      if (entry === 0 || this.#states[entry - 1] === state) return slot;
    }
  }

  #grow(): void {
    const states = new Float64Array(this.#states.length * 2);
    states.set(this.#states);
    const cameFrom = new Int32Array(states.length);
    cameFrom.set(this.#cameFrom);
    this.#states = states;
    this.#cameFrom = cameFrom;
    this.#slots = new Int32Array(states.length * 2);
    for (let position = 0; position < this.#size; position++)
      this.#slots[this.#slotOf(states[position]!)] = position + 1;
  }
}
