import { queryOptions } from "@tanstack/react-query";

import { phraseOf, type AuditSearch } from "../audit/audit-search.ts";
import { api } from "./client.ts";

/** Whose log: one's own, the network's, an organization's. */
export type AuditLog = "own" | "network" | { readonly org: string };

const entriesPerPage = 50;

/** A page of a log, and after which act the next one goes on. */
export const auditLogQuery = (log: AuditLog, search: AuditSearch) =>
  queryOptions({
    queryKey: ["audit", log, search],
    queryFn: async ({ signal }) => {
      const phrase = phraseOf(search);
      const { after } = search;
      const query = {
        per_page: entriesPerPage,
        ...(phrase === undefined ? {} : { phrase }),
        ...(after === undefined ? {} : { after }),
      };
      const { data, nextUrl } = await askLog(log, { query, signal });
      return { entries: data, hasMore: nextUrl !== undefined };
    },
  });

interface Request {
  readonly query: { readonly per_page: number; readonly phrase?: string; readonly after?: number };
  readonly signal: AbortSignal;
}

function askLog(log: AuditLog, request: Request) {
  if (log === "own") return api.answer("GET /api/guts/security-log", request);
  if (log === "network") return api.answer("GET /api/guts/audit-log", request);
  return api.answer("GET /api/v3/orgs/{org}/audit-log", { path: { org: log.org }, ...request });
}

/** Every name of an act; the same for as long as the node runs this release. */
export const auditActionsQuery = queryOptions({
  queryKey: ["audit-actions"],
  queryFn: ({ signal }) => api.call("GET /api/guts/audit-actions", { signal }),
  staleTime: Number.POSITIVE_INFINITY,
});
