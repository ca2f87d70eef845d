/**
 * The typed client of the HTTP API, for browsers and Node.
 *
 * It knows no schema at run time: types come from the route table by `import type`, URLs from the route's name.
 */
import { ApiError } from "./api-error.ts";
import type { ErrorBody } from "./errors.ts";
import { parseLinkHeader } from "./link-header.ts";
import type { ApiInput, ApiOutput, ApiRouteName } from "./routes.ts";
import { expandTemplate, type QueryValue } from "./uri-template.ts";

export { ApiError, type ApiErrorCode, type ApiErrorData } from "./api-error.ts";
export { parseLinkHeader } from "./link-header.ts";
export type { ApiInput, ApiOutput, ApiRouteName } from "./routes.ts";

export interface ClientOptions {
  /** Where the node is, without `/api`; empty for the page's own origin. */
  readonly baseUrl: string;
  readonly token?: string;
  /** Replaces the global `fetch`, for tests and for unusual transports. */
  readonly fetch?: typeof globalThis.fetch;
}

/** What any request may say besides its path, query and body. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Makes a repeated write happen once. 1 to 64 printable characters. */
  readonly idempotencyKey?: string;
  /** The node answers when it has applied this height. */
  readonly minHeight?: number;
}

/** An answer with what its headers say. */
export interface ApiAnswer<Output> {
  readonly data: Output;
  readonly status: number;
  /** The height at which a write was applied. */
  readonly height: number | undefined;
  /** The URL of the next page of a list. */
  readonly nextUrl: string | undefined;
}

export interface ApiClient {
  readonly baseUrl: string;
  /** The body of a successful answer. Throws `ApiError`. */
  call<Name extends ApiRouteName>(route: Name, input: ApiInput<Name> & CallOptions): Promise<ApiOutput<Name>>;
  /** The same with what the headers say. */
  answer<Name extends ApiRouteName>(
    route: Name,
    input: ApiInput<Name> & CallOptions,
  ): Promise<ApiAnswer<ApiOutput<Name>>>;
  /** All items of a paged list, following its `Link` headers one page at a time. */
  items<Name extends ApiRouteName>(route: Name, input: ApiInput<Name> & CallOptions): AsyncGenerator<ItemOf<Name>>;
}

/** One item of a route that answers a list. */
export type ItemOf<Name extends ApiRouteName> = ApiOutput<Name> extends readonly (infer Item)[] ? Item : never;

interface AnyInput extends CallOptions {
  readonly path?: Readonly<Record<string, string>> | undefined;
  readonly query?: Readonly<Record<string, QueryValue>> | undefined;
  readonly body?: unknown;
}

/** A client of one node. It keeps no state between requests. */
export function createClient(options: ClientOptions): ApiClient {
  const baseUrl = options.baseUrl.replace(/\/+$/, "");
  const answer = (route: string, input: AnyInput): Promise<ApiAnswer<unknown>> => {
    const [method = "GET", template = "/"] = route.split(" ");
    return send(options, method, baseUrl + expandTemplate(template, input.path ?? {}, input.query ?? {}), input);
  };
  async function* items(route: string, input: AnyInput): AsyncGenerator {
    let page = await answer(route, input);
    for (;;) {
      yield* page.data as readonly unknown[];
      if (page.nextUrl === undefined) return;
      // Only path and query of the link are used, so that the token never goes to another host.
      const next = new URL(page.nextUrl, "http://node");
      page = await send(options, "GET", baseUrl + next.pathname + next.search, input);
    }
  }
  return {
    baseUrl,
    call: async (route: string, input: AnyInput) => (await answer(route, input)).data,
    answer,
    items,
  } as ApiClient;
}

async function send(options: ClientOptions, method: string, url: string, input: AnyInput): Promise<ApiAnswer<unknown>> {
  const response = await request(options, method, url, input);
  const data = response.status === 204 || response.status === 304 ? undefined : await readJson(response, method, url);
  if (!response.ok) throw refusal(response.status, method, url, data);
  const height = Number(response.headers.get("x-guts-height") ?? Number.NaN);
  return {
    data,
    status: response.status,
    height: Number.isSafeInteger(height) ? height : undefined,
    nextUrl: parseLinkHeader(response.headers.get("link") ?? "").next,
  };
}

async function request(options: ClientOptions, method: string, url: string, input: AnyInput): Promise<Response> {
  const headers = new Headers({ accept: "application/json" });
  if (options.token !== undefined) headers.set("authorization", `Bearer ${options.token}`);
  if (input.idempotencyKey !== undefined) headers.set("idempotency-key", input.idempotencyKey);
  if (input.minHeight !== undefined) headers.set("x-guts-min-height", String(input.minHeight));
  if (input.body !== undefined) headers.set("content-type", "application/json");
  const init: RequestInit = { method, headers };
  if (input.body !== undefined) init.body = JSON.stringify(input.body);
  if (input.signal !== undefined) init.signal = input.signal;
  try {
    return await (options.fetch ?? globalThis.fetch)(url, init);
  } catch (cause) {
    input.signal?.throwIfAborted();
    // What fetch itself throws when there is no connection; anything else is of who passed another fetch.
    if (!(cause instanceof TypeError)) throw cause;
    throw new ApiError("unreachable", `no answer from ${url}`, { method, url, status: 0, body: undefined }, { cause });
  }
}

async function readJson(response: Response, method: string, url: string): Promise<unknown> {
  try {
    return JSON.parse(await response.text());
  } catch (cause) {
    const { status } = response;
    throw new ApiError("malformed", "the answer is not JSON", { method, url, status, body: undefined }, { cause });
  }
}

function refusal(status: number, method: string, url: string, data: unknown): ApiError {
  const body = isErrorBody(data) ? data : undefined;
  return new ApiError("refused", body?.message ?? `the server answered ${status}`, { method, url, status, body });
}

function isErrorBody(data: unknown): data is ErrorBody {
  return typeof data === "object" && data !== null && "message" in data && typeof data.message === "string";
}
