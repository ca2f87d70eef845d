import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { api } from "../api/client.ts";
import { forgetRepository } from "../api/queries.ts";
import { useToasts } from "../components/toast.tsx";
import { ConfirmDialog } from "../settings/confirm-dialog.tsx";
import { useRepositoryName } from "./use-repository.ts";

/** Deletes the repository once its full name has been typed. */
export function DeleteDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const { owner, name } = useRepositoryName();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  const remove = useMutation({
    mutationFn: () => api.call("DELETE /api/v3/repos/{owner}/{repo}", { path: { owner, repo: name } }),
    onSuccess: async () => {
      await navigate({ to: "/$owner", params: { owner }, replace: true });
      toasts.succeed(`Deleted ${owner}/${name}`);
      await forgetRepository(cache, { owner, name });
    },
  });
  return (
    <ConfirmDialog
      title={`Delete ${owner}/${name}?`}
      action="Delete this repository"
      typed={`${owner}/${name}`}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p>
        Its branches, tags and collaborators are removed from every node. The ledger keeps the fact that it existed and
        was deleted. Clones that people have stay with them.
      </p>
    </ConfirmDialog>
  );
}
