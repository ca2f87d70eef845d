import type { AdministeredAccount } from "@guts/api";
import { useState, type ReactElement } from "react";

import { administrationKey } from "../api/administration-queries.ts";
import { api } from "../api/client.ts";
import { useChange } from "../api/use-change.ts";
import { Button } from "../components/button.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { ReasonDialog } from "./reason-dialog.tsx";

interface SuspensionSectionProps {
  readonly account: AdministeredAccount;
  readonly isSelf: boolean;
}

/** Whether an account acts, and the way to stop it or let it go. */
export function SuspensionSection({ account, isSelf }: SuspensionSectionProps): ReactElement {
  const [isAsking, setIsAsking] = useState(false);
  const { handle, suspension } = account;
  const isSuspended = suspension !== null;
  const change = useSuspension(handle, isSuspended);
  return (
    <section className="stack tight" aria-labelledby="suspension">
      <h2 id="suspension">Suspension</h2>
      <div className="box">
        <div className="box-row setting-row">
          {isSuspended ? (
            <div>
              <strong>Suspended</strong>
              <p className="small muted">
                <RelativeTime time={suspension.at} /> by {suspension.by}, from block {suspension.height} on
              </p>
              {suspension.reason === "" ? null : <p className="audit-reason">{suspension.reason}</p>}
            </div>
          ) : (
            <div>
              <strong>Acts as usual</strong>
              <p className="small muted">
                A suspended account does nothing at any node, by no key, token or session. What it owns stays.
              </p>
            </div>
          )}
          {isSelf ? (
            <span className="muted small">Nobody suspends themselves.</span>
          ) : (
            <Button variant={isSuspended ? "default" : "danger"} onClick={() => setIsAsking(true)}>
              {isSuspended ? "Let it act again" : "Suspend"}
            </Button>
          )}
        </div>
      </div>
      {isAsking ? (
        <ReasonDialog
          title={isSuspended ? `Let ${handle} act again?` : `Suspend ${handle}?`}
          action={isSuspended ? "Let it act again" : "Suspend account"}
          isDanger={!isSuspended}
          readers={isSuspended ? `${handle} reads it, too.` : `${handle} reads it once it is let go.`}
          error={change.error}
          busy={change.isPending}
          onConfirm={(reason) => change.mutate(reason, { onSuccess: () => setIsAsking(false) })}
          onClose={() => setIsAsking(false)}
        >
          <p>
            {isSuspended
              ? "Its keys, tokens and sessions are good again, at every node."
              : "Its keys, tokens and sessions do nothing until it is let go, at every node and from one block on."}
          </p>
        </ReasonDialog>
      ) : null}
    </section>
  );
}

function useSuspension(handle: string, isSuspended: boolean) {
  const done = isSuspended ? `${handle} may act again` : `Suspended ${handle}`;
  return useChange({ queryKey: administrationKey }, done, async (reason: string | undefined) => {
    const request = { path: { username: handle }, body: reason === undefined ? {} : { reason } };
    if (isSuspended) await api.call("DELETE /api/v3/users/{username}/suspended", request);
    else await api.call("PUT /api/v3/users/{username}/suspended", request);
  });
}
