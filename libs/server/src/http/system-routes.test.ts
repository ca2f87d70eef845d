import fastify, { type FastifyInstance } from "fastify";
import { afterEach, describe, expect, test } from "vitest";

import { installErrorFunnel } from "./error-funnel.ts";
import { createMetrics } from "./metrics.ts";
import { registerSystemRoutes } from "./system-routes.ts";

let app: FastifyInstance | undefined;
afterEach(() => app?.close());

async function statusOf(
  remoteAddress: string,
  { headers = {}, areMetricsOpen = false }: { headers?: Record<string, string>; areMetricsOpen?: boolean } = {},
): Promise<number> {
  app = fastify();
  installErrorFunnel(app);
  const metrics = createMetrics();
  registerSystemRoutes(app, { parts: [], metrics, version: "0", publicUrl: undefined, areMetricsOpen });
  return (await app.inject({ url: "/metrics", remoteAddress, headers })).statusCode;
}

describe("metrics are given", () => {
  test.each(["127.0.0.1", "127.8.9.10", "::1", "::ffff:127.0.0.1"])("to this machine, %s", async (address) => {
    expect(await statusOf(address)).toBe(200);
  });

  test.each(["192.0.2.1", "10.0.0.1", "2001:db8::1", "::ffff:192.0.2.1", "::2"])("not to %s", async (address) => {
    expect(await statusOf(address)).toBe(403);
    expect(await statusOf(address, { areMetricsOpen: true })).toBe(200);
  });

  test.each(["x-forwarded-for", "forwarded", "x-real-ip", "via"])(
    "not through a proxy here that says %s",
    async (name) => {
      expect(await statusOf("127.0.0.1", { headers: { [name]: "127.0.0.1" } })).toBe(403);
    },
  );
});
