import { GutsError } from "@guts/primitives";

import type { ErrorBody } from "./errors.ts";

/**
 * A request that did not succeed. `unreachable`: no answer came, so a write may or may not have happened; retry with
 * the same idempotency key. `refused`: the server answered with a status of 400 or more. `malformed`: the answer was not
 * what the API promises.
 */
export type ApiErrorCode = "unreachable" | "refused" | "malformed";

/** What is known of a failed request. `status` is 0 and `body` undefined when no answer came. */
export interface ApiErrorData {
  readonly method: string;
  readonly url: string;
  readonly status: number;
  readonly body: ErrorBody | undefined;
}

/** Thrown by the client for every request that did not succeed, aborts excepted: those throw the signal's reason. */
export class ApiError extends GutsError<ApiErrorCode, ApiErrorData> {
  /** HTTP status, 0 when there was no answer. */
  get status(): number {
    return this.data.status;
  }

  /** The server's stable code for the refusal, such as `name-taken`. */
  get reason(): string | undefined {
    return this.data.body?.code;
  }
}
