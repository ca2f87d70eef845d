import type { MemberInvitationsView } from "@guts/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";

import { api } from "../api/client.ts";
import { explainFailure } from "../api/explain.ts";
import { forgetOrganizations, memberInvitationsQuery } from "../api/organization-queries.ts";
import { Avatar } from "../components/avatar.tsx";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { useToasts } from "../components/toast.tsx";
import { organizationRoleNames } from "./roles.ts";

/** Invitations that have not been answered; nothing when there are none. */
export function MemberInvitations({ org }: { readonly org: string }): ReactElement | null {
  const [page, setPage] = useState(1);
  const { data, error } = useQuery(memberInvitationsQuery(org, page));
  if (error === null && (data === undefined || (data.invitations.length === 0 && page === 1))) return null;
  return (
    <section className="stack tight" aria-labelledby="pending-invitations">
      <h2 id="pending-invitations">Pending invitations</h2>
      <FailureBanner error={error} />
      <ul className="box">
        {data?.invitations.map((invitation) => (
          <InvitationRow key={invitation.handle} org={org} invitation={invitation} />
        ))}
      </ul>
      {page > 1 || data?.hasMore ? (
        <div className="form-actions">
          <Button small disabled={page === 1} onClick={() => setPage(page - 1)}>
            Earlier
          </Button>
          <Button small disabled={data?.hasMore !== true} onClick={() => setPage(page + 1)}>
            More invitations
          </Button>
        </div>
      ) : null}
    </section>
  );
}

interface InvitationRowProps {
  readonly org: string;
  readonly invitation: MemberInvitationsView["invitations"][number];
}

function InvitationRow({ org, invitation }: InvitationRowProps): ReactElement {
  const { id, handle, role, inviter, createdAt, expiresAt, isExpired } = invitation;
  const cancel = useCancel(org, handle);
  return (
    <li className="box-row setting-row">
      <div className="row wrap">
        <Avatar handle={handle} size={28} />
        <strong>{handle}</strong>
        <span className="label">{organizationRoleNames[role]}</span>
        <span className="muted small">
          invited <RelativeTime time={createdAt} /> by {inviter},{" "}
          {isExpired ? (
            "lapsed: invite them again"
          ) : (
            <>
              lapses <RelativeTime time={expiresAt} />
            </>
          )}
        </span>
      </div>
      <Button
        small
        variant="danger"
        busy={cancel.isPending}
        aria-label={`Cancel the invitation of ${handle}`}
        onClick={() => cancel.mutate(id)}
      >
        Cancel
      </Button>
    </li>
  );
}

function useCancel(org: string, handle: string) {
  const cache = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: (id: number) =>
      api.call("DELETE /api/v3/orgs/{org}/invitations/{invitation_id}", { path: { org, invitation_id: String(id) } }),
    onSuccess: async () => {
      toasts.succeed(`Cancelled the invitation of ${handle}`);
      await forgetOrganizations(cache);
    },
    onError: (error) => toasts.fail(explainFailure(error)),
  });
}
