import type { RepositoryInvitation } from "@guts/api";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { api } from "../api/client.ts";
import { explainFailure } from "../api/explain.ts";
import { forgetRepository, ownInvitationsQuery } from "../api/queries.ts";
import { useToasts } from "../components/toast.tsx";

/** Accepts an invitation and goes to its repository, or declines it. */
export function useInvitationAnswer({ id, repository }: RepositoryInvitation) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  const path = { invitation_id: String(id) };
  const name = { owner: repository.owner.login, name: repository.name };
  return useMutation({
    mutationFn: (answer: "accept" | "decline") =>
      answer === "accept"
        ? api.call("PATCH /api/v3/user/repository_invitations/{invitation_id}", { path })
        : api.call("DELETE /api/v3/user/repository_invitations/{invitation_id}", { path }),
    onSuccess: async (_, answer) => {
      await cache.invalidateQueries({ queryKey: ownInvitationsQuery.queryKey });
      await forgetRepository(cache, name);
      toasts.succeed(
        answer === "accept" ? `You are a collaborator of ${repository.full_name}` : "Declined the invitation",
      );
      if (answer === "accept") await navigate({ to: "/$owner/$repo", params: { owner: name.owner, repo: name.name } });
    },
    onError: (error) => toasts.fail(explainFailure(error)),
  });
}
