/**
 * The input that a worker is trying, in memory that its parent can read even while the worker hangs.
 *
 * Layout: a counter of inputs, the length, the bytes.
 */
export class CurrentInput {
  readonly memory: SharedArrayBuffer;
  readonly #header: Int32Array;
  readonly #bytes: Uint8Array;

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory;
    this.#header = new Int32Array(memory, 0, 2);
    this.#bytes = new Uint8Array(memory, 8);
  }

  /** Room for inputs of up to `bytesMax`. */
  static allocate(bytesMax: number): CurrentInput {
    return new CurrentInput(new SharedArrayBuffer(8 + bytesMax));
  }

  set(input: Uint8Array): void {
    this.#bytes.set(input.subarray(0, this.#bytes.length));
    Atomics.store(this.#header, 1, Math.min(input.length, this.#bytes.length));
    Atomics.add(this.#header, 0, 1);
  }

  get(): Uint8Array {
    return Uint8Array.from(this.#bytes.subarray(0, Atomics.load(this.#header, 1)));
  }

  /** How many inputs have been tried; it stands still while the target hangs. */
  get count(): number {
    return Atomics.load(this.#header, 0);
  }
}
