import type { FastifyInstance } from "fastify";

import { Refusal } from "../errors.ts";

const JSON_TYPES =
  /^(application\/json|application\/[\w.-]+\+json|application\/x-www-form-urlencoded|text\/plain)\s*(;|$)/i;

/**
 * Replaces fastify's parsers by one that reads what GitHub's clients send: no body at all under a JSON content type
 * (`gh`), JSON under `text/plain` (Octokit), under a form's type (`curl -d`) or a vendor type, and a missing content type.
 */
export function installBodyParser(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (request, body, done) => {
    try {
      done(null, parseJsonBody(body as Buffer, request.headers["content-type"], request.headers["content-encoding"]));
    } catch (error) {
      done(error as Error);
    }
  });
}

/** The value of a JSON body; undefined when it is empty or white space. Throws `Refusal`. */
export function parseJsonBody(body: Buffer, contentType: string | undefined, encoding: string | undefined): unknown {
  if (encoding !== undefined && encoding !== "identity")
    throw new Refusal("unsupported-media-type", "Send the body without a Content-Encoding.");
  const text = decodeUtf8(body).trim();
  if (text === "") return undefined;
  if (contentType !== undefined && contentType !== "" && !JSON_TYPES.test(contentType))
    throw new Refusal("unsupported-media-type", "Send the body as application/json.");
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Refusal("malformed", "Problems parsing JSON", {}, { cause });
  }
}

/** Throws `Refusal` for bytes that are not UTF-8: replaced by U+FFFD they would be another name than the client sent. */
function decodeUtf8(body: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(body);
  } catch (cause) {
    throw new Refusal("malformed", "The body is not UTF-8.", {}, { cause });
  }
}
