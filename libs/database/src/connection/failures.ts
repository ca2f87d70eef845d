/** What a driver's error means for the caller. The classes of SQLSTATE are PostgreSQL's, appendix A of its manual. */
import { DrizzleQueryError } from "drizzle-orm/errors";
import { DatabaseError, type DatabaseErrorCode } from "../database-error.ts";

/** Codes of postgres.js and of sockets that mean that there was no connection, or that it broke. */
const connectionCodes: ReadonlySet<string> = new Set([
  "CONNECTION_CLOSED",
  "CONNECTION_DESTROYED",
  "CONNECTION_ENDED",
  "CONNECT_TIMEOUT",
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
]);

/** Whether the same statements may succeed when the database transaction is tried again: 40001 and deadlock 40P01. */
export function isSerializationFailure(error: unknown): boolean {
  const code = codeOf(error);
  return code === "40001" || code === "40P01";
}

/**
 * The SQLSTATE of an error that is about the values of a row, or undefined: 22 data exception, 23 integrity
 * constraint, 54 program limit. The row will never fit, so it is set aside and the others go on.
 */
export function dataFailureOf(error: unknown): string | undefined {
  const code = codeOf(error);
  return code !== undefined && /^(22|23|54)...$/.test(code) ? code : undefined;
}

/** The error as this library's. */
export function classified(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const sqlState = codeOf(error);
  const cause = error instanceof DrizzleQueryError ? error.cause : error;
  const message = cause instanceof Error ? cause.message : String(cause);
  return new DatabaseError(kindOf(sqlState), message, {
    cause: error,
    ...(sqlState === undefined ? {} : { sqlState }),
  });
}

function kindOf(code: string | undefined): DatabaseErrorCode {
  if (code === undefined) return "query-failed";
  if (connectionCodes.has(code)) return "unavailable";
  if (code === "57014") return "timeout";
  if (/^(08|53|57P|58|28|3D)/.test(code)) return "unavailable";
  return code.startsWith("40") ? "busy" : "query-failed";
}

function codeOf(error: unknown): string | undefined {
  for (let current = error; current instanceof Error; current = current.cause) {
    if ("code" in current && typeof current.code === "string") return current.code;
  }
  return undefined;
}
