import { Refusal } from "../errors.ts";

export interface GateOptions {
  /** Jobs that run at the same time. */
  readonly activeMax: number;
  /** Jobs that wait for a place; one more is refused as `busy`. */
  readonly queueLengthMax: number;
  /** Longest wait for a place; then the job is refused as `busy`. */
  readonly waitMs?: number;
  /** Jobs of one client at the same time; one more is refused as `rate-limited`. */
  readonly perClientMax?: number;
}

/** A bound on work done at the same time, with a bounded queue, first come first served. */
export interface Gate {
  readonly active: number;
  /** Runs the job in its turn. Throws `Refusal` when it gets none, the signal's reason when aborted meanwhile. */
  run<Result>(signal: AbortSignal, job: () => Promise<Result>, client?: string): Promise<Result>;
  /** Takes a place until it is released. */
  enter(signal: AbortSignal, client?: string): Promise<Disposable>;
}

interface Waiter {
  readonly admit: () => void;
}

/** A gate of this process. */
export function createGate(options: GateOptions): Gate {
  const { activeMax, perClientMax = Number.POSITIVE_INFINITY } = options;
  const countByClient = new Map<string, number>();
  const queue: Waiter[] = [];
  let active = 0;

  const leave = (client: string | undefined): void => {
    if (client !== undefined) {
      const count = (countByClient.get(client) ?? 1) - 1;
      if (count === 0) countByClient.delete(client);
      else countByClient.set(client, count);
    }
    const next = queue.shift();
    if (next === undefined) active--;
    else next.admit();
  };

  const enter = async (signal: AbortSignal, client?: string): Promise<Disposable> => {
    signal.throwIfAborted();
    const clientCount = client === undefined ? 0 : (countByClient.get(client) ?? 0);
    if (clientCount >= perClientMax)
      throw new Refusal("rate-limited", "Too many requests of yours are running. Wait for one to end.", {
        retryAfterSeconds: 5,
      });
    if (client !== undefined) countByClient.set(client, clientCount + 1);
    try {
      if (active < activeMax) active++;
      else await waitForPlace(queue, options, signal);
    } catch (error) {
      if (client !== undefined) countByClient.set(client, (countByClient.get(client) ?? 1) - 1);
      throw error;
    }
    let isOpen = true;
    return {
      [Symbol.dispose]: () => {
        if (isOpen) leave(client);
        isOpen = false;
      },
    };
  };

  return {
    get active() {
      return active;
    },
    enter,
    async run(signal, job, client) {
      const place = await enter(signal, client);
      try {
        return await job();
      } finally {
        place[Symbol.dispose]();
      }
    },
  };
}

function waitForPlace(queue: Waiter[], options: GateOptions, signal: AbortSignal): Promise<void> {
  const busy = new Refusal("busy", "This node is busy. Try again in a moment.", { retryAfterSeconds: 5 });
  if (queue.length >= options.queueLengthMax) throw busy;
  return new Promise((resolve, reject) => {
    const settle = (finish: () => void): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      finish();
    };
    const giveUp = (reason: unknown): void => {
      const index = queue.indexOf(waiter);
      if (index !== -1) queue.splice(index, 1);
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- an abort's reason is passed on as it is
      settle(() => reject(reason));
    };
    const waiter: Waiter = { admit: () => settle(resolve) };
    const onAbort = (): void => giveUp(signal.reason);
    const timer = options.waitMs === undefined ? undefined : setTimeout(() => giveUp(busy), options.waitMs);
    signal.addEventListener("abort", onAbort, { once: true });
    queue.push(waiter);
  });
}
