import { PencilIcon } from "@primer/octicons-react/PencilIcon";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";

import { api } from "../api/client.ts";
import { forgetRepository } from "../api/queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { CommandBlock } from "../components/copyable.tsx";
import { Dialog } from "../components/dialog.tsx";
import { TextField } from "../components/field.tsx";
import { useRepositoryName } from "./use-repository.ts";

interface RenameBranchProps {
  readonly name: string;
  readonly isDefault: boolean;
}

/** Opens the dialog that gives a branch another name. */
export function RenameBranchButton(props: RenameBranchProps): ReactElement {
  const [isOpen, setIsOpen] = useState(false);
  return (
    <>
      <Button
        small
        square
        variant="invisible"
        aria-haspopup="dialog"
        aria-label={`Rename branch ${props.name}`}
        title="Rename"
        onClick={() => setIsOpen(true)}
      >
        <PencilIcon size={14} />
      </Button>
      {isOpen ? <RenameDialog {...props} onClose={() => setIsOpen(false)} /> : null}
    </>
  );
}

function RenameDialog({
  name,
  isDefault,
  onClose,
}: RenameBranchProps & { readonly onClose: () => void }): ReactElement {
  const [newName, setNewName] = useState(name);
  const rename = useRenameBranch(name);
  const repository = useRepositoryName();
  const cache = useQueryClient();
  // The list is read anew once the dialog is read, since the row that it belongs to goes with the old name.
  const close = (): void => {
    onClose();
    if (rename.isSuccess) void forgetRepository(cache, repository);
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    rename.mutate(newName.trim());
  };
  if (rename.data !== undefined) return <Renamed from={name} to={rename.data.name} onClose={close} />;
  return (
    <Dialog title={`Rename ${name}`} onClose={close}>
      <form className="dialog-body form" onSubmit={submit}>
        <FailureBanner error={rename.error} />
        <p>
          Links with the old name lead to the branch, and a protection rule of exactly this name goes along.
          {isDefault ? " It stays the default branch." : ""}
        </p>
        <TextField
          label="New name"
          required
          isCode
          autoFocus
          maxLength={244}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={newName}
          onFocus={(event) => event.target.select()}
          onChange={(event) => setNewName(event.target.value)}
        />
        <div className="form-actions">
          <Button
            type="submit"
            variant="primary"
            busy={rename.isPending}
            disabled={newName.trim() === "" || newName.trim() === name}
          >
            Rename branch
          </Button>
          <Button variant="invisible" onClick={close}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

interface RenamedProps {
  readonly from: string;
  readonly to: string;
  readonly onClose: () => void;
}

function Renamed({ from, to, onClose }: RenamedProps): ReactElement {
  const lines = [
    `git branch -m ${from} ${to}`,
    "git fetch --prune origin",
    `git branch -u origin/${to} ${to}`,
    "git remote set-head origin -a",
  ];
  return (
    <Dialog title={`${from} is called ${to} now`} onClose={onClose}>
      <div className="dialog-body stack">
        <p>Clones follow with these commands; until then they know the old name alone.</p>
        <CommandBlock label="Commands for a clone" lines={lines} />
        <div className="form-actions">
          <Button variant="primary" autoFocus onClick={onClose}>
            Done
          </Button>
        </div>
      </div>
    </Dialog>
  );
}

function useRenameBranch(branch: string) {
  const { owner, name: repo } = useRepositoryName();
  return useMutation({
    mutationFn: (new_name: string) =>
      api.call("POST /api/v3/repos/{owner}/{repo}/branches/{branch}/rename", {
        path: { owner, repo, branch },
        body: { new_name },
      }),
  });
}
