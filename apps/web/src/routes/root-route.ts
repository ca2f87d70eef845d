import type { QueryClient } from "@tanstack/react-query";
import { createRootRouteWithContext } from "@tanstack/react-router";

import { sessionQuery } from "../api/queries.ts";
import { Shell } from "../shell/shell.tsx";

/** What every route's loader is given. */
export interface RouterContext {
  readonly cache: QueryClient;
}

/** The frame of every page. */
export const root = createRootRouteWithContext<RouterContext>()({
  component: Shell,
  loader: ({ context }) => void context.cache.prefetchQuery(sessionQuery),
});
