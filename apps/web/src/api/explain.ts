import { ApiError } from "@guts/api/client";
import { assertNever, GutsError } from "@guts/primitives";

/** What to tell a person about a failure, in a sentence. Only messages written for people are shown as they are. */
export function explainFailure(error: unknown): string {
  if (!(error instanceof ApiError)) {
    return error instanceof GutsError ? error.message : "Something in this page went wrong. Reloading it may help.";
  }
  switch (error.code) {
    case "unreachable":
      return "The node did not answer. Check your connection; whether a change was made is not known yet.";
    case "malformed":
      return "The node answered in a way this page does not understand. It may be older or newer than the page.";
    case "refused":
      return error.status >= 500
        ? "The node could not do this. Its operator finds the reason in its log."
        : sentence(error);
    default:
      return assertNever(error.code);
  }
}

/** Whether a failure says that the thing is not there, or not for the viewer to see. */
export function isAbsent(error: unknown): boolean {
  return error instanceof ApiError && (error.status === 404 || error.status === 410);
}

/** Whether a failure says that one must sign in first. */
export function needsSignIn(error: unknown): boolean {
  return error instanceof ApiError && error.status === 401;
}

function sentence(error: ApiError): string {
  const details = (error.data.body?.errors ?? []).flatMap((field) => field.message ?? []);
  const text = details.length > 0 && error.status === 422 ? details.join(" ") : error.message;
  const capital = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?]$/.test(capital) ? capital : `${capital}.`;
}
