import type { ReactElement } from "react";

import { InviteByHandle } from "../components/invite-by-handle.tsx";
import { useMembershipChange } from "./use-membership-change.ts";

const choices = [
  { value: "member", label: "Member: sees it, joins teams" },
  { value: "owner", label: "Owner: decides everything" },
] as const;

/** Invites an account into the organization by its handle. */
export function InviteMemberForm({ org }: { readonly org: string }): ReactElement {
  const invite = useMembershipChange(({ username }) => `Invited ${username}`);
  return (
    <InviteByHandle
      label="Invite somebody"
      roles={choices}
      initialRole="member"
      error={invite.error}
      busy={invite.isPending}
      onInvite={(username, role, onInvited) => invite.mutate({ org, username, role }, { onSuccess: onInvited })}
    >
      They find the invitation when they sign in, and become a member once they accept. It lapses after a week.
    </InviteByHandle>
  );
}
