import { queryOptions } from "@tanstack/react-query";

import { api } from "./client.ts";

/** The beginning of the keys of everything that administrators decide. */
export const administrationKey = ["administration"] as const;

/** What an account may still write, and whether it is suspended. */
export const standingQuery = (handle: string) =>
  queryOptions({
    queryKey: [...administrationKey, "standing", handle.toLowerCase()],
    queryFn: ({ signal }) => api.call("GET /api/guts/accounts/{handle}/standing", { path: { handle }, signal }),
  });

/** Which accounts are listed, and after which id the page goes on. */
export interface AccountsSearch {
  readonly query?: string;
  readonly suspended?: true;
  readonly since?: number;
}

export const accountsQuery = (search: AccountsSearch) =>
  queryOptions({
    queryKey: [...administrationKey, "accounts", search],
    queryFn: async ({ signal }) => {
      const query = { ...search, per_page: 50 };
      const { data, nextUrl } = await api.answer("GET /api/guts/accounts", { query, signal });
      return { accounts: data, hasMore: nextUrl !== undefined };
    },
  });

export const administeredAccountQuery = (handle: string) =>
  queryOptions({
    queryKey: [...administrationKey, "account", handle.toLowerCase()],
    queryFn: ({ signal }) => api.call("GET /api/guts/accounts/{handle}", { path: { handle }, signal }),
  });

export const networkInvitationsQuery = queryOptions({
  queryKey: [...administrationKey, "invitations"],
  queryFn: ({ signal }) => api.call("GET /api/guts/invitations", { signal }),
});

/** What a node may still admit for others. */
export const nodeStandingQuery = (nodeId: string) =>
  queryOptions({
    queryKey: [...administrationKey, "node", nodeId],
    queryFn: ({ signal }) => api.call("GET /api/guts/nodes/{node_id}/standing", { path: { node_id: nodeId }, signal }),
  });
