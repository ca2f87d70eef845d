import type { RepositoryInvitation } from "@guts/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";

import { api } from "../api/client.ts";
import { explainFailure } from "../api/explain.ts";
import { repositoryInvitationsQuery } from "../api/queries.ts";
import { Avatar } from "../components/avatar.tsx";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { useToasts } from "../components/toast.tsx";
import { roleName } from "./roles.ts";
import { useRepositoryName } from "./use-repository.ts";

/** Invitations that have not been answered. */
export function InvitationList(): ReactElement | null {
  const { data, error } = useQuery(repositoryInvitationsQuery(useRepositoryName()));
  if (data?.length === 0) return null;
  return (
    <section className="stack tight" aria-labelledby="pending-invitations">
      <h3 id="pending-invitations">Pending invitations</h3>
      <FailureBanner error={error} />
      <ul className="box">
        {data?.map((invitation) => (
          <InvitationRow key={invitation.id} invitation={invitation} />
        ))}
      </ul>
    </section>
  );
}

function InvitationRow({ invitation }: { readonly invitation: RepositoryInvitation }): ReactElement {
  const withdraw = useWithdraw();
  return (
    <li className="box-row row apart wrap">
      <div className="row wrap">
        <Avatar handle={invitation.invitee.login} />
        <strong>{invitation.invitee.login}</strong>
        <span className="label">{roleName(invitation.permissions)}</span>
        <span className="muted small">
          invited <RelativeTime time={invitation.created_at} /> by {invitation.inviter.login}
          {invitation.expired ? ", lapsed" : ""}
        </span>
      </div>
      <Button
        small
        variant="danger"
        busy={withdraw.isPending}
        aria-label={`Withdraw the invitation of ${invitation.invitee.login}`}
        onClick={() => withdraw.mutate(invitation.id)}
      >
        Withdraw
      </Button>
    </li>
  );
}

function useWithdraw() {
  const repository = useRepositoryName();
  const cache = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: (id: number) =>
      api.call("DELETE /api/v3/repos/{owner}/{repo}/invitations/{invitation_id}", {
        path: { owner: repository.owner, repo: repository.name, invitation_id: String(id) },
      }),
    onSuccess: () => cache.invalidateQueries({ queryKey: repositoryInvitationsQuery(repository).queryKey }),
    onError: (error) => toasts.fail(explainFailure(error)),
  });
}
