import { GutsError } from "@guts/primitives";

/** An answer that does not have the shape its route declares: a defect of this server. */
export class ResponseMismatch extends GutsError<
  "response-mismatch",
  { readonly route: string; readonly status: number; readonly failures: readonly string[] }
> {
  constructor(route: string, status: number, failures: readonly string[]) {
    super("response-mismatch", `${route} answered ${status} wrongly: ${failures.join("; ")}`, {
      route,
      status,
      failures,
    });
  }
}
