/**
 * What a fine-grained token, or another restricted credential, gets of routes that are about no repository: nothing but
 * what is listed here, so that a new route of accounts is closed to it until somebody opens it.
 *
 * Routes of a repository ask governance themselves, and routes for anyone tell it what anyone may know and what
 * governance lets it see.
 */
import type { Route } from "@guts/api";

const open: ReadonlySet<string> = new Set([
  // Who it stands for.
  "GET /api/v3/user",
  // Lists of repositories leave out those that it does not reach.
  "GET /api/v3/user/repos",
  // It may end itself; the ledger refuses any other.
  "DELETE /api/guts/tokens/{id}",
]);

const ofRepository = / \/api\/((v3|guts|guts\/view)\/repos|v3\/user\/starred)\/\{owner\}\/\{repo\}/;

/** Whether the route serves credentials that do not stand for the whole account. */
export function servesRestricted(routeName: string, { access }: Pick<Route, "access">): boolean {
  return access === "anyone" || ofRepository.test(routeName) || open.has(routeName);
}
