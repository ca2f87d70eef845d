import { useState, type FormEvent, type ReactElement, type ReactNode } from "react";

import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { TextField } from "../components/field.tsx";

interface ConfirmDialogProps {
  readonly title: string;
  readonly action: string;
  readonly children: ReactNode;
  /** What must be typed before the action can be taken; for what cannot be undone. */
  readonly typed?: string;
  readonly error?: unknown;
  readonly busy?: boolean;
  readonly onConfirm: () => void;
  readonly onClose: () => void;
}

/** Asks before something that is hard to take back. */
export function ConfirmDialog(props: ConfirmDialogProps): ReactElement {
  const { title, action, children, typed, error, busy, onConfirm, onClose } = props;
  const [answer, setAnswer] = useState("");
  const isReady = typed === undefined || answer.trim() === typed;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isReady && !busy) onConfirm();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <form className="dialog-body form" onSubmit={submit}>
        <FailureBanner error={error} />
        <div className="stack tight">{children}</div>
        {typed === undefined ? null : (
          <TextField
            label={`To confirm, type ${typed}`}
            autoFocus
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            value={answer}
            onChange={(event) => setAnswer(event.target.value)}
          />
        )}
        <div className="form-actions">
          <Button type="submit" variant="danger" disabled={!isReady} busy={busy ?? false}>
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
