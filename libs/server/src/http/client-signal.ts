import type { FastifyReply } from "fastify";

/** A signal that aborts when the client goes away before its answer is sent, or after `timeoutMs`. */
export function clientSignal(reply: FastifyReply, timeoutMs?: number): AbortSignal {
  const controller = new AbortController();
  reply.raw.once("close", () => {
    if (!reply.raw.writableFinished) controller.abort(new DOMException("the client went away", "AbortError"));
  });
  return timeoutMs === undefined
    ? controller.signal
    : AbortSignal.any([controller.signal, AbortSignal.timeout(timeoutMs)]);
}
