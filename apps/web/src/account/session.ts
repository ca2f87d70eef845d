import { useQuery, type QueryClient } from "@tanstack/react-query";
import { redirect, type ParsedLocation } from "@tanstack/react-router";
import type { Account, Session } from "@guts/api";

import { sessionQuery } from "../api/queries.ts";

/** Who is signed in: an account, null for nobody, undefined while that is not known yet. */
export function useViewer(): Account | null | undefined {
  return useQuery(sessionQuery).data?.account;
}

/** The session, for pages that make no sense without one: others are sent to sign in and come back afterwards. */
export async function requireViewer(cache: QueryClient, location: ParsedLocation): Promise<Session> {
  const session = await cache.ensureQueryData(sessionQuery);
  if (session.account === null) throw redirect({ to: "/signin", search: { return: location.href } });
  return session;
}

/**
 * After signing in: drops what was fetched for nobody. The session itself is fetched anew in its place, since the
 * header watches it, and an entry that is removed while it is watched tells its watchers nothing.
 */
export async function enterSession(cache: QueryClient): Promise<void> {
  cache.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== sessionQuery.queryKey[0] });
  await cache.fetchQuery({ ...sessionQuery, staleTime: 0 });
}

/** After signing out: loads the start page anew, so that nothing of the account stays in this tab's memory. */
export function leaveSession(): void {
  window.location.assign("/");
}
