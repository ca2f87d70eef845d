import { GearIcon } from "@primer/octicons-react/GearIcon";
import { PeopleIcon } from "@primer/octicons-react/PeopleIcon";
import { PersonIcon } from "@primer/octicons-react/PersonIcon";
import { RepoIcon } from "@primer/octicons-react/RepoIcon";
import type { TeamView } from "@guts/api";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, Link, Outlet } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { teamQuery, type TeamName } from "../api/organization-queries.ts";
import { SecretLabel } from "../organization/team-row.tsx";
import { teamRoleNames } from "../organization/roles.ts";
import { useTeamName } from "../organization/use-organization.ts";
import { formatNumber } from "../text/quantity.ts";

export const teamRoute = createLazyRoute("/orgs/$org/teams/$team")({ component: TeamLayout });

/** What all pages of a team share: its name, what it is for, and its tabs. */
function TeamLayout(): ReactElement {
  const name = useTeamName();
  const { data } = useSuspenseQuery(teamQuery(name));
  return (
    <div className="page stack">
      <title>{`${data.team.name} · ${name.org}`}</title>
      <Heading view={data} org={name.org} />
      <TeamTabs view={data} name={name} />
      <Outlet />
    </div>
  );
}

function Heading({ view, org }: { readonly view: TeamView; readonly org: string }): ReactElement {
  const { team, parent } = view;
  return (
    <header className="stack tight">
      <nav className="crumbs" aria-label="Teams">
        <Link to="/orgs/$org/teams" params={{ org }}>
          Teams
        </Link>
        <span className="separator" aria-hidden="true">
          /
        </span>
        {parent === null ? null : (
          <>
            <Link to="/orgs/$org/teams/$team" params={{ org, team: parent.slug }}>
              {parent.name}
            </Link>
            <span className="separator" aria-hidden="true">
              /
            </span>
          </>
        )}
        <span className="muted truncate">{team.slug}</span>
      </nav>
      <div className="row wrap">
        <h1>{team.name}</h1>
        {team.isSecret ? <SecretLabel /> : null}
        {team.viewerRole === null ? null : <span className="label accent">{teamRoleNames[team.viewerRole]}</span>}
      </div>
      {team.description ? <p className="muted">{team.description}</p> : null}
    </header>
  );
}

function TeamTabs({ view, name }: { readonly view: TeamView; readonly name: TeamName }): ReactElement {
  const exact = { activeOptions: { exact: true }, className: "tab", params: { org: name.org, team: view.team.slug } };
  return (
    <nav className="tabs" aria-label="Team">
      <Link to="/orgs/$org/teams/$team" {...exact}>
        <PersonIcon /> Members <span className="counter">{formatNumber(view.team.memberCount)}</span>
      </Link>
      <Link to="/orgs/$org/teams/$team/repositories" {...exact}>
        <RepoIcon /> Repositories
      </Link>
      {view.team.isSecret || view.parent !== null ? null : (
        <Link to="/orgs/$org/teams/$team/teams" {...exact}>
          <PeopleIcon /> Teams inside <span className="counter">{formatNumber(view.children.length)}</span>
        </Link>
      )}
      {view.viewer.mayUpdate ? (
        <Link to="/orgs/$org/teams/$team/edit" {...exact}>
          <GearIcon /> Settings
        </Link>
      ) : null}
    </nav>
  );
}
