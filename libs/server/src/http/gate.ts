import { Refusal } from "../errors.ts";

export interface GateOptions {
  /** Jobs that run at the same time. */
  readonly activeMax: number;
  /** Jobs that wait for a place; one more is refused as `busy`. */
  readonly queueLengthMax: number;
  /** Longest wait for a place; then the job is refused. */
  readonly waitMs?: number;
  /** Jobs of one client at the same time; the next waits for one of them, though other places may be free. */
  readonly perClientMax?: number;
  /** Jobs of one client that wait; one more is refused as `rate-limited`. */
  readonly perClientQueueLengthMax?: number;
}

/**
 * A bound on work done at the same time, with a bounded queue.
 *
 * A free place goes to the waiting client that was served longest ago, and within a client to who came first: somebody who
 * asks for a hundred things delays others by one.
 */
export interface Gate {
  readonly active: number;
  /** Runs the job in its turn. Throws `Refusal` when it gets none, the signal's reason when aborted meanwhile. */
  run<Result>(signal: AbortSignal, job: () => Promise<Result>, client?: string): Promise<Result>;
  /** Takes a place until it is released. */
  enter(signal: AbortSignal, client?: string): Promise<Disposable>;
}

/** Jobs without a client's name share the gate's limits only. */
interface Client {
  readonly name: string | undefined;
  readonly activeMax: number;
  readonly waiting: Waiter[];
  active: number;
}

interface Waiter {
  readonly admit: () => void;
}

/** A gate of this process. */
export function createGate(options: GateOptions): Gate {
  const gate = new FairGate(options);
  return {
    get active() {
      return gate.active;
    },
    enter: (signal, name) => gate.enter(signal, name),
    async run(signal, job, name) {
      const place = await gate.enter(signal, name);
      try {
        return await job();
      } finally {
        place[Symbol.dispose]();
      }
    },
  };
}

class FairGate {
  readonly #options: GateOptions;
  /** Clients that have or want a place; who was served last stands last. */
  readonly #clients = new Map<string | undefined, Client>();
  #waitingCount = 0;
  active = 0;

  constructor(options: GateOptions) {
    this.#options = options;
  }

  async enter(signal: AbortSignal, name: string | undefined): Promise<Disposable> {
    signal.throwIfAborted();
    const client = this.#clientOf(name);
    // Nobody waits for a place that is free: `#admitNext` has seen to that.
    if (this.active < this.#options.activeMax && client.active < client.activeMax) this.#admit(client);
    else await this.#wait(client, signal);
    let isOpen = true;
    return {
      [Symbol.dispose]: () => {
        if (isOpen) this.#leave(client);
        isOpen = false;
      },
    };
  }

  #clientOf(name: string | undefined): Client {
    const known = this.#clients.get(name);
    if (known !== undefined) return known;
    const { perClientMax = Number.POSITIVE_INFINITY } = this.#options;
    const activeMax = name === undefined ? Number.POSITIVE_INFINITY : perClientMax;
    const client = { name, activeMax, waiting: [], active: 0 };
    this.#clients.set(name, client);
    return client;
  }

  #admit(client: Client): void {
    this.active++;
    client.active++;
    this.#clients.delete(client.name);
    this.#clients.set(client.name, client);
  }

  #leave(client: Client): void {
    this.active--;
    client.active--;
    this.#admitNext();
    this.#forgetIdle(client);
  }

  #admitNext(): void {
    for (const client of this.#clients.values()) {
      if (client.waiting.length === 0 || client.active >= client.activeMax) continue;
      this.#waitingCount--;
      const waiter = client.waiting.shift()!;
      this.#admit(client);
      return waiter.admit();
    }
  }

  #forgetIdle({ name, active, waiting }: Client): void {
    if (active === 0 && waiting.length === 0) this.#clients.delete(name);
  }

  #wait(client: Client, signal: AbortSignal): Promise<void> {
    const { queueLengthMax, perClientQueueLengthMax = Number.POSITIVE_INFINITY, waitMs } = this.#options;
    if (client.waiting.length >= perClientQueueLengthMax) throw tooManyOfYours();
    if (this.#waitingCount >= queueLengthMax) {
      this.#forgetIdle(client);
      throw busy();
    }
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter: Waiter = { admit: resolve };
    const giveUp = (reason: unknown): void => {
      const index = client.waiting.indexOf(waiter);
      if (index === -1) return;
      client.waiting.splice(index, 1);
      this.#waitingCount--;
      this.#forgetIdle(client);
      reject(reason);
    };
    const onTimeout = (): void => giveUp(client.active >= client.activeMax ? tooManyOfYours() : busy());
    const onAbort = (): void => giveUp(signal.reason);
    const timer = waitMs === undefined ? undefined : setTimeout(onTimeout, waitMs);
    signal.addEventListener("abort", onAbort, { once: true });
    client.waiting.push(waiter);
    this.#waitingCount++;
    return promise.finally(() => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
    });
  }
}

const retryAfterSeconds = 5;

function busy(): Refusal {
  return new Refusal("busy", "This node is busy. Try again in a moment.", { retryAfterSeconds });
}

function tooManyOfYours(): Refusal {
  return new Refusal("rate-limited", "Too many requests of yours are running. Wait for one to end.", {
    retryAfterSeconds,
  });
}
