import type { FastifyInstance, FastifyRequest } from "fastify";

import { serverLimits } from "../limits.ts";
import { doorOf } from "./metrics.ts";

/**
 * Ends connections whose request does not arrive in time, so that slow clients cannot hold them. git's requests are
 * exempt: a large pack takes as long as it takes, and a silent connection ends anyway.
 */
export function installReadDeadline(app: FastifyInstance): void {
  app.addHook("onRequest", (request, _reply, done) => {
    if (hasBody(request) && doorOf(request.url.split("?", 1)[0] ?? "") !== "git") {
      const timer = setTimeout(() => request.raw.destroy(), serverLimits.requestTimeoutMs);
      request.raw.once("close", () => clearTimeout(timer));
      request.raw.once("end", () => clearTimeout(timer));
    }
    done();
  });
}

function hasBody({ headers }: FastifyRequest): boolean {
  return headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
}
