import { KeyIcon } from "@primer/octicons-react/KeyIcon";
import { useState, type ReactElement, type ReactNode } from "react";

import { Button } from "../components/button.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { fingerprintOfLine } from "./ssh-key-line.ts";

/** What rows show of SSH keys of every use. */
export interface ListedSshKey {
  readonly id: number;
  readonly title: string;
  readonly key: string;
  readonly created_at: string;
}

interface SshKeyRowProps {
  readonly entry: ListedSshKey;
  /** Beside the title, such as whether it may write. */
  readonly label?: ReactNode;
  /** Beside when it was added, such as when it was used. */
  readonly facts?: ReactNode;
  /** What it means that the key is deleted. */
  readonly warning: string;
  readonly removal: {
    readonly isPending: boolean;
    readonly error: unknown;
    readonly mutate: (id: number, options: { onSuccess: () => void }) => void;
  };
}

/** An SSH key in a list: what it is called, its fingerprint, and a way to delete it. */
export function SshKeyRow({ entry, label, facts, warning, removal }: SshKeyRowProps): ReactElement {
  const [isAsking, setIsAsking] = useState(false);
  return (
    <li className="box-row key-row">
      <KeyIcon />
      <div className="grow">
        <div className="row wrap">
          <strong>{entry.title}</strong>
          <span className="label">{entry.key.split(" ")[0]}</span>
          {label}
        </div>
        <div className="fingerprint">{fingerprintOfLine(entry.key)}</div>
        <div className="meta">
          <span>
            Added <RelativeTime time={entry.created_at} />
          </span>
          {facts}
        </div>
      </div>
      <Button variant="danger" small aria-label={`Delete ${entry.title}`} onClick={() => setIsAsking(true)}>
        Delete
      </Button>
      {isAsking ? (
        <ConfirmDialog
          title={`Delete “${entry.title}”?`}
          action="Delete key"
          busy={removal.isPending}
          error={removal.error}
          onConfirm={() => removal.mutate(entry.id, { onSuccess: () => setIsAsking(false) })}
          onClose={() => setIsAsking(false)}
        >
          <p>{warning}</p>
        </ConfirmDialog>
      ) : null}
    </li>
  );
}
