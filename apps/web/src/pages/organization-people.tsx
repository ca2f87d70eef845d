import { PersonIcon } from "@primer/octicons-react/PersonIcon";
import type { OrganizationRole } from "@guts/api";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi, useNavigate } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { useViewer } from "../account/session.ts";
import { peopleQuery } from "../api/organization-queries.ts";
import { Blankslate } from "../components/blankslate.tsx";
import { FilterForm } from "../components/filter-form.tsx";
import { Pagination } from "../components/pagination.tsx";
import { InviteMemberForm } from "../organization/invite-member-form.tsx";
import { MemberInvitations } from "../organization/member-invitations.tsx";
import { PersonRow } from "../organization/person-row.tsx";
import { useOrganization } from "../organization/use-organization.ts";
import { formatCount } from "../text/quantity.ts";

export const organizationPeopleRoute = createLazyRoute("/orgs/$org/people")({ component: PeoplePage });

const route = getRouteApi("/orgs/$org/people");

/** Who is in an organization, and as what. */
function PeoplePage(): ReactElement {
  const { organization, viewer } = useOrganization();
  const org = organization.handle;
  const { page = 1, query = "", role } = route.useSearch();
  const { data } = useSuspenseQuery(peopleQuery(org, { page, query, ...(role === undefined ? {} : { role }) }));
  const account = useViewer();
  const isNarrowed = query !== "" || role !== undefined;
  return (
    <div className="page stack loose">
      <title>{`People · ${org}`}</title>
      <div className="page-title">
        <h1>People</h1>
        <span className="muted">{formatCount(data.total, "person", "people")}</span>
      </div>
      {viewer.mayAdminister ? <InviteMemberForm org={org} /> : null}
      {viewer.mayAdminister ? <MemberInvitations org={org} /> : null}
      <section aria-label="Members">
        {data.total > 0 || isNarrowed ? (
          <FilterForm label="Find people" query={query}>
            {viewer.membership === null ? null : <RoleFilter role={role} />}
          </FilterForm>
        ) : null}
        <ul className="box">
          {data.people.map((person) => (
            <PersonRow
              key={person.handle}
              org={org}
              person={person}
              isSelf={person.handle === account?.handle}
              isLastOwner={viewer.membership?.isLastOwner === true}
              isInside={viewer.membership !== null}
              mayAdminister={viewer.mayAdminister}
            />
          ))}
          {data.people.length === 0 ? (
            <li>
              <NoPeople isNarrowed={isNarrowed} />
            </li>
          ) : null}
        </ul>
        <Pagination page={page} hasMore={data.hasMore} />
      </section>
    </div>
  );
}

function NoPeople({ isNarrowed }: { readonly isNarrowed: boolean }): ReactElement {
  return isNarrowed ? (
    <Blankslate icon={PersonIcon} title="Nobody matches">
      Look for another part of the name, or clear the field to see everybody.
    </Blankslate>
  ) : (
    <Blankslate icon={PersonIcon} title="Nobody to see">
      Members decide by themselves whether others see that they are. Members see each other.
    </Blankslate>
  );
}

function RoleFilter({ role }: { readonly role: OrganizationRole | undefined }): ReactElement {
  const navigate = useNavigate();
  return (
    <select
      className="select compact"
      aria-label="Show roles"
      value={role ?? "all"}
      onChange={(event) => {
        const { value } = event.target;
        const wanted = value === "owner" || value === "member" ? value : undefined;
        const search = (previous: object) => ({ ...previous, page: undefined, role: wanted });
        void navigate({ to: ".", search: search as never });
      }}
    >
      <option value="all">Everybody</option>
      <option value="owner">Owners</option>
      <option value="member">Members</option>
    </select>
  );
}
