import { DeviceDesktopIcon } from "@primer/octicons-react/DeviceDesktopIcon";
import { KeyIcon } from "@primer/octicons-react/KeyIcon";
import { OrganizationIcon } from "@primer/octicons-react/OrganizationIcon";
import { PaintbrushIcon } from "@primer/octicons-react/PaintbrushIcon";
import { PasskeyFillIcon } from "@primer/octicons-react/PasskeyFillIcon";
import { PersonIcon } from "@primer/octicons-react/PersonIcon";
import { ShieldLockIcon } from "@primer/octicons-react/ShieldLockIcon";
import { createLazyRoute, Link, Outlet } from "@tanstack/react-router";
import type { ReactElement } from "react";

export const settingsRoute = createLazyRoute("/settings")({ component: SettingsLayout });

const pages = [
  { to: "/settings/profile", label: "Profile", icon: PersonIcon },
  { to: "/settings/appearance", label: "Appearance", icon: PaintbrushIcon },
  { to: "/settings/organizations", label: "Organizations", icon: OrganizationIcon },
  { to: "/settings/passkeys", label: "Passkeys", icon: PasskeyFillIcon },
  { to: "/settings/tokens", label: "Access tokens", icon: KeyIcon },
  { to: "/settings/sessions", label: "Sessions", icon: DeviceDesktopIcon },
  { to: "/settings/keys", label: "Keys and nodes", icon: ShieldLockIcon },
] as const;

/** The frame of one's own settings. */
function SettingsLayout(): ReactElement {
  return (
    <div className="page">
      <div className="columns settings">
        <nav className="side-nav" aria-label="Settings">
          {pages.map(({ to, label, icon: Icon }) => (
            <Link key={to} to={to}>
              <Icon /> {label}
            </Link>
          ))}
        </nav>
        <div>
          <Outlet />
        </div>
      </div>
    </div>
  );
}
