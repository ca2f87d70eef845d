import { createLazyRoute, Outlet } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { OrganizationTabs } from "../organization/organization-tabs.tsx";
import { useOrganization } from "../organization/use-organization.ts";

export const organizationRoute = createLazyRoute("/orgs/$org")({ component: OrganizationLayout });

/** What all pages of an organization share. */
function OrganizationLayout(): ReactElement {
  return (
    <>
      <OrganizationTabs view={useOrganization()} />
      <Outlet />
    </>
  );
}
