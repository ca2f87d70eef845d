import { CliError } from "../cli-error.ts";
import { hostLabel, type HostUrl } from "../config/host-name.ts";
import { requestTimeoutMs, responseBytesMax } from "../limits.ts";
import type { Platform } from "../platform.ts";
import { version } from "../version.ts";

type Fetch = typeof globalThis.fetch;

/** What a fetch is bound by; the defaults are those of {@link requestTimeoutMs} and {@link responseBytesMax}. */
export interface FetchBounds {
  readonly timeoutMs?: number;
  readonly bodyBytesMax?: number;
}

/**
 * A `fetch` that talks to one node only.
 *
 * It gives up after a while or when the person interrupts, reads no more than a bounded body, follows redirects within the
 * node's origin alone, and throws `unreachable` with the reason in words when no answer comes.
 */
export function nodeFetch(
  platform: Pick<Platform, "fetch" | "signal">,
  host: HostUrl,
  bounds: FetchBounds = {},
): Fetch {
  const { timeoutMs = requestTimeoutMs, bodyBytesMax = responseBytesMax } = bounds;
  const once = async (url: URL, init: RequestInit): Promise<Response> => {
    try {
      return await platform.fetch(url, init);
    } catch (cause) {
      platform.signal.throwIfAborted();
      throw unreachable(cause, host, timeoutMs);
    }
  };
  const follow = async (url: URL, init: RequestInit, hops: number): Promise<Response> => {
    if (url.origin !== host)
      throw new CliError("unexpected", `${hostLabel(host)} redirects to ${url.origin}, which is another host`);
    const answer = await once(url, init);
    const location = redirectOf(answer, init.method ?? "GET");
    if (location === undefined || hops >= redirectsMax) return answer;
    await answer.body?.cancel();
    return await follow(new URL(location, url), init, hops + 1);
  };
  return async (input, init = {}) => {
    const headers = new Headers(init.headers);
    if (!headers.has("user-agent")) headers.set("user-agent", `guts-cli/${version}`);
    const signals = [platform.signal, AbortSignal.timeout(timeoutMs), ...(init.signal ? [init.signal] : [])];
    const url = new URL(input instanceof Request ? input.url : input, host);
    const answer = await follow(url, { ...init, headers, redirect: "manual", signal: AbortSignal.any(signals) }, 0);
    return bounded(answer, bodyBytesMax, host);
  };
}

const redirectsMax = 5;

/** Where a redirect leads that may be followed: any with its method kept (307, 308), others for reads alone. */
function redirectOf(answer: Response, method: string): string | undefined {
  const keepsMethod = answer.status === 307 || answer.status === 308;
  const isRead = method === "GET" || method === "HEAD";
  const isFollowed = keepsMethod || (isRead && (answer.status === 301 || answer.status === 302));
  return isFollowed ? (answer.headers.get("location") ?? undefined) : undefined;
}

/** The answer with a body that fails past `bytesMax`. */
function bounded(answer: Response, bytesMax: number, host: HostUrl): Response {
  if (answer.body === null || bytesMax === Number.POSITIVE_INFINITY) return answer;
  let size = 0;
  const counted = answer.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        size += chunk.length;
        if (size > bytesMax)
          controller.error(new CliError("unexpected", `the answer of ${hostLabel(host)} is too large`));
        else controller.enqueue(chunk);
      },
    }),
  );
  const { status, statusText, headers } = answer;
  return new Response(counted, { status, statusText, headers });
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "there is no host of that name",
  EAI_AGAIN: "its name cannot be looked up now",
  ECONNRESET: "the connection broke",
  UND_ERR_SOCKET: "the connection broke",
  EPROTO: "it does not speak TLS; write http:// before the host if that is intended",
  ERR_SSL_WRONG_VERSION_NUMBER: "it does not speak TLS; write http:// before the host if that is intended",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "it does not speak TLS; write http:// before the host if that is intended",
  DEPTH_ZERO_SELF_SIGNED_CERT: "its certificate is self-signed; set NODE_EXTRA_CA_CERTS to trust it",
  SELF_SIGNED_CERT_IN_CHAIN: "its certificate is not trusted; set NODE_EXTRA_CA_CERTS to trust it",
};

function unreachable(cause: unknown, host: HostUrl, timeoutMs: number): CliError {
  const inner = (cause as { cause?: unknown }).cause ?? cause;
  const code = (inner as NodeJS.ErrnoException).code ?? (inner as Error).name;
  const reason =
    (cause as Error).name === "TimeoutError"
      ? `it did not answer within ${timeoutMs / 1000} seconds`
      : (REASONS[code] ?? code);
  return new CliError("unreachable", `cannot reach ${host}: ${reason}`, {
    hint: "Check the address and that the node is running; --host selects another node.",
    cause,
  });
}
