import { PersonIcon } from "@primer/octicons-react/PersonIcon";
import type { TeamMembersView } from "@guts/api";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi, Link } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";

import { useViewer } from "../account/session.ts";
import { teamMembersQuery, teamQuery } from "../api/organization-queries.ts";
import { Avatar } from "../components/avatar.tsx";
import { Blankslate } from "../components/blankslate.tsx";
import { Button } from "../components/button.tsx";
import { FilterForm } from "../components/filter-form.tsx";
import { Pagination } from "../components/pagination.tsx";
import { AddTeamMemberForm } from "../organization/add-team-member-form.tsx";
import { teamRoleNames } from "../organization/roles.ts";
import { useFailureToast, useTeamMemberChange } from "../organization/use-team-changes.ts";
import { useTeamName } from "../organization/use-organization.ts";
import { ConfirmDialog } from "../settings/confirm-dialog.tsx";

export const teamMembersRoute = createLazyRoute("/orgs/$org/teams/$team/")({ component: TeamMembersPage });

const route = getRouteApi("/orgs/$org/teams/$team/");

/** Who is in a team. */
function TeamMembersPage(): ReactElement {
  const name = useTeamName();
  const { page = 1, query = "" } = route.useSearch();
  const { data: frame } = useSuspenseQuery(teamQuery(name));
  const { data } = useSuspenseQuery(teamMembersQuery(name, { page, query }));
  const { mayUpdate } = frame.viewer;
  return (
    <section className="stack" aria-label="Members">
      {mayUpdate ? <AddTeamMemberForm name={name} /> : null}
      {frame.team.memberCount > 5 || query !== "" ? <FilterForm label="Find members" query={query} /> : null}
      <div className="box">
        {data.members.length === 0 ? (
          <NoMembers query={query} mayUpdate={mayUpdate} />
        ) : (
          <ul aria-label="Members">
            {data.members.map((member) => (
              <MemberRow key={member.handle} member={member} mayUpdate={mayUpdate} />
            ))}
          </ul>
        )}
      </div>
      <Pagination page={page} hasMore={data.hasMore} />
    </section>
  );
}

function NoMembers({ query, mayUpdate }: { readonly query: string; readonly mayUpdate: boolean }): ReactElement {
  if (query !== "") return <Blankslate icon={PersonIcon} title={`No member matches “${query}”`} />;
  return (
    <Blankslate icon={PersonIcon} title="Nobody is in this team yet">
      {mayUpdate
        ? "Add members of the organization above. Each then has every role that the team has."
        : "Its maintainers and the organization’s owners add members."}
    </Blankslate>
  );
}

interface MemberRowProps {
  readonly member: TeamMembersView["members"][number];
  readonly mayUpdate: boolean;
}

function MemberRow({ member, mayUpdate }: MemberRowProps): ReactElement {
  const { handle, role, isOwner } = member;
  const name = useTeamName();
  const isSelf = useViewer()?.handle === handle;
  const [isAsking, setIsAsking] = useState(false);
  const change = useTeamMemberChange(name, () => `Changed the role of ${handle}`);
  const failure = useFailureToast();
  return (
    <li className="box-row setting-row">
      <div className="row">
        <Avatar handle={handle} size={36} />
        <div>
          <div className="row wrap">
            <Link to="/$owner" params={{ owner: handle }}>
              <strong>{handle}</strong>
            </Link>
            {isOwner ? <span className="label">Owner of {name.org}</span> : null}
          </div>
          {member.name === null ? null : <p className="small muted">{member.name}</p>}
        </div>
      </div>
      <div className="row">
        {mayUpdate && !isOwner ? (
          <select
            className="select compact"
            aria-label={`Role of ${handle} in the team`}
            disabled={change.isPending}
            value={role}
            onChange={(event) => {
              const wanted = event.target.value === "maintainer" ? "maintainer" : "member";
              change.mutate({ username: handle, role: wanted }, failure);
            }}
          >
            <option value="maintainer">Maintainer</option>
            <option value="member">Member</option>
          </select>
        ) : (
          <span className="label">{teamRoleNames[role]}</span>
        )}
        {mayUpdate || isSelf ? (
          <Button
            small
            variant="danger"
            aria-label={isSelf ? "Leave the team" : `Remove ${handle} from the team`}
            onClick={() => setIsAsking(true)}
          >
            {isSelf ? "Leave" : "Remove"}
          </Button>
        ) : null}
      </div>
      {isAsking ? <RemoveDialog handle={handle} isSelf={isSelf} onClose={() => setIsAsking(false)} /> : null}
    </li>
  );
}

interface RemoveDialogProps {
  readonly handle: string;
  readonly isSelf: boolean;
  readonly onClose: () => void;
}

function RemoveDialog({ handle, isSelf, onClose }: RemoveDialogProps): ReactElement {
  const name = useTeamName();
  const remove = useTeamMemberChange(name, () => (isSelf ? "You left the team" : `Removed ${handle} from the team`));
  return (
    <ConfirmDialog
      title={isSelf ? "Leave this team?" : `Remove ${handle} from this team?`}
      action={isSelf ? "Leave team" : "Remove from team"}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate({ username: handle }, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>
        {isSelf ? "You stay" : "They stay"} a member of {name.org}, without the roles that this team has on
        repositories, unless something else gives them.
      </p>
    </ConfirmDialog>
  );
}
