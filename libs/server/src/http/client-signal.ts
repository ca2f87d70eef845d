import type { FastifyReply } from "fastify";

/**
 * A signal that aborts when the client goes away before its answer is sent, or after `timeoutMs`.
 *
 * Not `AbortSignal.timeout`: its timer would outlive the request, and there are many requests in an hour.
 */
export function clientSignal(reply: FastifyReply, timeoutMs?: number): AbortSignal {
  const controller = new AbortController();
  const timer =
    timeoutMs === undefined
      ? undefined
      : setTimeout(() => controller.abort(new DOMException("the request took too long", "TimeoutError")), timeoutMs);
  reply.raw.once("close", () => {
    clearTimeout(timer);
    if (!reply.raw.writableFinished) controller.abort(new DOMException("the client went away", "AbortError"));
  });
  return controller.signal;
}
