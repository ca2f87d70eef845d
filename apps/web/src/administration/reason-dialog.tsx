import { useState, type FormEvent, type ReactElement, type ReactNode } from "react";

import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { TextArea } from "../components/field.tsx";

/** Characters of a reason; the ledger counts bytes, of which a character may need several. */
const reasonLengthMax = 500;

interface ReasonDialogProps {
  readonly title: string;
  readonly action: string;
  readonly isDanger?: boolean;
  /** Who reads the reason, beside administrators. */
  readonly readers: string;
  readonly children: ReactNode;
  readonly error: unknown;
  readonly busy: boolean;
  /** Undefined when none was given. */
  readonly onConfirm: (reason: string | undefined) => void;
  readonly onClose: () => void;
}

/** Asks why before something is decided about others; whoever is concerned reads the answer. */
export function ReasonDialog(props: ReasonDialogProps): ReactElement {
  const { title, action, isDanger = false, readers, children, error, busy, onConfirm, onClose } = props;
  const [reason, setReason] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!busy) onConfirm(reason.trim() === "" ? undefined : reason.trim());
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="dialog-body form" onSubmit={submit}>
        <FailureBanner error={error} />
        <div className="stack tight">{children}</div>
        <TextArea
          label="Reason"
          isOptional
          autoFocus
          maxLength={reasonLengthMax}
          value={reason}
          hint={`It stands in the audit log, signed. ${readers}`}
          onChange={(event) => setReason(event.target.value)}
        />
        <div className="form-actions">
          <Button type="submit" variant={isDanger ? "danger" : "primary"} busy={busy}>
            {action}
          </Button>
          <Button variant="invisible" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
