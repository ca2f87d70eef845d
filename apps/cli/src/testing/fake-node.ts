/** A node made of prepared answers, on a real loopback socket, that remembers what it was asked. */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** One request as the node saw it. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly authorization: string | undefined;
  /** The height that the node is to have reached before it answers. */
  readonly minHeight: string | undefined;
  readonly body: unknown;
}

/** A prepared answer: a JSON value with status 200, or all of it. */
export type PreparedAnswer =
  | {
      readonly status?: number;
      readonly json?: unknown;
      readonly text?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  | ((request: SeenRequest) => PreparedAnswer);

/** Answers by `METHOD /path` without the query; anything else is 404. */
export async function startFakeNode(
  answers: Readonly<Record<string, PreparedAnswer>>,
): Promise<{ readonly url: string; readonly seen: readonly SeenRequest[] } & AsyncDisposable> {
  const seen: SeenRequest[] = [];
  const server = createServer((request, response) => {
    void (async () => {
      const asked = await readRequest(request);
      seen.push(asked);
      let answer = answers[`${asked.method} ${asked.path.split("?", 1)[0]}`];
      while (typeof answer === "function") answer = answer(asked);
      const { status = 200, json, text: body, headers = {} } = answer ?? notFound;
      response.writeHead(status, {
        "content-type": body === undefined ? "application/json" : "text/plain",
        ...headers,
      });
      response.end(body ?? (json === undefined ? "" : JSON.stringify(json)));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const notFound: Exclude<PreparedAnswer, (...args: never) => unknown> = {
  status: 404,
  json: { message: "Not Found", documentation_url: "" },
};

async function readRequest(request: IncomingMessage): Promise<SeenRequest> {
  const body = await text(request);
  return {
    method: request.method ?? "",
    path: request.url ?? "",
    authorization: request.headers.authorization,
    minHeight: request.headers["x-guts-min-height"] as string | undefined,
    body: body === "" ? undefined : (JSON.parse(body) as unknown),
  };
}
