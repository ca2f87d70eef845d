import { usageError } from "../../cli-error.ts";
import type { HostUrl } from "../../config/host-name.ts";
import { readFields } from "./fields.ts";

/** The flags of `guts api` that make the request. */
export interface ApiOptions {
  readonly method?: string;
  readonly rawField?: readonly string[];
  readonly field?: readonly string[];
  readonly header?: readonly string[];
  readonly input?: string;
  readonly paginate?: true;
  readonly include?: true;
  readonly silent?: true;
}

/** A request that is ready to be sent. */
export interface ApiRequest {
  readonly url: URL;
  readonly method: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer> | undefined;
}

/** Makes the request that the arguments describe. `readFile` reads what `--input` and `@file` name; `-` is standard input. */
export async function buildRequest(
  host: HostUrl,
  path: string,
  options: ApiOptions,
  readFile: (name: string) => Promise<Uint8Array<ArrayBuffer>>,
): Promise<ApiRequest> {
  const url = apiUrl(host, path);
  const fields = await readFields(options.rawField ?? [], options.field ?? [], readFile);
  const hasFields = Object.keys(fields).length > 0;
  const hasInput = options.input !== undefined;
  const method = parseMethod(options.method ?? (hasFields || hasInput ? "POST" : "GET"));
  const headers = parseHeaders(options.header ?? []);
  if (hasFields && (hasInput || method === "GET"))
    for (const [name, value] of Object.entries(fields)) url.searchParams.append(name, queryText(value));
  if (options.paginate === true) {
    if (method !== "GET") throw usageError("--paginate works with GET alone");
    if (!url.searchParams.has("per_page")) url.searchParams.set("per_page", "100");
  }
  const isJson = hasFields && !hasInput && method !== "GET";
  if (isJson && !headers.has("content-type")) headers.set("content-type", "application/json");
  const body = hasInput
    ? await readFile(options.input)
    : isJson
      ? new TextEncoder().encode(JSON.stringify(fields))
      : undefined;
  if (body !== undefined && method === "GET") throw usageError("a GET has no body", "Give another --method.");
  if (hasInput && !headers.has("content-type")) headers.set("content-type", "application/json");
  return { url, method, headers, body };
}

/**
 * The address of an API path: below `/api/v3`, or as it is when it begins with `/api/`.
 *
 * A full URL must be of the same node. Throws `usage` for one of another origin, since the token would go there.
 */
export function apiUrl(host: HostUrl, path: string): URL {
  const isFull = /^[a-z][a-z0-9+.-]*:\/\//i.test(path);
  const text = isFull || path.startsWith("/api/") ? path : `/api/v3/${path.replace(/^\/+/, "")}`;
  const url = URL.parse(text, host);
  if (url === null) throw usageError(`"${path}" is no API path`);
  if (url.origin !== host)
    throw usageError(
      `${url.origin} is not the node that the token is for`,
      `Give --host ${url.origin}, or a path alone.`,
    );
  return url;
}

function parseMethod(text: string): string {
  const method = text.toUpperCase();
  if (!/^[A-Z]+$/.test(method)) throw usageError(`"${text}" is no HTTP method`);
  return method;
}

function parseHeaders(lines: readonly string[]): Headers {
  const headers = new Headers();
  for (const line of lines) {
    const colon = line.indexOf(":");
    if (colon < 1) throw usageError(`"${line}" is no header`, "Give NAME:VALUE.");
    try {
      headers.append(line.slice(0, colon).trim(), line.slice(colon + 1).trim());
    } catch {
      throw usageError(`"${line}" is no header`, "Give NAME:VALUE.");
    }
  }
  return headers;
}

function queryText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
