import { useMutation, useQueryClient } from "@tanstack/react-query";
import { GutsError } from "@guts/primitives";
import { useState, type FormEvent, type ReactElement } from "react";

import { leaveSession, useViewer } from "../account/session.ts";
import { api } from "../api/client.ts";
import { delegationsQuery, networkQuery } from "../api/queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { TextField } from "../components/field.tsx";
import { useToasts } from "../components/toast.tsx";
import { parseRecoveryCode, type RecoveryCode } from "../identity/recovery.ts";

interface UndelegateDialogProps {
  readonly nodeId: string;
  readonly isThisNode: boolean;
  readonly onClose: () => void;
}

/** Takes a node's permission back; signed on this device by the root key, so the recovery code is needed. */
export function UndelegateDialog({ nodeId, isThisNode, onClose }: UndelegateDialogProps): ReactElement {
  const [text, setText] = useState("");
  const code = parseRecoveryCode(text);
  const undelegate = useUndelegate(nodeId, isThisNode, onClose);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (code !== undefined) undelegate.mutate(code);
  };
  return (
    <Dialog title="Take the permission back" onClose={onClose}>
      <form className="dialog-body form" onSubmit={submit}>
        <FailureBanner error={undelegate.error} />
        <p>
          Every session and token that this node created for you ends at once
          {isThisNode ? ", including the session you are using now" : ""}.
        </p>
        <TextField
          label="Recovery code"
          isCode
          required
          autoFocus
          autoComplete="off"
          spellCheck={false}
          value={text}
          hint="Used on this device to sign, and not sent to the node."
          error={
            text !== "" && code === undefined && text.length >= 32 ? "This is not a whole recovery code." : undefined
          }
          onChange={(event) => setText(event.target.value)}
        />
        <div className="form-actions">
          <Button type="submit" variant="danger" disabled={code === undefined} busy={undelegate.isPending}>
            Take back
          </Button>
          <Button variant="invisible" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

/** The ledger did not take the transaction; the message is the ledger's own reason. */
class UndelegationError extends GutsError<"not-applied", { readonly outcome: string }> {}

function useUndelegate(nodeId: string, isThisNode: boolean, onClose: () => void) {
  const cache = useQueryClient();
  const toasts = useToasts();
  const viewer = useViewer();
  return useMutation({
    mutationFn: async (code: RecoveryCode) => {
      const { signUndelegation } = await import("../identity/signing.ts");
      const network = await cache.fetchQuery({ ...networkQuery, staleTime: 0 });
      const envelope = signUndelegation(network, code, viewer?.id ?? 0, nodeId);
      const { outcome, rejection } = await api.call("POST /api/guts/transactions", { body: { envelope } });
      if (outcome === "applied") return;
      const reason = rejection?.message ?? "The network did not confirm the change in time. Look again in a minute.";
      throw new UndelegationError("not-applied", reason, { outcome });
    },
    onSuccess: async () => {
      if (isThisNode) return leaveSession();
      onClose();
      toasts.succeed("The node may no longer act for you");
      await cache.invalidateQueries({ queryKey: delegationsQuery.queryKey });
    },
  });
}
