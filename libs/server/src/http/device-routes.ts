/**
 * Where a device asks to be let in (docs.github.com, "Device flow"; RFC 8628): forms in, and a form or JSON out as `Accept` says. As at
 * GitHub, a refusal that the device must react to is an answer of status 200 with `error`.
 */
import { shortestScopeNames } from "@guts/governance";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import type { DevicePoll } from "../auth/device-codes.ts";
import { Refusal } from "../errors.ts";
import { deviceLimits } from "../limits.ts";
import type { Services } from "../services.ts";
import { parseScopes } from "../use-cases/device-login.ts";
import { parseJsonBody } from "./body-parser.ts";
import { tooManyRequests } from "./rate-limiter.ts";

export interface DeviceRouteOptions extends Pick<Services, "devices" | "rateLimiter" | "clock"> {
  readonly publicUrl: string | undefined;
}

const deviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

/** Registers both routes. Call it in an encapsulated context: bodies are forms here. */
export function registerDeviceRoutes(app: FastifyInstance, options: DeviceRouteOptions): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: deviceLimits.bodyBytesMax }, (_request, body, done) =>
    done(null, body),
  );
  app.post("/login/device/code", (request, reply) => {
    count(request, options);
    const fields = fieldsOf(request);
    const clientId = clientIdOf(fields);
    const scopes = parseScopes(fields.get("scope") ?? "");
    const begun = options.devices.begin({ clientId, scopes, address: request.ip });
    const base = options.publicUrl ?? `${request.protocol}://${request.host}`;
    return answer(request, reply, {
      device_code: begun.deviceCode,
      user_code: begun.userCode,
      verification_uri: `${base}/login/device`,
      expires_in: begun.expiresInSeconds,
      interval: begun.intervalSeconds,
    });
  });
  app.post("/login/oauth/access_token", (request, reply) => {
    count(request, options);
    const fields = fieldsOf(request);
    if (fields.get("grant_type") !== deviceGrant)
      return answer(request, reply, {
        error: "unsupported_grant_type",
        error_description: `The grant type must be ${deviceGrant}.`,
      });
    const polled = options.devices.poll(fields.get("device_code") ?? "", clientIdOf(fields));
    return answer(request, reply, presentPoll(polled));
  });
}

function presentPoll(polled: DevicePoll): Fields {
  if (polled.status === "granted")
    return { access_token: polled.token, token_type: "bearer", scope: shortestScopeNames(polled.scopes).join(",") };
  const error = { error: polled.status, error_description: DESCRIPTIONS[polled.status] };
  return polled.status === "slow_down" ? { ...error, interval: polled.intervalSeconds } : error;
}

const DESCRIPTIONS: Readonly<Record<Exclude<DevicePoll["status"], "granted">, string>> = {
  authorization_pending: "Nobody has confirmed this login yet.",
  slow_down: "Ask less often.",
  expired_token: "The code has expired. Begin again.",
  access_denied: "The login was refused.",
  incorrect_device_code: "There is no such device code.",
};

type Fields = Readonly<Record<string, string | number>>;

function answer(request: FastifyRequest, reply: FastifyReply, fields: Fields): FastifyReply {
  void reply.header("cache-control", "no-store");
  if (/\bjson\b/.test(request.headers.accept ?? "")) return reply.type("application/json; charset=utf-8").send(fields);
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) form.set(name, String(value));
  return reply.type("application/x-www-form-urlencoded; charset=utf-8").send(form.toString());
}

/** The parameters: of the query, a form, or a JSON object of texts. */
function fieldsOf(request: FastifyRequest): URLSearchParams {
  const fields = new URLSearchParams(request.url.split("?")[1] ?? "");
  const body = request.body instanceof Buffer ? request.body : Buffer.alloc(0);
  const type = request.headers["content-type"] ?? "";
  const given = /json/i.test(type)
    ? Object.entries(parseJsonBody(body, type, undefined) ?? {})
    : new URLSearchParams(body.toString("utf8"));
  for (const [name, value] of given) if (typeof value === "string") fields.set(name, value);
  return fields;
}

function clientIdOf(fields: URLSearchParams): string {
  const clientId = fields.get("client_id") ?? "";
  if (/^[A-Za-z0-9._-]{1,64}$/.test(clientId)) return clientId;
  throw new Refusal("invalid", "client_id must be 1 to 64 letters, digits, '.', '_' or '-'.");
}

/** A device has no account yet, so it counts for its address. */
function count({ ip }: FastifyRequest, { rateLimiter, clock }: DeviceRouteOptions): void {
  const caller = { account: undefined, address: ip };
  if (rateLimiter.take("guts", caller) === undefined)
    throw tooManyRequests(rateLimiter.peek("guts", caller), caller, clock.nowMs());
}
