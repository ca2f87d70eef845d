import { createRoute, redirect } from "@tanstack/react-router";

import { repositoryQuery } from "../api/queries.ts";
import { root } from "./root-route.ts";

/** The frame of a repository's pages. */
export const repository = createRoute({
  getParentRoute: () => root,
  path: "/$owner/$repo",
  beforeLoad: ({ params, location }) => {
    // What people copy from a clone box leads to the page.
    if (params.repo.endsWith(".git")) {
      throw redirect({ href: location.href.replace(/\.git(?=[/?#]|$)/, ""), replace: true });
    }
  },
  loader: async ({ context, params, location }) => {
    const { repository: found } = await context.cache.ensureQueryData(
      repositoryQuery({ owner: params.owner, name: params.repo }),
    );
    if (found.owner === params.owner && found.name === params.repo) return;
    // Renamed, moved, or spelled in another case: the address bar shows what it is called now.
    const [, , , ...rest] = location.href.split("/");
    throw redirect({ href: ["", found.owner, found.name, ...rest].join("/"), replace: true });
  },
}).lazy(() => import("../pages/repository-layout.tsx").then((page) => page.repositoryRoute));

/** What an address has after the fixed part of its route: a revision and a path. */
export const splatOf = ({ _splat: splat = "" }: { readonly _splat?: string | undefined }): string => splat;
