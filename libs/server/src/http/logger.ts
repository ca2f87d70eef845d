import { pino, type DestinationStream, type Logger } from "pino";

/** A logger that writes one JSON object a line and never a secret. */
export function createLogger(options: { readonly level: string; readonly destination?: DestinationStream }): Logger {
  const settings = {
    level: options.level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: {
      paths: ["authorization", "cookie", "password", "token", "secret"].flatMap((name) => [
        name,
        `*.${name}`,
        `*.headers.${name}`,
        `headers.${name}`,
      ]),
      censor: "[redacted]",
    },
    serializers: { req: describeRequest },
  };
  return options.destination === undefined ? pino(settings) : pino(settings, options.destination);
}

/** What is logged of a request: never headers, and never the query, which may hold a token. */
function describeRequest(request: { readonly id?: unknown; readonly method?: string; readonly url?: string }) {
  return { id: request.id, method: request.method, path: pathOf(request.url ?? "") };
}

/** The path of a request's URL, with control characters escaped and at most 500 characters. */
export function pathOf(url: string): string {
  const path = url.split("?", 1)[0] ?? "";
  // oxlint-disable-next-line no-control-regex -- these are what must not reach a terminal
  return path.slice(0, 500).replace(/[\u0000-\u001f\u007f-\u009f]/g, "?");
}
