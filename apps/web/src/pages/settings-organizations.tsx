import { OrganizationIcon } from "@primer/octicons-react/OrganizationIcon";
import { PlusIcon } from "@primer/octicons-react/PlusIcon";
import type { OwnMembership, OwnOrganizationInvitation } from "@guts/api";
import { useQuery } from "@tanstack/react-query";
import { createLazyRoute, Link } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";

import { useViewer } from "../account/session.ts";
import { ownOrganizationsQuery } from "../api/organization-queries.ts";
import { Avatar } from "../components/avatar.tsx";
import { FailureBanner } from "../components/banner.tsx";
import { Blankslate } from "../components/blankslate.tsx";
import { Button, buttonClass } from "../components/button.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { LeaveDialog } from "../organization/membership-dialogs.tsx";
import { OrganizationInvitations } from "../organization/organization-invitations.tsx";
import { organizationRoleNames } from "../organization/roles.ts";
import { VisibilitySelect } from "../organization/visibility-select.tsx";

export const settingsOrganizationsRoute = createLazyRoute("/settings/organizations")({ component: OrganizationsPage });

/** The organizations that one is a member of. */
function OrganizationsPage(): ReactElement {
  const { data, error } = useQuery(ownOrganizationsQuery);
  return (
    <div className="stack">
      <title>Organizations · Settings · Guts</title>
      <div className="row apart wrap">
        <h1>Organizations</h1>
        <NewOrganizationLink />
      </div>
      <FailureBanner error={error} />
      {data === undefined ? <SkeletonRows count={3} /> : <Lists {...data} />}
    </div>
  );
}

interface ListsProps {
  readonly memberships: readonly OwnMembership[];
  readonly invitations: readonly OwnOrganizationInvitation[];
}

function Lists({ memberships, invitations }: ListsProps): ReactElement {
  return (
    <>
      <OrganizationInvitations invitations={invitations} />
      {memberships.length === 0 ? (
        <div className="box">
          <Blankslate icon={OrganizationIcon} title="You are in no organization" actions={<NewOrganizationLink />}>
            An organization owns repositories for several people. Make one, or let an owner of one invite you.
          </Blankslate>
        </div>
      ) : (
        <ul className="box" aria-label="Your organizations">
          {memberships.map((membership) => (
            <MembershipRow key={membership.organization.handle} membership={membership} />
          ))}
        </ul>
      )}
    </>
  );
}

function NewOrganizationLink(): ReactElement {
  return (
    <Link to="/account/organizations/new" className={buttonClass({ variant: "primary" })}>
      <PlusIcon /> New organization
    </Link>
  );
}

function MembershipRow({ membership }: { readonly membership: OwnMembership }): ReactElement {
  const { organization, role, isLastOwner } = membership;
  const org = organization.handle;
  const viewer = useViewer();
  const [isAsking, setIsAsking] = useState(false);
  return (
    <li className="box-row setting-row">
      <div className="row">
        <Avatar handle={org} size={36} square />
        <div className="grow">
          <div className="row wrap">
            <Link to="/$owner" params={{ owner: org }}>
              <strong>{organization.name ?? org}</strong>
            </Link>
            <span className="label">{organizationRoleNames[role]}</span>
          </div>
          <p className="small muted">{organization.name === null ? organization.description : org}</p>
          {isLastOwner ? (
            <p className="small muted">
              You are its only owner, so you cannot leave.{" "}
              <Link to="/orgs/$org/people" params={{ org }}>
                Make somebody else an owner
              </Link>{" "}
              first.
            </p>
          ) : null}
        </div>
      </div>
      <div className="row wrap">
        <VisibilitySelect org={org} isPublic={membership.isPublic} />
        {role === "owner" ? (
          <Link
            to="/organizations/$org/settings/profile"
            params={{ org }}
            className={buttonClass({ small: true })}
            aria-label={`Settings of ${org}`}
          >
            Settings
          </Link>
        ) : null}
        <Button
          small
          variant="danger"
          disabled={isLastOwner}
          aria-label={`Leave ${org}`}
          onClick={() => setIsAsking(true)}
        >
          Leave
        </Button>
      </div>
      {isAsking ? <LeaveDialog org={org} username={viewer?.handle ?? ""} onClose={() => setIsAsking(false)} /> : null}
    </li>
  );
}
