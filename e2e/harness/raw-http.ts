import { request, type IncomingHttpHeaders } from "node:http";

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Whether the server said 100 Continue before the body was sent. */
  readonly wasContinued: boolean;
}

/** A request with nothing added that a test did not ask for, unlike `fetch`. */
export interface RawRequest {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent in these pieces; without a content-length header they are chunked. */
  readonly chunks?: readonly Uint8Array[];
  readonly signal?: AbortSignal;
}

/** Sends one request. With `Expect: 100-continue` in the headers the body waits for the server's word. */
export async function sendRaw(url: string, options: RawRequest = {}): Promise<RawAnswer> {
  const { method = "GET", headers = {}, chunks = [], signal } = options;
  return new Promise((resolve, reject) => {
    let wasContinued = false;
    const [, origin = "", path = "/"] = /^(https?:\/\/[^/]+)(.*)$/.exec(url) ?? [];
    // The path is sent as it is written: `URL` would resolve the very dots that a test is about.
    const outgoing = request(origin, {
      path,
      method,
      headers,
      agent: false,
      ...(signal === undefined ? {} : { signal }),
    });
    outgoing.once("error", reject);
    outgoing.once("response", (answer) => {
      const parts: Buffer[] = [];
      answer.on("data", (part: Buffer) => parts.push(part));
      answer.once("error", reject);
      answer.once("end", () =>
        resolve({ status: answer.statusCode!, headers: answer.headers, body: Buffer.concat(parts), wasContinued }),
      );
    });
    const sendBody = () => {
      for (const chunk of chunks) outgoing.write(chunk);
      outgoing.end();
    };
    if (headers["expect"] === undefined) {
      sendBody();
      return;
    }
    outgoing.once("continue", () => {
      wasContinued = true;
      sendBody();
    });
    outgoing.flushHeaders();
  });
}
