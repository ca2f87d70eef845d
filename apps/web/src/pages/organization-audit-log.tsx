import { createLazyRoute, getRouteApi } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { AuditLog } from "../audit/audit-log.tsx";
import { useOrganization } from "../organization/use-organization.ts";

export const organizationAuditLogRoute = createLazyRoute("/organizations/$org/settings/audit-log")({
  component: OrganizationAuditLogPage,
});

const route = getRouteApi("/organizations/$org/settings/audit-log");

/** What was decided in an organization and about its repositories. */
function OrganizationAuditLogPage(): ReactElement {
  const { handle } = useOrganization().organization;
  return (
    <>
      <title>{`Audit log · Settings · ${handle}`}</title>
      <AuditLog log={{ org: handle }} search={route.useSearch()} title="Audit log">
        What was decided in {handle} and about its repositories: people, teams, roles, protection, keys. Only owners see
        it.
      </AuditLog>
    </>
  );
}
