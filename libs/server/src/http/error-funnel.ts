import type { ErrorBody } from "@guts/api";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { Refusal, type RefusalCode } from "../errors.ts";

const STATUS: Readonly<Record<RefusalCode, number>> = {
  malformed: 400,
  unauthenticated: 401,
  forbidden: 403,
  "not-found": 404,
  moved: 301,
  conflict: 409,
  "not-mergeable": 405,
  "too-large": 413,
  "unsupported-media-type": 415,
  invalid: 422,
  "rate-limited": 429,
  // GitHub's answer to who has used up the requests of an hour; older clients know no other.
  "quota-spent": 403,
  busy: 503,
  timeout: 408,
  "outcome-unknown": 504,
};

/** An error as the answer that a client gets. A failure of ours reveals nothing but the request's id. */
export interface ErrorAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ErrorBody;
}

/** Turns whatever was thrown into an answer. */
export function answerOf(error: unknown, requestId: string): ErrorAnswer {
  const refusal = refusalOf(error);
  const documentation_url = "/api/docs";
  if (refusal === undefined) {
    const message = "Something went wrong on this node. The operator can find it by the request id.";
    return { status: 500, headers: {}, body: { message, code: "internal", documentation_url, request_id: requestId } };
  }
  const { errors, reason, retryAfterSeconds, location, transactionId, acceptedPermissions } = refusal.data;
  const headers: Record<string, string> = {};
  if (retryAfterSeconds !== undefined) headers["retry-after"] = String(Math.max(1, Math.ceil(retryAfterSeconds)));
  if (acceptedPermissions !== undefined) headers["x-accepted-github-permissions"] = acceptedPermissions;
  if (location !== undefined) headers["location"] = location;
  if (transactionId !== undefined) headers["x-guts-transaction"] = transactionId;
  const code = reason ?? refusal.code;
  const body = { message: refusal.message, code, ...(errors && { errors: [...errors] }), documentation_url };
  return { status: STATUS[refusal.code], headers, body };
}

/** Installs the funnel: every error of every route ends here, and is logged here once. */
export function installErrorFunnel(app: FastifyInstance): void {
  app.setErrorHandler((error, request, reply) => sendError(error, request, reply));
}

/** Logs the error where someone must act, and answers. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const { status, headers, body } = answerOf(error, request.id);
  if (status >= 500 && !(error instanceof Refusal)) request.log.error({ err: error }, "request failed");
  if (status === 413) void reply.header("connection", "close");
  return reply.code(status).headers(headers).type("application/json; charset=utf-8").send(body);
}

function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  // A provider's failure that passes by itself, such as lists that are being made anew or a queue that is full.
  if ((error as { readonly isRetryable?: unknown }).isRetryable === true)
    return new Refusal("busy", "This node is busy. Try again in a moment.", { retryAfterSeconds: 2 });
  const { code, statusCode, validation, message } = error as Partial<FastifyError>;
  if (validation !== undefined) return invalidRequest(validation, String(message));
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE") return new Refusal("too-large", "The request body is too large.");
  if (code === "FST_ERR_CTP_INVALID_CONTENT_LENGTH" || code === "FST_ERR_BAD_URL" || statusCode === 400)
    return new Refusal("malformed", "The request is malformed.");
  // What the file server says of a path outside its folder.
  if (statusCode === 403 || statusCode === 404) return new Refusal("not-found", "Not Found");
  return undefined;
}

function invalidRequest(validation: NonNullable<FastifyError["validation"]>, message: string): Refusal {
  const errors = validation.map((failure) => {
    const missing = failure.params["missingProperty"];
    const field = typeof missing === "string" ? missing : failure.instancePath.replace(/^\//, "").replaceAll("/", ".");
    const code = failure.keyword === "required" ? "missing_field" : "invalid";
    return { field, code, ...(failure.message !== undefined && { message: failure.message }) };
  });
  return new Refusal("invalid", `Validation Failed: ${message}`, { reason: "invalid", errors });
}
