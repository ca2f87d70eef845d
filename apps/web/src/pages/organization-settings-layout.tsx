import { LogIcon } from "@primer/octicons-react/LogIcon";
import { OrganizationIcon } from "@primer/octicons-react/OrganizationIcon";
import { PeopleIcon } from "@primer/octicons-react/PeopleIcon";
import { createLazyRoute, Link, Outlet } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { OrganizationTabs } from "../organization/organization-tabs.tsx";
import { useOrganization } from "../organization/use-organization.ts";
import { NotFoundPage } from "../shell/error-page.tsx";

export const organizationSettingsRoute = createLazyRoute("/organizations/$org/settings")({
  component: OrganizationSettingsLayout,
});

/** The frame of an organization's settings; absent for those who may not change them. */
function OrganizationSettingsLayout(): ReactElement {
  const view = useOrganization();
  if (!view.viewer.mayAdminister) return <NotFoundPage />;
  const params = { org: view.organization.handle };
  return (
    <>
      <OrganizationTabs view={view} />
      <div className="page">
        <div className="columns settings">
          <nav className="side-nav" aria-label="Organization settings">
            <Link to="/organizations/$org/settings/profile" params={params}>
              <OrganizationIcon /> Profile
            </Link>
            <Link to="/organizations/$org/settings/member_privileges" params={params}>
              <PeopleIcon /> Member privileges
            </Link>
            <Link to="/organizations/$org/settings/audit-log" params={params} activeOptions={{ includeSearch: false }}>
              <LogIcon /> Audit log
            </Link>
          </nav>
          <div className="stack loose">
            <Outlet />
          </div>
        </div>
      </div>
    </>
  );
}
