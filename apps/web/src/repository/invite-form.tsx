import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";

import { api } from "../api/client.ts";
import { repositoryKey } from "../api/queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { SelectField, TextField } from "../components/field.tsx";
import { useToasts } from "../components/toast.tsx";
import { roleChoiceOf, roleChoices, type RoleChoice } from "./roles.ts";
import { useRepositoryName } from "./use-repository.ts";

interface InviteFormProps {
  /** The organization that owns the repository, if it is one's. */
  readonly org: string | undefined;
}

/** Invites an account by its handle. */
export function InviteForm({ org }: InviteFormProps): ReactElement {
  const [handle, setHandle] = useState("");
  const [role, setRole] = useState<RoleChoice>("push");
  const invite = useInvite(() => setHandle(""));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    invite.mutate({ handle: handle.trim(), role });
  };
  return (
    <form className="stack tight" onSubmit={submit} aria-label="Invite a collaborator">
      <FailureBanner error={invite.error} />
      <div className="inline-form">
        <TextField
          label="Invite by handle"
          required
          maxLength={39}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={handle}
          onChange={(event) => setHandle(event.target.value)}
        />
        <SelectField
          label="Role"
          value={role}
          options={roleChoices}
          onChange={(event) => setRole(roleChoiceOf(event.target.value))}
        />
        <Button type="submit" variant="primary" busy={invite.isPending} disabled={handle.trim() === ""}>
          Invite
        </Button>
      </div>
      <p className="small muted">
        {org === undefined
          ? "They become a collaborator once they accept."
          : `Members of ${org} have the role at once, others once they accept.`}{" "}
        An invitation lapses after a week.
      </p>
    </form>
  );
}

function useInvite(onDone: () => void) {
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
      onDone();
      // Without an invitation the role holds at once: of who had another, or is a member of the organization.
      toasts.succeed(invitation === undefined ? `Added ${handle}` : `Invited ${handle}`);
      await cache.invalidateQueries({ queryKey: repositoryKey(repository) });
    },
  });
}
