import { parseHandle } from "@guts/primitives";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";

import { api } from "../api/client.ts";
import { forgetRepository } from "../api/queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { TextField } from "../components/field.tsx";
import { useToasts } from "../components/toast.tsx";
import { useRepositoryName } from "./use-repository.ts";

/** Offers the repository to another account; typed confirmation, since its owner decides everything about it. */
export function TransferDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const { owner, name } = useRepositoryName();
  const [target, setTarget] = useState("");
  const [typed, setTyped] = useState("");
  const transfer = useTransfer(onClose);
  const isReady = parseHandle(target.trim()) !== undefined && typed.trim() === `${owner}/${name}`;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isReady) transfer.mutate(target.trim());
  };
  return (
    <Dialog title={`Transfer ${owner}/${name}`} onClose={onClose}>
      <form className="dialog-body form" onSubmit={submit}>
        <FailureBanner error={transfer.error} />
        <p>The new owner decides who may read and push, and may delete it. The old address keeps leading to it.</p>
        <TextField
          label="Handle of the new owner"
          required
          autoFocus
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={target}
          onChange={(event) => setTarget(event.target.value)}
        />
        <TextField
          label={`To confirm, type ${owner}/${name}`}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
        />
        <div className="form-actions">
          <Button type="submit" variant="danger" disabled={!isReady} busy={transfer.isPending}>
            Transfer
          </Button>
          <Button variant="invisible" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function useTransfer(onClose: () => void) {
  const { owner, name } = useRepositoryName();
  const cache = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: (newOwner: string) =>
      api.call("POST /api/v3/repos/{owner}/{repo}/transfer", {
        path: { owner, repo: name },
        body: { new_owner: newOwner },
      }),
    onSuccess: async (_, newOwner) => {
      onClose();
      toasts.succeed(`Offered to ${newOwner}`);
      await forgetRepository(cache, { owner, name });
    },
  });
}
