import { DeviceDesktopIcon } from "@primer/octicons-react/DeviceDesktopIcon";
import { KeyIcon } from "@primer/octicons-react/KeyIcon";
import { LogIcon } from "@primer/octicons-react/LogIcon";
import { MeterIcon } from "@primer/octicons-react/MeterIcon";
import { MailIcon } from "@primer/octicons-react/MailIcon";
import { OrganizationIcon } from "@primer/octicons-react/OrganizationIcon";
import { PaintbrushIcon } from "@primer/octicons-react/PaintbrushIcon";
import { PasskeyFillIcon } from "@primer/octicons-react/PasskeyFillIcon";
import { PersonIcon } from "@primer/octicons-react/PersonIcon";
import { ShieldLockIcon } from "@primer/octicons-react/ShieldLockIcon";
import { useQuery } from "@tanstack/react-query";
import { TerminalIcon } from "@primer/octicons-react/TerminalIcon";
import { createLazyRoute, Link, Outlet } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { sessionQuery } from "../api/queries.ts";
import { Banner } from "../components/banner.tsx";

export const settingsRoute = createLazyRoute("/settings")({ component: SettingsLayout });

const pages = [
  { to: "/settings/profile", label: "Profile", icon: PersonIcon },
  { to: "/settings/emails", label: "Emails", icon: MailIcon },
  { to: "/settings/appearance", label: "Appearance", icon: PaintbrushIcon },
  { to: "/settings/organizations", label: "Organizations", icon: OrganizationIcon },
  { to: "/settings/passkeys", label: "Passkeys", icon: PasskeyFillIcon },
  { to: "/settings/tokens", label: "Access tokens", icon: KeyIcon },
  { to: "/settings/ssh-keys", label: "SSH and GPG keys", icon: TerminalIcon },
  { to: "/settings/sessions", label: "Sessions", icon: DeviceDesktopIcon },
  { to: "/settings/keys", label: "Keys and nodes", icon: ShieldLockIcon },
  { to: "/settings/security-log", label: "Security log", icon: LogIcon },
  { to: "/settings/limits", label: "Limits", icon: MeterIcon },
] as const;

/** The frame of one's own settings. */
function SettingsLayout(): ReactElement {
  const { data: session } = useQuery(sessionQuery);
  return (
    <div className="page">
      <div className="columns settings">
        <nav className="side-nav" aria-label="Settings">
          {pages.map(({ to, label, icon: Icon }) => (
            <Link key={to} to={to} activeOptions={{ includeSearch: false }}>
              <Icon /> {label}
            </Link>
          ))}
        </nav>
        <div className="stack">
          {session?.isVisit === true ? (
            <Banner tone="accent">
              You are visiting this node with the consent of your home node. Passkeys, tokens, keys and other sessions
              are changed there.
            </Banner>
          ) : null}
          <Outlet />
        </div>
      </div>
    </div>
  );
}
