import { GearIcon } from "@primer/octicons-react/GearIcon";
import { PeopleIcon } from "@primer/octicons-react/PeopleIcon";
import { PersonIcon } from "@primer/octicons-react/PersonIcon";
import { RepoIcon } from "@primer/octicons-react/RepoIcon";
import type { OrganizationView } from "@guts/api";
import { Link, useNavigate, useRouterState } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { useShortcuts, type Shortcut } from "../keyboard/shortcuts.tsx";
import { formatNumber } from "../text/quantity.ts";

/** The tabs that all pages of an organization share. */
export function OrganizationTabs({ view }: { readonly view: OrganizationView }): ReactElement {
  const org = view.organization.handle;
  const path = useRouterState({ select: (state) => state.location.pathname });
  useOrganizationShortcuts(org, view.teamCount !== null);
  const isPeople = path.includes("/people");
  const isTeams = /\/(teams|new-team)/.test(path);
  const isSettings = path.startsWith("/organizations/");
  const current = (is: boolean) => ({
    activeOptions: { exact: true },
    ...(is ? { "aria-current": "page" as const } : {}),
  });
  return (
    <nav className="app-header" aria-label="Organization">
      <div className="tabs repo-tabs">
        <Link to="/$owner" params={{ owner: org }} className="tab" {...current(!isPeople && !isTeams && !isSettings)}>
          <RepoIcon /> Repositories
        </Link>
        <Link to="/orgs/$org/people" params={{ org }} className="tab" {...current(isPeople)}>
          <PersonIcon /> People <span className="counter">{formatNumber(view.peopleCount)}</span>
        </Link>
        {view.teamCount === null ? null : (
          <Link to="/orgs/$org/teams" params={{ org }} className="tab" {...current(isTeams)}>
            <PeopleIcon /> Teams <span className="counter">{formatNumber(view.teamCount)}</span>
          </Link>
        )}
        {view.viewer.mayAdminister ? (
          <Link to="/organizations/$org/settings/profile" params={{ org }} className="tab" {...current(isSettings)}>
            <GearIcon /> Settings
          </Link>
        ) : null}
      </div>
    </nav>
  );
}

function useOrganizationShortcuts(org: string, hasTeams: boolean): void {
  const navigate = useNavigate();
  const people: Shortcut = {
    keys: "g p",
    label: "Go to the people",
    group: "Organization",
    run: () => void navigate({ to: "/orgs/$org/people", params: { org } }),
  };
  const teams: Shortcut = {
    keys: "g t",
    label: "Go to the teams",
    group: "Organization",
    run: () => void navigate({ to: "/orgs/$org/teams", params: { org } }),
  };
  useShortcuts(hasTeams ? [people, teams] : [people]);
}
