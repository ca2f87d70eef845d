import { useSuspenseQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import type { RepositoryView } from "@guts/api";

import { repositoryQuery, type RepositoryName } from "../api/queries.ts";

const route = getRouteApi("/$owner/$repo");

/** The names in the address of a repository's page. */
export function useRepositoryName(): RepositoryName {
  const { owner, repo } = route.useParams();
  return { owner, name: repo };
}

/** The frame of the repository whose page this is. */
export function useRepository(): RepositoryView {
  return useSuspenseQuery(repositoryQuery(useRepositoryName())).data;
}
