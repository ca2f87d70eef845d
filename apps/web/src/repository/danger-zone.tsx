import { useState, type ReactElement, type ReactNode } from "react";

import { Button } from "../components/button.tsx";
import { DeleteDialog } from "./delete-dialog.tsx";
import { TransferDialog } from "./transfer-dialog.tsx";
import { useRepositoryUpdate } from "./use-repository-update.ts";
import { useRepository } from "./use-repository.ts";
import { ConfirmDialog } from "../settings/confirm-dialog.tsx";

type Question = "visibility" | "archive" | "transfer" | "delete";

/** What is hard or impossible to take back, each behind a question. */
export function DangerZone(): ReactElement {
  const { repository } = useRepository();
  const [question, setQuestion] = useState<Question>();
  const close = (): void => setQuestion(undefined);
  const visibility = repository.isPrivate ? "private" : "public";
  return (
    <section className="stack" aria-labelledby="danger-zone">
      <h2 id="danger-zone">Danger zone</h2>
      <div className="box danger-zone">
        <Row title="Change visibility" action="Change visibility" onAct={() => setQuestion("visibility")}>
          This repository is {visibility}.
        </Row>
        <Row
          title={repository.isArchived ? "Unarchive this repository" : "Archive this repository"}
          action={repository.isArchived ? "Unarchive" : "Archive"}
          onAct={() => setQuestion("archive")}
        >
          {repository.isArchived ? "It takes pushes and changes again." : "It can be read, and takes no more changes."}
        </Row>
        <Row title="Transfer ownership" action="Transfer" onAct={() => setQuestion("transfer")}>
          To another account, which must agree.
        </Row>
        <Row title="Delete this repository" action="Delete" onAct={() => setQuestion("delete")}>
          There is no way back.
        </Row>
      </div>
      {question === "visibility" ? <VisibilityDialog onClose={close} /> : null}
      {question === "archive" ? <ArchiveDialog onClose={close} /> : null}
      {question === "transfer" ? <TransferDialog onClose={close} /> : null}
      {question === "delete" ? <DeleteDialog onClose={close} /> : null}
    </section>
  );
}

interface RowProps {
  readonly title: string;
  readonly action: string;
  readonly onAct: () => void;
  readonly children: ReactNode;
}

function Row({ title, action, onAct, children }: RowProps): ReactElement {
  return (
    <div className="box-row setting-row">
      <div>
        <h3>{title}</h3>
        <p className="muted">{children}</p>
      </div>
      <Button variant="danger" onClick={onAct}>
        {action}
      </Button>
    </div>
  );
}

function VisibilityDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const { repository } = useRepository();
  const target = repository.isPrivate ? "public" : "private";
  const update = useRepositoryUpdate(`The repository is ${target} now`);
  return (
    <ConfirmDialog
      title={`Make this repository ${target}?`}
      action={`Make ${target}`}
      typed={`${repository.owner}/${repository.name}`}
      busy={update.isPending}
      error={update.error}
      onConfirm={() => update.mutate({ private: !repository.isPrivate }, { onSuccess: onClose })}
      onClose={onClose}
    >
      {repository.isPrivate ? (
        <p>
          Anyone will be able to read it, with everything in its history. What was cloned once cannot be taken back.
        </p>
      ) : (
        <p>
          Only you and your collaborators will see it. Copies that others made stay with them, and operators of nodes
          can still read it: it is not encrypted on the nodes that store it.
        </p>
      )}
    </ConfirmDialog>
  );
}

function ArchiveDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const { repository } = useRepository();
  const verb = repository.isArchived ? "Unarchive" : "Archive";
  const update = useRepositoryUpdate(repository.isArchived ? "The repository is active again" : "Archived");
  return (
    <ConfirmDialog
      title={`${verb} ${repository.owner}/${repository.name}?`}
      action={verb}
      busy={update.isPending}
      error={update.error}
      onConfirm={() => update.mutate({ archived: !repository.isArchived }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>
        {repository.isArchived
          ? "Collaborators can push to it again."
          : "Nobody can push to it or change it until it is unarchived. Reading and cloning go on."}
      </p>
    </ConfirmDialog>
  );
}
