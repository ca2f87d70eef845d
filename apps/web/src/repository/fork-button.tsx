import { RepoForkedIcon } from "@primer/octicons-react/RepoForkedIcon";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { api } from "../api/client.ts";
import { explainFailure } from "../api/explain.ts";
import { forgetRepository } from "../api/queries.ts";
import { Button } from "../components/button.tsx";
import { useToasts } from "../components/toast.tsx";
import { formatNumber } from "../text/quantity.ts";
import { useRepository, useRepositoryName } from "./use-repository.ts";

/** Forks the repository for the viewer and leads to the fork, also to one that is there already. */
export function ForkButton(): ReactElement {
  const { repository } = useRepository();
  const fork = useFork();
  return (
    <Button small busy={fork.isPending} disabled={repository.isEmpty} onClick={() => fork.mutate()}>
      <RepoForkedIcon /> Fork <span className="counter">{formatNumber(repository.forkCount)}</span>
    </Button>
  );
}

function useFork() {
  const repository = useRepositoryName();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  return useMutation({
    mutationFn: () =>
      api.call("POST /api/v3/repos/{owner}/{repo}/forks", {
        path: { owner: repository.owner, repo: repository.name },
        body: {},
      }),
    onSuccess: async (made) => {
      await forgetRepository(cache, repository);
      await navigate({ to: "/$owner/$repo", params: { owner: made.owner.login, repo: made.name } });
    },
    onError: (error) => toasts.fail(explainFailure(error)),
  });
}
