import { routes, type ApiRouteName, type Route } from "@guts/api";
import { isAccountWide } from "@guts/governance";
import { parseHeight, toHex } from "@guts/primitives";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { TSchema } from "typebox";
import { Compile } from "typebox/compile";
import { Convert, Default } from "typebox/value";

import { accountOutOfReach, type Actor } from "../auth/actor.ts";
import { assertSameOrigin } from "../auth/same-origin.ts";
import type { Authenticator } from "../auth/authenticate.ts";
import { readCookie } from "../auth/session-cookie.ts";
import { Refusal } from "../errors.ts";
import { serverLimits } from "../limits.ts";
import type { Clock, Ledger } from "../ports/index.ts";
import { rateHeaders, rateResourceOf, tooManyRequests, type RateCaller, type RateLimiter } from "./rate-limiter.ts";
import { ResponseMismatch } from "./response-mismatch.ts";
import type { Call, RawAnswer, RouteHandlers } from "./call.ts";
import { clientSignal } from "./client-signal.ts";
import { acceptedScopes, heldScopes } from "./oauth-scopes.ts";
import { servesRestricted } from "./restricted-routes.ts";

export interface ApiRouteOptions {
  readonly handlers: RouteHandlers;
  readonly authenticator: Authenticator;
  readonly rateLimiter: RateLimiter;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly cookieName: string;
  readonly publicUrl: string | undefined;
  /** Checks every answer against its schema; for tests, since the types check it already where no one lies to them. */
  readonly checkResponses: boolean;
}

type AnyCall = Call<ApiRouteName>;
interface AnyAnswer {
  readonly status: number;
  readonly body?: unknown;
  readonly height?: number;
  readonly headers?: Readonly<Record<string, string>>;
}
type AnyHandler = (call: AnyCall) => Promise<AnyAnswer | RawAnswer>;

/** Registers every route of the API's table. */
export function registerApiRoutes(app: FastifyInstance, options: ApiRouteOptions): void {
  for (const [name, route] of Object.entries(routes) as [ApiRouteName, Route][]) {
    const handler = options.handlers[name] as unknown as AnyHandler;
    const [method = "GET", template = "/"] = name.split(" ");
    app.route({
      method,
      url: template.replace(/\{\+\w+\}/, "*").replace(/\{(\w+)\}/g, ":$1"),
      bodyLimit: route.bodyBytesMax ?? serverLimits.jsonBodyBytesMax,
      handler: answering(name, route, handler, options),
    });
  }
}

function answering(name: ApiRouteName, route: Route, handler: AnyHandler, options: ApiRouteOptions) {
  const wildcard = /\{\+(\w+)\}/.exec(name)?.[1];
  const accepted = acceptedScopes(name);
  const isOpenToRestricted = servesRestricted(name, route);
  const readQuery = reader(route.query, { isText: true });
  const readBody = reader(route.body, { isText: false });
  const networkId = toHex(options.ledger.networkId);
  const check = options.checkResponses ? responseChecker(name, route) : undefined;
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const { headers } = request;
    const signal = clientSignal(reply, serverLimits.requestTimeoutMs);
    // Whose heights these are: a client that knows several nodes of one network may compare them.
    void reply.header("x-guts-network", networkId);
    // Before the actor is known: a credential that was made elsewhere is there from its height on.
    await waitForHeight(headers["x-guts-min-height"], options.ledger, signal);
    const actor = await admit(request, reply, { route, options, signal });
    // On refusals too: they are what a client reads the headers for.
    const held = actor.account === undefined || headers.authorization === undefined ? undefined : heldScopes(actor);
    if (held !== undefined) void reply.headers({ "x-oauth-scopes": held, "x-accepted-oauth-scopes": accepted });
    if (!isOpenToRestricted && actor.account !== undefined && !isAccountWide(actor.scopes)) throw accountOutOfReach();
    const call = {
      path: pathOf(request.params as Record<string, string>, wildcard),
      query: readQuery(request.query),
      body: readBody(request.body ?? {}),
      actor,
      cookie: headers.cookie,
      accept: (headers.accept ?? "").toLowerCase(),
      idempotencyKey: idempotencyKeyOf(headers["idempotency-key"]),
      address: request.ip,
      baseUrl: options.publicUrl ?? `${request.protocol}://${request.host}`,
      url: request.url,
      signal,
    } as AnyCall;
    const answer = await handler(call);
    check?.(answer);
    return send(reply, answer);
  };
}

interface Admission {
  readonly route: Route;
  readonly options: ApiRouteOptions;
  readonly signal: AbortSignal;
}

/** Finds out who asks, and counts the request. A wrong credential counts for its address, so that trying many is bounded. */
async function admit(
  request: FastifyRequest,
  reply: FastifyReply,
  { route, options, signal }: Admission,
): Promise<Actor> {
  const visitor = { account: undefined, address: request.ip };
  let actor: Actor;
  try {
    actor = actorOf(request, options);
  } catch (error) {
    countRequest(request, reply, visitor, options);
    throw await options.authenticator.explain(error, request.headers.authorization, signal);
  }
  countRequest(request, reply, { ...visitor, account: actor.account?.id }, options);
  if (route.access === "signed-in" && actor.account === undefined)
    throw new Refusal("unauthenticated", "Requires authentication");
  return actor;
}

function countRequest(
  request: FastifyRequest,
  reply: FastifyReply,
  caller: RateCaller,
  { rateLimiter, clock }: ApiRouteOptions,
): void {
  const resource = rateResourceOf(request.url.split("?", 1)[0] ?? "");
  const taken = resource === undefined ? rateLimiter.peek("core", caller) : rateLimiter.take(resource, caller);
  const status = taken ?? rateLimiter.peek(resource ?? "core", caller);
  void reply.headers(rateHeaders(status));
  if (taken === undefined) throw tooManyRequests(status, caller, clock.nowMs());
  if (!isRead(request.method)) rateLimiter.takeWrite(caller);
}

function isRead(method: string): boolean {
  return method === "GET" || method === "HEAD" || method === "OPTIONS";
}

function actorOf(request: FastifyRequest, options: ApiRouteOptions): Actor {
  const { authorization, cookie, origin, host } = request.headers;
  const secFetchSite = request.headers["sec-fetch-site"];
  const isCookieSent = readCookie(cookie, options.cookieName) !== undefined;
  assertSameOrigin({ method: request.method, authorization, origin, host, secFetchSite }, { isCookieSent });
  return options.authenticator.authenticate({ authorization, cookie });
}

/** Checks one part of a request. Text of a query is converted to numbers and booleans, a JSON body is taken as it is. */
function reader(schema: TSchema | undefined, { isText }: { readonly isText: boolean }): (input: unknown) => unknown {
  if (schema === undefined) return () => undefined;
  const validator = Compile(schema);
  return (input) => {
    const value = Default(schema, isText ? Convert(schema, { ...(input as object) }) : input);
    if (validator.Check(value)) return value;
    throw invalid(validator.Errors(value));
  };
}

interface SchemaError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly message: string;
  readonly params: unknown;
}

function invalid(failures: readonly SchemaError[]): Refusal {
  const errors = failures.flatMap(({ keyword, instancePath, message, params }) => {
    const missing = (params as { readonly requiredProperties?: readonly string[] }).requiredProperties;
    if (keyword === "required" && missing !== undefined)
      return missing.map((field) => ({ field, code: "missing_field", message }));
    const field = instancePath.replace(/^\//, "").replaceAll("/", ".");
    return [{ field, code: "invalid", message: `${field} ${message}`.trim() }];
  });
  return new Refusal("invalid", "Validation Failed", { errors });
}

function pathOf(params: Record<string, string>, wildcard: string | undefined): Record<string, string> {
  if (wildcard === undefined) return params;
  const { "*": rest = "", ...named } = params;
  return { ...named, [wildcard]: rest.replace(/\/+$/, "") };
}

function idempotencyKeyOf(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (
    typeof header === "string" &&
    header.length <= serverLimits.idempotencyKeyLengthMax &&
    /^[\x21-\x7e]+$/.test(header)
  )
    return header;
  throw new Refusal("malformed", "Idempotency-Key must be 1 to 64 printable characters.");
}

/** Read your writes: the answer waits until this node has applied what the client has seen elsewhere. */
async function waitForHeight(
  header: string | string[] | undefined,
  ledger: Ledger,
  signal: AbortSignal,
): Promise<void> {
  if (header === undefined) return;
  const height = parseHeight(Number(header));
  if (height === undefined) throw new Refusal("malformed", "X-Guts-Min-Height must be a height.");
  if (ledger.height() >= height) return;
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(serverLimits.minHeightWaitMs)]);
  try {
    await ledger.waitForHeight(height, deadline);
  } catch (cause) {
    signal.throwIfAborted();
    throw new Refusal("busy", `This node has not reached height ${height} yet.`, { retryAfterSeconds: 2 }, { cause });
  }
}

function send(reply: FastifyReply, answer: AnyAnswer | RawAnswer): FastifyReply {
  if (answer.height !== undefined) void reply.header("x-guts-height", answer.height);
  void reply.code(answer.status).headers(answer.headers ?? {});
  if ("bytes" in answer) return reply.type(answer.type).send(answer.bytes);
  if (answer.body === undefined) return reply.send();
  return reply.type("application/json; charset=utf-8").send(JSON.stringify(answer.body));
}

function responseChecker(name: string, route: Route): (answer: AnyAnswer | RawAnswer) => void {
  const validators = new Map(
    Object.entries(route.responses).map(([status, schema]) => [Number(status), schema && Compile(schema)]),
  );
  return (answer) => {
    if ("bytes" in answer) return;
    const validator = validators.get(answer.status);
    const isSound = validator === null ? answer.body === undefined : validator?.Check(answer.body);
    if (isSound !== true)
      throw new ResponseMismatch(
        name,
        answer.status,
        validator?.Errors(answer.body).map((error) => `${error.instancePath} ${error.message}`) ?? [],
      );
  };
}
