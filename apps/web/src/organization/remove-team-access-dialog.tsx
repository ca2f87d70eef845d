import type { ReactElement } from "react";

import type { TeamName } from "../api/organization-queries.ts";
import { ConfirmDialog } from "../settings/confirm-dialog.tsx";
import { useTeamRepositoryChange } from "./use-team-changes.ts";

interface RemoveTeamAccessDialogProps {
  readonly name: TeamName;
  /** What the team is called, at the beginning of a sentence. */
  readonly teamName: string;
  readonly repo: string;
  readonly onClose: () => void;
}

/** Asks before a team's role on a repository is taken away. */
export function RemoveTeamAccessDialog({ name, teamName, repo, onClose }: RemoveTeamAccessDialogProps): ReactElement {
  const remove = useTeamRepositoryChange(() => `${teamName} has no role on ${repo} any more`);
  return (
    <ConfirmDialog
      title={`Take ${name.org}/${repo} away from the team?`}
      action="Remove"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ ...name, repo }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>
        {teamName} and the teams inside it lose this role. Their people keep what something else gives them, such as
        another team or an invitation.
      </p>
    </ConfirmDialog>
  );
}
