import { PeopleIcon } from "@primer/octicons-react/PeopleIcon";
import { PlusIcon } from "@primer/octicons-react/PlusIcon";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi, Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { teamsQuery } from "../api/organization-queries.ts";
import { Blankslate } from "../components/blankslate.tsx";
import { buttonClass } from "../components/button.tsx";
import { FilterForm } from "../components/filter-form.tsx";
import { Pagination } from "../components/pagination.tsx";
import { TeamLine } from "../organization/team-row.tsx";
import { useOrganization } from "../organization/use-organization.ts";
import { formatCount } from "../text/quantity.ts";

export const organizationTeamsRoute = createLazyRoute("/orgs/$org/teams")({ component: TeamsPage });

const route = getRouteApi("/orgs/$org/teams");

/** The teams of an organization, each with the teams inside it. */
function TeamsPage(): ReactElement {
  const { organization, viewer } = useOrganization();
  const org = organization.handle;
  const { page = 1, query = "" } = route.useSearch();
  const { data } = useSuspenseQuery(teamsQuery(org, { page, query }));
  const isEmpty = data.teams.length === 0;
  return (
    <div className="page">
      <title>{`Teams · ${org}`}</title>
      <div className="page-title row apart">
        <div className="row">
          <h1>Teams</h1>
          <span className="muted">{formatCount(data.total, "team")}</span>
        </div>
        {viewer.mayCreateTeam && !(isEmpty && query === "") ? <NewTeamLink org={org} /> : null}
      </div>
      {isEmpty && query === "" ? null : <FilterForm label="Find teams" query={query} />}
      <div className="box">
        {isEmpty ? (
          <NoTeams org={org} query={query} mayCreate={viewer.mayCreateTeam} />
        ) : (
          <ul aria-label="Teams">
            {data.teams.map((team) => (
              <li key={team.id} className="box-row stack tight">
                <TeamLine org={org} team={team} />
                {team.children.length === 0 ? null : (
                  <ul className="tree" aria-label={`Teams in ${team.name}`}>
                    {team.children.map((child) => (
                      <li key={child.id}>
                        <TeamLine org={org} team={child} />
                      </li>
                    ))}
                  </ul>
                )}
              </li>
            ))}
          </ul>
        )}
      </div>
      <Pagination page={page} hasMore={data.hasMore} />
    </div>
  );
}

function NewTeamLink({ org }: { readonly org: string }): ReactElement {
  return (
    <Link to="/orgs/$org/new-team" params={{ org }} className={buttonClass({ variant: "primary" })}>
      <PlusIcon /> New team
    </Link>
  );
}

interface NoTeamsProps {
  readonly org: string;
  readonly query: string;
  readonly mayCreate: boolean;
}

function NoTeams({ org, query, mayCreate }: NoTeamsProps): ReactElement {
  if (query !== "")
    return (
      <Blankslate icon={PeopleIcon} title={`No team matches “${query}”`}>
        Look for another part of its name, or clear the field to see all.
      </Blankslate>
    );
  return (
    <Blankslate
      icon={PeopleIcon}
      title="Put people who work together into a team"
      actions={mayCreate ? <NewTeamLink org={org} /> : undefined}
    >
      A team gets a role on a repository once, and everybody in it has that role. A team inside another has what the
      other has, and more.
    </Blankslate>
  );
}
