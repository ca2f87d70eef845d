import { MailIcon } from "@primer/octicons-react/MailIcon";
import type { NetworkInvitation } from "@guts/api";
import { useState, type ReactElement } from "react";

import { networkInvitationsQuery } from "../api/administration-queries.ts";
import { api } from "../api/client.ts";
import { useChange } from "../api/use-change.ts";
import { Button } from "../components/button.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { Expiry } from "../settings/expiry.tsx";
import { formatCount, formatNumber } from "../text/quantity.ts";
import { ReasonDialog } from "./reason-dialog.tsx";

/** An invitation that is good, by the beginning of its public key, and a way to take it back. */
export function InvitationRow({ invitation }: { readonly invitation: NetworkInvitation }): ReactElement {
  const [isAsking, setIsAsking] = useState(false);
  const revoke = useRevoke(invitation.key);
  const { key, uses, usesLeft, isForClosed, invitedBy } = invitation;
  const name = key.slice(0, 16);
  return (
    <li className="box-row key-row">
      <MailIcon />
      <div className="grow">
        <div className="row wrap">
          <strong>
            {formatNumber(usesLeft)} of {formatCount(uses, "account")} left
          </strong>
          {isForClosed ? <span className="label attention">even while closed</span> : null}
        </div>
        <div className="meta">
          <span className="mono" title={key}>
            {name}…
          </span>
          <span>
            By {invitedBy} <RelativeTime time={invitation.createdAt} />
          </span>
          <Expiry time={invitation.expiresAt} />
        </div>
      </div>
      <Button small variant="danger" aria-label={`Revoke the invitation ${name}`} onClick={() => setIsAsking(true)}>
        Revoke
      </Button>
      {isAsking ? (
        <ReasonDialog
          title="Revoke this invitation?"
          action="Revoke invitation"
          isDanger
          readers="Administrators read it."
          error={revoke.error}
          busy={revoke.isPending}
          onConfirm={(reason) => revoke.mutate(reason, { onSuccess: () => setIsAsking(false) })}
          onClose={() => setIsAsking(false)}
        >
          <p>It opens no more accounts. Those that it opened stay.</p>
        </ReasonDialog>
      ) : null}
    </li>
  );
}

function useRevoke(key: string) {
  return useChange(networkInvitationsQuery, "Revoked the invitation", (reason: string | undefined) =>
    api.call("DELETE /api/guts/invitations/{key}", { path: { key }, body: reason === undefined ? {} : { reason } }),
  );
}
