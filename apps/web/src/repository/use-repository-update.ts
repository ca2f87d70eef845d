import type { RepositoryUpdate } from "@guts/api";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { api } from "../api/client.ts";
import { forgetRepository } from "../api/queries.ts";
import { useToasts } from "../components/toast.tsx";
import { useRepositoryName } from "./use-repository.ts";

/** Changes a repository's facts and follows it to its new address when it was renamed. */
export function useRepositoryUpdate(done: string) {
  const repository = useRepositoryName();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  return useMutation({
    mutationFn: (body: RepositoryUpdate) =>
      api.call("PATCH /api/v3/repos/{owner}/{repo}", {
        path: { owner: repository.owner, repo: repository.name },
        body,
      }),
    onSuccess: async (updated) => {
      const params = { owner: updated.owner.login, repo: updated.name };
      if (params.repo !== repository.name) await navigate({ to: "/$owner/$repo/settings", params, replace: true });
      toasts.succeed(done);
      await forgetRepository(cache, { owner: params.owner, name: params.repo });
    },
  });
}
