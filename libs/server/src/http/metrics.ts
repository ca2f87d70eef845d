import type { FastifyInstance } from "fastify";
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** The doors a request can come through; the only values of the `door` label. */
export type Door = "api" | "git" | "raw" | "web" | "system";

/** What the server counts. Labels are few and closed, so the number of series is known. */
export interface Metrics {
  readonly registry: Registry;
  readonly requests: Counter<"door" | "method" | "status">;
  readonly requestSeconds: Histogram<"door">;
  readonly gitOperations: Counter<"service" | "outcome">;
  readonly gitActive: Gauge<"service">;
  readonly signIns: Counter<"outcome">;
}

/** Makes the metrics of one server in their own registry. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry, prefix: "guts_" });
  return {
    registry,
    requests: new Counter({
      name: "guts_http_requests_total",
      help: "HTTP requests answered",
      labelNames: ["door", "method", "status"],
      registers,
    }),
    requestSeconds: new Histogram({
      name: "guts_http_request_seconds",
      help: "Time from a request's headers to the end of its answer",
      labelNames: ["door"],
      buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 60],
      registers,
    }),
    gitOperations: new Counter({
      name: "guts_git_operations_total",
      help: "Fetches and pushes by what became of them",
      labelNames: ["service", "outcome"],
      registers,
    }),
    gitActive: new Gauge({
      name: "guts_git_active",
      help: "Fetches and pushes that are running",
      labelNames: ["service"],
      registers,
    }),
    signIns: new Counter({
      name: "guts_sign_ins_total",
      help: "Password sign-ins by outcome",
      labelNames: ["outcome"],
      registers,
    }),
  };
}

/** Adds a number that is read when metrics are collected, such as the height. */
export function addGauge(metrics: Metrics, name: string, help: string, read: () => number): void {
  const gauge: Gauge = new Gauge({ name, help, registers: [metrics.registry], collect: () => gauge.set(read()) });
}

/** The door of a path. */
export function doorOf(path: string): Door {
  if (path.startsWith("/api/")) return "api";
  if (/^\/(healthz|readyz|metrics)$/.test(path)) return "system";
  if (/^\/[^/]+\/[^/]+\/(info\/refs|git-(upload|receive)-pack)$/.test(path)) return "git";
  return /^\/[^/]+\/[^/]+\/raw\//.test(path) ? "raw" : "web";
}

const METHODS = new Set(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]);

/** Counts every answer. */
export function installRequestMetrics(app: FastifyInstance, metrics: Metrics): void {
  app.addHook("onResponse", (request, reply, done) => {
    const door = doorOf(request.url.split("?", 1)[0] ?? "");
    const method = METHODS.has(request.method) ? request.method : "other";
    metrics.requests.inc({ door, method, status: `${Math.floor(reply.statusCode / 100)}xx` });
    metrics.requestSeconds.observe({ door }, reply.elapsedTime / 1000);
    done();
  });
}
