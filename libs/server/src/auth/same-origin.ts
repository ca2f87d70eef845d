import { Refusal } from "../errors.ts";

/** What of a request says where it was made. */
export interface RequestOrigin {
  readonly method: string;
  readonly authorization: string | undefined;
  readonly origin: string | undefined;
  readonly secFetchSite: string | undefined;
  readonly host: string | undefined;
}

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Refuses a request that changes something and that another site may have made the browser send.
 *
 * A browser adds a session cookie to requests of any page, and every current one says with `Sec-Fetch-Site` or `Origin`
 * whose page it was. A request with an `Authorization` header is exempt, because no page can make a browser add one.
 * Requests that start a session are checked too, or a page could sign its visitor in as somebody else.
 */
export function assertSameOrigin(request: RequestOrigin, options: { readonly isCookieSent: boolean }): void {
  if (SAFE_METHODS.has(request.method) || (request.authorization ?? "") !== "") return;
  const { secFetchSite, origin } = request;
  const verdict = secFetchSite === undefined ? isOwnOrigin(origin, request.host) : secFetchSite === "same-origin";
  if (verdict === true) return;
  // Neither header: no browser. Without a cookie there is nothing that a page could misuse.
  if (verdict === undefined && !options.isCookieSent) return;
  throw new Refusal("forbidden", "This request came from another site, so it was not carried out.", {
    reason: "cross-site",
  });
}

function isOwnOrigin(origin: string | undefined, host: string | undefined): boolean | undefined {
  if (origin === undefined) return undefined;
  return host !== undefined && URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
