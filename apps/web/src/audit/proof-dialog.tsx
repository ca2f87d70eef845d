import { DownloadIcon } from "@primer/octicons-react/DownloadIcon";
import type { AuditEntry } from "@guts/api";
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";

import { sessionQuery } from "../api/queries.ts";
import { buttonClass } from "../components/button.tsx";
import { CommandBlock, CopyLine } from "../components/copyable.tsx";
import { Dialog } from "../components/dialog.tsx";

interface ProofDialogProps {
  readonly entry: AuditEntry;
  readonly onClose: () => void;
}

/** How to check an act without believing this page: its proof, the network's genesis, and the command that reads them. */
export function ProofDialog({ entry, onClose }: ProofDialogProps): ReactElement {
  const { data: session } = useQuery(sessionQuery);
  const id = entry._document_id;
  const proof = `${id.slice(0, 16)}.proof`;
  const network = session?.network.networkId;
  return (
    <Dialog title={`Verify ${entry.action}`} onClose={onClose} wide>
      <div className="dialog-body stack">
        <p>
          Its proof has the transaction as it was signed, its place in block {entry.height} and the signatures of the
          validators. The command reads what was done from it and believes nobody else, and works offline.
        </p>
        <div className="form-actions">
          <a className={buttonClass()} href={`/api/guts/audit-log/${id}/proof`} download={proof}>
            <DownloadIcon /> Proof
          </a>
          <a className={buttonClass()} href="/api/guts/genesis" download="network.genesis">
            <DownloadIcon /> Genesis document
          </a>
        </div>
        <CommandBlock
          label="Command that verifies it"
          lines={[
            `guts audit verify --proof ${proof} --genesis network.genesis`,
            ...(network === undefined ? [] : [`  --network ${network}`]),
          ].map((line, index, lines) => (index < lines.length - 1 ? `${line} \\` : line))}
        />
        <p className="small muted">
          Compare the network&apos;s id with one that you know from elsewhere: it is what everything else rests on. That
          a log leaves nothing out is shown by <code>guts audit verify-log</code>.
        </p>
        <CopyLine label="Transaction" text={id} />
      </div>
    </Dialog>
  );
}
