import { createRoute, redirect } from "@tanstack/react-router";

import { requireViewer } from "../account/session.ts";
import { administeredAccountQuery } from "../api/administration-queries.ts";
import { auditSearch } from "../audit/audit-search.ts";
import { root } from "./root-route.ts";
import { textIn } from "./search.ts";

/** Addresses of what administrators of the network see. Their layout is absent for everybody else. */
const administration = createRoute({
  getParentRoute: () => root,
  path: "/admin",
  beforeLoad: ({ context, location }) => requireViewer(context.cache, location).then(() => undefined),
}).lazy(() => import("../pages/admin-layout.tsx").then((page) => page.adminRoute));

const index = createRoute({
  getParentRoute: () => administration,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/admin/accounts", replace: true });
  },
});

const accounts = createRoute({
  getParentRoute: () => administration,
  path: "/accounts",
  validateSearch: (search: Record<string, unknown>): { query?: string; suspended?: true; since?: number } => {
    const query = textIn(search, "query");
    const since = Number(search["since"]);
    const isSuspended = search["suspended"] === true || search["suspended"] === "true";
    return {
      ...(query !== undefined && { query }),
      ...(isSuspended && { suspended: true }),
      ...(Number.isSafeInteger(since) && since > 0 && { since }),
    };
  },
}).lazy(() => import("../pages/admin-accounts.tsx").then((page) => page.adminAccountsRoute));

const account = createRoute({
  getParentRoute: () => administration,
  path: "/accounts/$handle",
  loader: ({ context, params }) => context.cache.ensureQueryData(administeredAccountQuery(params.handle)),
}).lazy(() => import("../pages/admin-account.tsx").then((page) => page.adminAccountRoute));

const invitations = createRoute({ getParentRoute: () => administration, path: "/invitations" }).lazy(() =>
  import("../pages/admin-invitations.tsx").then((page) => page.adminInvitationsRoute),
);

const registration = createRoute({ getParentRoute: () => administration, path: "/registration" }).lazy(() =>
  import("../pages/admin-registration.tsx").then((page) => page.adminRegistrationRoute),
);

const nodes = createRoute({ getParentRoute: () => administration, path: "/nodes" }).lazy(() =>
  import("../pages/admin-nodes.tsx").then((page) => page.adminNodesRoute),
);

const auditLog = createRoute({
  getParentRoute: () => administration,
  path: "/audit-log",
  validateSearch: auditSearch,
}).lazy(() => import("../pages/admin-audit-log.tsx").then((page) => page.adminAuditLogRoute));

/** Every address of the site's administration. */
export const administrationRoutes = [
  administration.addChildren([index, accounts, account, invitations, registration, nodes, auditLog]),
] as const;
