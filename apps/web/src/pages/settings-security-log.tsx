import { createLazyRoute, getRouteApi } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { AuditLog } from "../audit/audit-log.tsx";

export const settingsSecurityLogRoute = createLazyRoute("/settings/security-log")({ component: SecurityLogPage });

const route = getRouteApi("/settings/security-log");

/** What was done by and to one's own account. */
function SecurityLogPage(): ReactElement {
  return (
    <>
      <title>Security log · Settings · Guts</title>
      <AuditLog log="own" search={route.useSearch()} title="Security log">
        What was done by your account and to it: sign-ins, keys, tokens, repositories, organizations. Something that you
        do not know? End that session or revoke that token, and change what it could reach.
      </AuditLog>
    </>
  );
}
