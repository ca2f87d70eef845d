import type { ApiError } from "@guts/api/client";
import { CliError } from "../cli-error.ts";
import { hostLabel, type HostUrl } from "../config/host-name.ts";

/** What a person reads of a request that the typed client could not complete. */
export function failureOfApi(error: ApiError): CliError {
  if (error.cause instanceof CliError) return error.cause;
  const host = new URL(error.data.url).origin as HostUrl;
  if (error.code === "refused") return failureOfStatus(error.status, wordsOf(error.data.body), host);
  if (error.code === "unreachable") return new CliError("unreachable", `cannot reach ${host}`, { cause: error });
  return new CliError("unexpected", `${host} does not answer like a Guts node`, {
    hint: "Check the address; --host selects another node.",
    cause: error,
  });
}

/** The failure that a status of 400 or more stands for; `words` are the node's own. */
export function failureOfStatus(status: number, words: string | undefined, host: HostUrl): CliError {
  const label = hostLabel(host);
  switch (status) {
    case 400:
    case 403:
    case 409:
    case 410:
    case 413:
    case 422:
      return new CliError("refused", words ?? `${label} refused the request (${status})`);
    case 401:
      return new CliError("authentication-needed", `${label} does not accept the token`, {
        hint: `Run \`guts auth login --host ${host}\`.`,
      });
    case 404:
      return new CliError("not-found", words === undefined || words === "Not Found" ? "not found" : words, {
        hint: "It does not exist, or the account that you are signed in with may not see it.",
      });
    case 429:
      return new CliError("refused", words ?? `${label} is asked too often`, { hint: "Wait a minute and try again." });
    default:
      return new CliError("unexpected", `${label} answered ${status}${words === undefined ? "" : `: ${words}`}`, {
        hint: status >= 500 ? "Try again; if it stays, tell the node's operator." : undefined,
      });
  }
}

/** `message`, and what GitHub's `errors` add to it. */
function wordsOf(body: ApiError["data"]["body"]): string | undefined {
  if (body === undefined) return undefined;
  const details = (body.errors ?? []).map(
    ({ message, field, code }) => message ?? (field === undefined ? code : `${field} is ${code}`),
  );
  return details.length === 0 ? body.message : `${body.message}: ${details.join("; ")}`;
}
