import type { OwnOrganizationInvitation } from "@guts/api";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { explainFailure } from "../api/explain.ts";
import { Avatar } from "../components/avatar.tsx";
import { Button } from "../components/button.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { useToasts } from "../components/toast.tsx";
import { organizationRoleNames } from "./roles.ts";
import { useOrganizationAnswer } from "./use-organization-answer.ts";

interface OrganizationInvitationsProps {
  readonly invitations: readonly OwnOrganizationInvitation[];
}

/** One's invitations to organizations, each to be accepted or declined; nothing when there are none. */
export function OrganizationInvitations({ invitations }: OrganizationInvitationsProps): ReactElement | null {
  if (invitations.length === 0) return null;
  return (
    <ul className="box" aria-label="Invitations to organizations">
      {invitations.map((invitation) => (
        <InvitationRow key={invitation.organization.handle} invitation={invitation} />
      ))}
    </ul>
  );
}

function InvitationRow({ invitation }: { readonly invitation: OwnOrganizationInvitation }): ReactElement {
  const { organization, role, inviter, expiresAt } = invitation;
  const org = organization.handle;
  const answer = useOrganizationAnswer(org);
  const toasts = useToasts();
  const failure = { onError: (error: unknown) => toasts.fail(explainFailure(error)) };
  return (
    <li className="box-row setting-row">
      <div className="row wrap">
        <Avatar handle={org} size={28} square />
        <div>
          <p>
            <strong>{inviter}</strong> invites you to{" "}
            <Link to="/orgs/$org/invitation" params={{ org }}>
              {organization.name ?? org}
            </Link>
          </p>
          <p className="muted small">
            {organizationRoleNames[role]}, lapses <RelativeTime time={expiresAt} />
          </p>
        </div>
      </div>
      <div className="form-actions">
        <Button variant="primary" busy={answer.isPending} onClick={() => answer.mutate("accept", failure)}>
          Join
        </Button>
        <Button disabled={answer.isPending} onClick={() => answer.mutate("decline", failure)}>
          Decline
        </Button>
      </div>
    </li>
  );
}
