import type { OrganizationRole } from "@guts/api";
import { useNavigate } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { ConfirmDialog } from "../settings/confirm-dialog.tsx";
import { useMembershipChange } from "./use-membership-change.ts";

interface DialogProps {
  readonly org: string;
  readonly onClose: () => void;
}

interface MemberDialogProps extends DialogProps {
  readonly username: string;
}

/** Asks before somebody else's membership ends, and says what goes with it. */
export function RemoveMemberDialog({ org, username, onClose }: MemberDialogProps): ReactElement {
  const remove = useMembershipChange(() => `Removed ${username} from ${org}`);
  return (
    <ConfirmDialog
      title={`Remove ${username} from ${org}?`}
      action="Remove"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ org, username }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <ul className="bulleted">
        <li>They leave all of its teams.</li>
        <li>They lose the roles that they were given on its repositories, also those that they made.</li>
        <li>They can no longer read its private repositories. What they cloned stays with them.</li>
      </ul>
      <p>To come back they need a new invitation.</p>
    </ConfirmDialog>
  );
}

/** Asks before one's own membership ends. */
export function LeaveDialog({ org, username, onClose }: MemberDialogProps): ReactElement {
  const navigate = useNavigate();
  const leave = useMembershipChange(
    () => `You left ${org}`,
    () => navigate({ to: "/settings/organizations" }),
  );
  return (
    <ConfirmDialog
      title={`Leave ${org}?`}
      action={`Leave ${org}`}
      busy={leave.isPending}
      error={leave.error}
      onConfirm={() => leave.mutate({ org, username }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>
        You leave its teams and lose your roles on its repositories, also on those that you made. To come back you need
        an invitation of an owner.
      </p>
    </ConfirmDialog>
  );
}

interface RoleDialogProps extends MemberDialogProps {
  readonly role: OrganizationRole;
  readonly isSelf: boolean;
}

/** Asks before somebody becomes an owner, or is none any more. */
export function RoleDialog({ org, username, role, isSelf, onClose }: RoleDialogProps): ReactElement {
  const change = useMembershipChange(() => `${username} is ${role === "owner" ? "an owner" : "a member"} now`);
  return (
    <ConfirmDialog
      title={role === "owner" ? `Make ${username} an owner?` : `Make ${username} a member?`}
      action={role === "owner" ? "Make owner" : "Make member"}
      busy={change.isPending}
      error={change.error}
      onConfirm={() => change.mutate({ org, username, role }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>{meaningOf(org, role, isSelf)}</p>
    </ConfirmDialog>
  );
}

function meaningOf(org: string, role: OrganizationRole, isSelf: boolean): string {
  if (role === "owner")
    return `Owners of ${org} administer every repository and team, decide who is in it, and can delete it. They could remove you, too.`;
  if (isSelf) return `You will no longer administer ${org}: only another owner can make you an owner again.`;
  return "They keep their teams, and what those and the base permission of members give them.";
}
