import { DatabaseError } from "./database-error.ts";

/**
 * The promise's result, unless `signal` aborts (its reason is thrown) or `timeoutMs` pass (`timeout`). What the
 * promise stands for goes on: statements end by themselves.
 */
export async function within<Result>(
  promise: Promise<Result>,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Result> {
  signal.throwIfAborted();
  const { promise: interrupted, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new DatabaseError("timeout", `no answer within ${timeoutMs} ms`)), timeoutMs);
  const onAbort = (): void => reject(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, interrupted]);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener("abort", onAbort);
    promise.catch(() => {});
  }
}
