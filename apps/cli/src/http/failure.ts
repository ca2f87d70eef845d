import type { ApiError } from "@guts/api/client";
import { CliError } from "../cli-error.ts";
import { hostLabel, type HostUrl } from "../config/host-name.ts";

/** What a person reads of a request that the typed client could not complete. */
export function failureOfApi(error: ApiError): CliError {
  if (error.cause instanceof CliError) return error.cause;
  const host = new URL(error.data.url).origin as HostUrl;
  if (error.code === "unreachable") return new CliError("unreachable", `cannot reach ${host}`, { cause: error });
  if (error.code === "malformed")
    return new CliError("unexpected", `${host} does not answer like a Guts node`, {
      hint: "Check the address; --host selects another node.",
      cause: error,
    });
  const words = wordsOf(error.data.body);
  if (error.reason === "outcome-unknown")
    return new CliError("outcome-unknown", words ?? "it is not known yet whether this was applied", {
      hint: "Look before you repeat it: it may still be applied within a few minutes.",
      cause: error,
    });
  return failureOfStatus(error.status, words, host);
}

/** The failure that a status of 400 or more stands for; `words` are the node's own. */
export function failureOfStatus(status: number, words: string | undefined, host: HostUrl): CliError {
  const label = hostLabel(host);
  if (status === 401) return unauthenticated(words, host);
  if (status === 404)
    return new CliError("not-found", words === undefined || words === "Not Found" ? "not found" : words, {
      hint: "It does not exist, or the account that you are signed in with may not see it.",
    });
  if (status === 429 || status === 503)
    return new CliError("refused", words ?? `${label} is busy`, { hint: "Wait a little and try again." });
  if (status < 500) return new CliError("refused", words ?? `${label} refused the request (${status})`);
  return new CliError("unexpected", `${label} answered ${status}${words === undefined ? "" : `: ${words}`}`, {
    hint: "Try again; if it stays, tell the node's operator.",
  });
}

function unauthenticated(words: string | undefined, host: HostUrl): CliError {
  const label = hostLabel(host);
  const [isAboutToken, reason = ""] = /^Bad credentials\.?(?: (.+))?$/.exec(words ?? "Bad credentials") ?? [];
  const message =
    isAboutToken === undefined
      ? `${label}: ${words}`
      : `${label} does not accept the token. ${reason}`.replace(/\. $/, "");
  return new CliError("authentication-needed", message, { hint: `Run \`guts auth login --host ${host}\`.` });
}

/** The node's words: what is wrong with each field where it says so, else its message. */
function wordsOf(body: ApiError["data"]["body"]): string | undefined {
  const details = (body?.errors ?? []).flatMap(({ message, field, code }) => {
    if (message !== undefined)
      return [field === undefined || message.startsWith(field) ? message : `${field}: ${message}`];
    return field === undefined ? [] : [`${field} is ${code === "missing_field" ? "missing" : "invalid"}`];
  });
  return details.length === 0 ? body?.message : details.join("; ");
}
