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

/** Drops everything that was fetched for the previous viewer. */
export async function forgetViewer(cache: QueryClient): Promise<void> {
  cache.clear();
  await cache.prefetchQuery(sessionQuery);
}
