import { BlockList, isIPv6 } from "node:net";

import { buildOpenApi, routes } from "@guts/api";
import type { FastifyInstance, FastifyRequest } from "fastify";

import { Refusal } from "../errors.ts";

import type { PartProbe } from "../ports/index.ts";
import { documentationPage, documentationStyle } from "./documentation-page.ts";
import type { Metrics } from "./metrics.ts";
import { pageContentSecurityPolicy } from "./security-headers.ts";

export interface SystemRouteOptions {
  readonly parts: readonly PartProbe[];
  readonly metrics: Metrics;
  readonly version: string;
  readonly publicUrl: string | undefined;
  /** Whether `/metrics` answers other machines too; they tell who uses the node and how much. */
  readonly areMetricsOpen: boolean;
}

/** What operators and tools ask a node: is it alive, is it ready, how is it doing, what can it do. */
export function registerSystemRoutes(app: FastifyInstance, options: SystemRouteOptions): void {
  const { parts, metrics, version, publicUrl, areMetricsOpen } = options;
  app.get("/healthz", (_request, reply) => reply.send({ status: "ok" }));
  app.get("/readyz", (_request, reply) => {
    const states = parts.map((part) => ({ name: part.name, ...part.state() }));
    const isReady = states.every(({ state }) => state === "ready");
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? "ready" : "not-ready", parts: states });
  });
  app.get("/metrics", async (request, reply) => {
    if (!areMetricsOpen && !isFromThisMachine(request))
      throw new Refusal("forbidden", "Only this machine may read metrics, unless metrics.areOpen is set.");
    return reply.type(metrics.registry.contentType).send(await metrics.registry.metrics());
  });
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

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** Whether a program here asks by itself: what a reverse proxy here passes on comes from elsewhere, trusted or not. */
function isFromThisMachine({ raw, headers }: FastifyRequest): boolean {
  const { remoteAddress = "" } = raw.socket;
  const isPassedOn = ["forwarded", "x-forwarded-for", "x-real-ip", "via"].some((name) => headers[name] !== undefined);
  // An IPv4 address that is mapped into IPv6 is found among those of IPv4.
  return !isPassedOn && loopback.check(remoteAddress, isIPv6(remoteAddress) ? "ipv6" : "ipv4");
}
