import { MailIcon } from "@primer/octicons-react/MailIcon";
import type { RepositoryInvitation } from "@guts/api";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { TransferOffers } from "../account/transfer-offers.tsx";
import { useInvitationAnswer } from "../account/use-invitation-answer.ts";
import { ownOrganizationsQuery } from "../api/organization-queries.ts";
import { ownInvitationsQuery, ownTransfersQuery } from "../api/queries.ts";
import { Avatar } from "../components/avatar.tsx";
import { Blankslate } from "../components/blankslate.tsx";
import { Button } from "../components/button.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { OrganizationInvitations } from "../organization/organization-invitations.tsx";
import { roleName } from "../repository/roles.ts";

export const invitationsRoute = createLazyRoute("/invitations")({ component: InvitationsPage });

/** Organizations and repositories that others have invited one to, or offer to hand over. */
function InvitationsPage(): ReactElement {
  const { data: invitations } = useSuspenseQuery(ownInvitationsQuery);
  const { data: offers } = useSuspenseQuery(ownTransfersQuery);
  const { data: organizations } = useSuspenseQuery(ownOrganizationsQuery);
  return (
    <div className="page narrow stack loose">
      <title>Invitations · Guts</title>
      <div className="page-title">
        <h1>Invitations</h1>
      </div>
      <OrganizationInvitations invitations={organizations.invitations} />
      <TransferOffers offers={offers} />
      {invitations.length === 0 && organizations.invitations.length === 0 ? (
        <div className="box">
          <Blankslate icon={MailIcon} title="No invitations">
            When somebody invites you to a repository or an organization, you find it here.
          </Blankslate>
        </div>
      ) : null}
      {invitations.length === 0 ? null : (
        <ul className="box">
          {invitations.map((invitation) => (
            <InvitationRow key={invitation.id} invitation={invitation} />
          ))}
        </ul>
      )}
    </div>
  );
}

function InvitationRow({ invitation }: { readonly invitation: RepositoryInvitation }): ReactElement {
  const answer = useInvitationAnswer(invitation);
  return (
    <li className="box-row row apart wrap">
      <div className="row wrap">
        <Avatar handle={invitation.inviter.login} size={28} />
        <div>
          <p>
            <strong>{invitation.inviter.login}</strong> invites you to{" "}
            <strong>{invitation.repository.full_name}</strong>
          </p>
          <p className="muted small">
            {roleName(invitation.permissions)}, <RelativeTime time={invitation.created_at} />
          </p>
        </div>
      </div>
      <div className="form-actions">
        <Button variant="primary" busy={answer.isPending} onClick={() => answer.mutate("accept")}>
          Accept
        </Button>
        <Button disabled={answer.isPending} onClick={() => answer.mutate("decline")}>
          Decline
        </Button>
      </div>
    </li>
  );
}
