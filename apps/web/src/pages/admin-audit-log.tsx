import { createLazyRoute, getRouteApi } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { AuditLog } from "../audit/audit-log.tsx";

export const adminAuditLogRoute = createLazyRoute("/admin/audit-log")({ component: AdminAuditLogPage });

const route = getRouteApi("/admin/audit-log");

/** What concerns everybody on the network. */
function AdminAuditLogPage(): ReactElement {
  return (
    <>
      <title>Audit log · Site admin · Guts</title>
      <AuditLog log="network" search={route.useSearch()} title="Audit log">
        What concerns the whole network: accounts that come and go, nodes, invitations, suspensions, budgets. What
        administrators decide stands here with their names and reasons.
      </AuditLog>
    </>
  );
}
