import { queryOptions } from "@tanstack/react-query";

import { api } from "./client.ts";

/** What an account may still write, and whether it is suspended. */
export const standingQuery = (handle: string) =>
  queryOptions({
    queryKey: ["administration", "standing", handle.toLowerCase()],
    queryFn: ({ signal }) => api.call("GET /api/guts/accounts/{handle}/standing", { path: { handle }, signal }),
  });
