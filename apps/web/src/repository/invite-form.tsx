import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";

import { api } from "../api/client.ts";
import { repositoryKey } from "../api/queries.ts";
import { InviteByHandle } from "../components/invite-by-handle.tsx";
import { useToasts } from "../components/toast.tsx";
import { roleChoices, type RoleChoice } from "./roles.ts";
import { useRepositoryName } from "./use-repository.ts";

interface InviteFormProps {
  /** The organization that owns the repository, if it is one's. */
  readonly org: string | undefined;
}

/** Invites an account by its handle. */
export function InviteForm({ org }: InviteFormProps): ReactElement {
  const invite = useInvite();
  return (
    <InviteByHandle
      label="Invite a collaborator"
      roles={roleChoices}
      initialRole="push"
      error={invite.error}
      busy={invite.isPending}
      onInvite={(handle, role, onInvited) => invite.mutate({ handle, role }, { onSuccess: onInvited })}
    >
      {org === undefined
        ? "They become a collaborator once they accept."
        : `Members of ${org} have the role at once, others once they accept.`}{" "}
      An invitation lapses after a week.
    </InviteByHandle>
  );
}

function useInvite() {
  const repository = useRepositoryName();
  const cache = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: ({ handle, role }: { readonly handle: string; readonly role: RoleChoice }) =>
      api.call("PUT /api/v3/repos/{owner}/{repo}/collaborators/{username}", {
        path: { owner: repository.owner, repo: repository.name, username: handle },
        body: { permission: role },
      }),
    onSuccess: async (invitation, { handle }) => {
      // Without an invitation the role holds at once: of who had another, or is a member of the organization.
      toasts.succeed(invitation === undefined ? `Added ${handle}` : `Invited ${handle}`);
      await cache.invalidateQueries({ queryKey: repositoryKey(repository) });
    },
  });
}
