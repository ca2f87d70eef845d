import type { OwnOrganizationInvitation } from "@guts/api";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { useViewer } from "../account/session.ts";
import { ownOrganizationsQuery } from "../api/organization-queries.ts";
import { Avatar } from "../components/avatar.tsx";
import { FailureBanner } from "../components/banner.tsx";
import { Button, buttonClass } from "../components/button.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { useOrganizationAnswer } from "../organization/use-organization-answer.ts";
import { useOrganizationName } from "../organization/use-organization.ts";

export const organizationInvitationRoute = createLazyRoute("/orgs/$org/invitation")({
  component: OrganizationInvitationPage,
});

/** One's invitation to an organization, at the address that GitHub gives it. */
function OrganizationInvitationPage(): ReactElement {
  const org = useOrganizationName();
  const { data } = useSuspenseQuery(ownOrganizationsQuery);
  const isThis = (handle: string): boolean => handle.toLowerCase() === org.toLowerCase();
  const invitation = data.invitations.find((one) => isThis(one.organization.handle));
  const isMember = data.memberships.some((one) => isThis(one.organization.handle));
  return (
    <div className="page narrow">
      <title>{`Invitation to ${org} · Guts`}</title>
      {invitation === undefined ? <NoInvitation org={org} isMember={isMember} /> : <Answer invitation={invitation} />}
    </div>
  );
}

function Answer({ invitation }: { readonly invitation: OwnOrganizationInvitation }): ReactElement {
  const { organization, role, inviter, expiresAt } = invitation;
  const org = organization.handle;
  const viewer = useViewer();
  const answer = useOrganizationAnswer(org);
  return (
    <div className="blankslate">
      <Avatar handle={org} size={72} square />
      <h1>
        {inviter} invites you to {organization.name ?? org}
      </h1>
      <p>
        {role === "owner"
          ? `As an owner you would decide everything about ${org}, together with its other owners.`
          : `As a member you would see ${org}’s teams and what they and its members may see.`}{" "}
        {viewer ? `You join as ${viewer.handle}.` : null} You can leave at any time.
      </p>
      <FailureBanner error={answer.error} />
      <div className="form-actions">
        <Button variant="primary" busy={answer.isPending} onClick={() => answer.mutate("accept")}>
          Join {org}
        </Button>
        <Button disabled={answer.isPending} onClick={() => answer.mutate("decline")}>
          Decline
        </Button>
      </div>
      <p className="small muted">
        Members see that you are one; others only if you show it. The invitation lapses{" "}
        <RelativeTime time={expiresAt} />.
      </p>
    </div>
  );
}

function NoInvitation({ org, isMember }: { readonly org: string; readonly isMember: boolean }): ReactElement {
  return (
    <div className="blankslate">
      <h1>{isMember ? `You are a member of ${org}` : "No open invitation"}</h1>
      <p>
        {isMember
          ? "There is nothing left to answer."
          : `You have no open invitation to ${org}: it was answered, cancelled, or has lapsed. An owner can send another.`}
      </p>
      <div className="form-actions">
        <Link to="/$owner" params={{ owner: org }} className={buttonClass({ variant: "primary" })}>
          Go to {org}
        </Link>
        <Link to="/settings/organizations" className={buttonClass()}>
          Your organizations
        </Link>
      </div>
    </div>
  );
}
