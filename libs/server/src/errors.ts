import type { FieldError } from "@guts/api";
import { GutsError } from "@guts/primitives";

/**
 * Why a request is refused, for people and for programs.
 *
 * Below the doors a rejection is a value. At a door it becomes this one throw, because every handler would only pass it
 * on; `http/error-funnel.ts` turns it into an answer and is the only place that knows HTTP status codes.
 */
export interface RefusalData {
  /** A stable code of the rule that said no, such as `name-taken`; by default the refusal's own code. */
  readonly reason?: string;
  readonly errors?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
  /** What the client may use to find out what became of a write. */
  readonly transactionId?: string;
  /** What a fine-grained token would have to hold, such as `contents=write`. */
  readonly acceptedPermissions?: string;
  /** Where the resource is now. */
  readonly location?: string;
}

/**
 * The closed set of refusals. Retry as it is: `busy`, `rate-limited`, `quota-spent` (after the given time). Retry only with the same
 * idempotency key: `outcome-unknown`. Never: the others.
 */
export type RefusalCode =
  | "malformed"
  | "unauthenticated"
  | "forbidden"
  | "not-found"
  | "moved"
  | "conflict"
  | "not-mergeable"
  | "invalid"
  | "too-large"
  | "unsupported-media-type"
  | "rate-limited"
  | "quota-spent"
  | "busy"
  | "timeout"
  | "outcome-unknown";

/** A request that is refused. Nothing is wrong with this node. */
export class Refusal extends GutsError<RefusalCode, RefusalData> {
  constructor(code: RefusalCode, message: string, data: RefusalData = {}, options?: { cause?: unknown }) {
    super(code, message, data, options);
  }
}

/** The refusal for what is not there or not the viewer's to know about; both look the same. */
export function notFound(): Refusal {
  return new Refusal("not-found", "Not Found");
}

/** What is wrong with one field, in GitHub's words. */
export interface InvalidField {
  readonly resource: string;
  readonly field: string;
  readonly message: string;
}

/** The refusal of one field, in GitHub's shape. `reason` is our stable code of the rule. */
export function invalidField({ resource, field, message }: InvalidField, reason = "invalid"): Refusal {
  const errors = [{ resource, field, code: reason === "invalid" ? "invalid" : "custom", message }];
  return new Refusal("invalid", `Validation Failed: ${field} ${message}`, { reason, errors });
}
