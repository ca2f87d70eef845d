import { LogIcon } from "@primer/octicons-react/LogIcon";
import { MailIcon } from "@primer/octicons-react/MailIcon";
import { PeopleIcon } from "@primer/octicons-react/PeopleIcon";
import { PersonAddIcon } from "@primer/octicons-react/PersonAddIcon";
import { ServerIcon } from "@primer/octicons-react/ServerIcon";
import { useQuery } from "@tanstack/react-query";
import { createLazyRoute, Link, Outlet } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { sessionQuery } from "../api/queries.ts";
import { NotFoundPage } from "../shell/error-page.tsx";

export const adminRoute = createLazyRoute("/admin")({ component: AdminLayout });

const pages = [
  { to: "/admin/accounts", label: "Accounts", icon: PeopleIcon },
  { to: "/admin/invitations", label: "Invitations", icon: MailIcon },
  { to: "/admin/registration", label: "Registration", icon: PersonAddIcon },
  { to: "/admin/nodes", label: "Nodes", icon: ServerIcon },
  { to: "/admin/audit-log", label: "Audit log", icon: LogIcon },
] as const;

/** The frame of the network's administration; absent for everybody but its administrators. */
function AdminLayout(): ReactElement {
  const { data: session } = useQuery(sessionQuery);
  if (session?.isAdministrator !== true) return <NotFoundPage />;
  return (
    <div className="page">
      <div className="columns settings">
        <nav className="side-nav" aria-label="Site admin">
          {pages.map(({ to, label, icon: Icon }) => (
            <Link key={to} to={to} activeOptions={{ includeSearch: false }}>
              <Icon /> {label}
            </Link>
          ))}
        </nav>
        <div className="stack">
          <Outlet />
        </div>
      </div>
    </div>
  );
}
