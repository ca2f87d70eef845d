import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { RepositoryView } from "@guts/api";

import { api } from "../api/client.ts";
import { explainFailure } from "../api/explain.ts";
import { repositoryKey, repositoryQuery } from "../api/queries.ts";
import { useToasts } from "../components/toast.tsx";
import { useRepositoryName } from "./use-repository.ts";

/** What somebody may say of how much they want to hear of a repository. */
export type Subscription = RepositoryView["viewer"]["subscription"];

/** Stars a repository or takes the star back. The button shows it at once, and takes it back where the node refuses. */
export function useStar() {
  return useStanding<boolean>(
    (path, isStarred) => api.call(`${isStarred ? "PUT" : "DELETE"} /api/v3/user/starred/{owner}/{repo}`, { path }),
    (view, isStarred) => ({
      ...view,
      repository: { ...view.repository, starCount: view.repository.starCount + (isStarred ? 1 : -1) },
      viewer: { ...view.viewer, isStarred },
    }),
  );
}

/** Watches a repository, ignores it, or neither. */
export function useSubscription() {
  return useStanding<Subscription>(
    (path, wanted) =>
      wanted === null
        ? api.call("DELETE /api/v3/repos/{owner}/{repo}/subscription", { path })
        : api.call("PUT /api/v3/repos/{owner}/{repo}/subscription", {
            path,
            body: { subscribed: wanted === "subscribed", ignored: wanted === "ignored" },
          }),
    (view, wanted) => {
      const before = view.viewer.subscription === "subscribed" ? 1 : 0;
      const after = wanted === "subscribed" ? 1 : 0;
      return {
        ...view,
        repository: { ...view.repository, watcherCount: view.repository.watcherCount + after - before },
        viewer: { ...view.viewer, subscription: wanted },
      };
    },
  );
}

interface Path {
  readonly owner: string;
  readonly repo: string;
}

function useStanding<Wanted>(
  change: (path: Path, wanted: Wanted) => Promise<unknown>,
  foresee: (view: RepositoryView, wanted: Wanted) => RepositoryView,
) {
  const repository = useRepositoryName();
  const cache = useQueryClient();
  const toasts = useToasts();
  const { queryKey } = repositoryQuery(repository);
  return useMutation({
    mutationFn: (wanted: Wanted) => change({ owner: repository.owner, repo: repository.name }, wanted),
    onMutate: async (wanted) => {
      await cache.cancelQueries({ queryKey });
      const before = cache.getQueryData(queryKey);
      if (before !== undefined) cache.setQueryData(queryKey, foresee(before, wanted));
      return before;
    },
    onError: (error, _wanted, before) => {
      if (before !== undefined) cache.setQueryData(queryKey, before);
      toasts.fail(explainFailure(error));
    },
    onSettled: () =>
      Promise.all([
        cache.invalidateQueries({ queryKey: repositoryKey(repository) }),
        cache.invalidateQueries({ queryKey: ["account"] }),
      ]),
  });
}
