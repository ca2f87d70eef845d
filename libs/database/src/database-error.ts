import { GutsError } from "@guts/primitives";

/**
 * Why the read model failed.
 *
 * Retry later: `unavailable` (no connection, or it broke), `not-ready` (rows are being projected anew), `timeout`,
 * `busy` (serialization failures used up their retries).
 * Do not retry: `unsupported-server` (no PostgreSQL of a known version), `wrong-network` (the database holds another
 * network's rows), `in-use` (another node has the database), `newer-schema` (a later version of the program was here), `page-too-deep`,
 * `closed`, `query-failed` (a defect: the statement is wrong), `corrupt` (the embedded database does not open).
 */
export type DatabaseErrorCode =
  | "unavailable"
  | "not-ready"
  | "timeout"
  | "busy"
  | "unsupported-server"
  | "wrong-network"
  | "in-use"
  | "newer-schema"
  | "page-too-deep"
  | "closed"
  | "query-failed"
  | "corrupt";

/** What is known beside the code: PostgreSQL's SQLSTATE, when there is one. */
export interface DatabaseErrorData {
  readonly sqlState: string | undefined;
}

const RETRYABLE: ReadonlySet<DatabaseErrorCode> = new Set(["unavailable", "not-ready", "timeout", "busy"]);

/** Every failure of this library. */
export class DatabaseError extends GutsError<DatabaseErrorCode, DatabaseErrorData> {
  constructor(code: DatabaseErrorCode, message: string, options: { cause?: unknown; sqlState?: string } = {}) {
    super(code, message, { sqlState: options.sqlState }, { cause: options.cause });
  }

  /** Whether the same call may succeed later. */
  get isRetryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}
