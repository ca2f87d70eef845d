/** One holder at a time for each key, in arrival order. */
export class KeyedMutex<Key> {
  readonly #tailByKey = new Map<Key, Promise<void>>();

  /** Runs `work` alone among all work of this key. Throws the signal's reason when aborted while waiting. */
  async run<Value>(key: Key, signal: AbortSignal, work: () => Promise<Value>): Promise<Value> {
    const before = this.#tailByKey.get(key) ?? Promise.resolve();
    const { promise, resolve } = Promise.withResolvers<void>();
    const tail = before.then(() => promise);
    this.#tailByKey.set(key, tail);
    try {
      await before;
      signal.throwIfAborted();
      return await work();
    } finally {
      resolve();
      if (this.#tailByKey.get(key) === tail) this.#tailByKey.delete(key);
    }
  }
}
