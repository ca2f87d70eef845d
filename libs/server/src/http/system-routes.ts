import { buildOpenApi, routes } from "@guts/api";
import type { FastifyInstance } from "fastify";

import type { PartProbe } from "../ports/index.ts";
import { documentationPage, documentationStyle } from "./documentation-page.ts";
import type { Metrics } from "./metrics.ts";
import { pageContentSecurityPolicy } from "./security-headers.ts";

export interface SystemRouteOptions {
  readonly parts: readonly PartProbe[];
  readonly metrics: Metrics;
  readonly version: string;
  readonly publicUrl: string | undefined;
}

/** What operators and tools ask a node: is it alive, is it ready, how is it doing, what can it do. */
export function registerSystemRoutes(app: FastifyInstance, options: SystemRouteOptions): void {
  const { parts, metrics, version, publicUrl } = options;
  app.get("/healthz", (_request, reply) => reply.send({ status: "ok" }));
  app.get("/readyz", (_request, reply) => {
    const states = parts.map((part) => ({ name: part.name, ...part.state() }));
    const isReady = states.every(({ state }) => state === "ready");
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? "ready" : "not-ready", parts: states });
  });
  app.get("/metrics", async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  app.get("/api/openapi.json", (request, reply) =>
    reply.send(buildOpenApi(routes, { version, serverUrl: publicUrl ?? `${request.protocol}://${request.host}` })),
  );
  const page = documentationPage(buildOpenApi(routes, { version, serverUrl: publicUrl ?? "" }));
  app.get("/api/docs", (_request, reply) =>
    reply
      .headers({ "content-security-policy": pageContentSecurityPolicy, "cache-control": "no-cache" })
      .type("text/html; charset=utf-8")
      .send(page),
  );
  app.get("/api/docs.css", (_request, reply) =>
    reply.header("cache-control", "max-age=3600").type("text/css; charset=utf-8").send(documentationStyle),
  );
}
