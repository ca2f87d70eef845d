import { GearIcon } from "@primer/octicons-react/GearIcon";
import { KeyIcon } from "@primer/octicons-react/KeyIcon";
import { MailIcon } from "@primer/octicons-react/MailIcon";
import { MoonIcon } from "@primer/octicons-react/MoonIcon";
import { OrganizationIcon } from "@primer/octicons-react/OrganizationIcon";
import { PersonIcon } from "@primer/octicons-react/PersonIcon";
import { PlusIcon } from "@primer/octicons-react/PlusIcon";
import { SignOutIcon } from "@primer/octicons-react/SignOutIcon";
import { SunIcon } from "@primer/octicons-react/SunIcon";
import { ToolsIcon } from "@primer/octicons-react/ToolsIcon";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import type { Account } from "@guts/api";

import { leaveSession } from "../account/session.ts";
import { api } from "../api/client.ts";
import { sessionQuery } from "../api/queries.ts";
import { explainFailure } from "../api/explain.ts";
import { Avatar } from "../components/avatar.tsx";
import { Popover } from "../components/popover.tsx";
import { useToasts } from "../components/toast.tsx";
import { isDarkNow, useTheme } from "./theme.ts";

/** What belongs to the person who is signed in. */
export function UserMenu({ viewer }: { readonly viewer: Account }): ReactElement {
  return (
    <Popover
      kind="menu"
      align="end"
      label="Your account"
      trigger={(props) => (
        <button type="button" className="avatar-button" aria-label={`Account menu of ${viewer.handle}`} {...props}>
          <Avatar handle={viewer.handle} path={viewer.avatarPath} size={28} />
        </button>
      )}
    >
      {(close) => <Items viewer={viewer} close={close} />}
    </Popover>
  );
}

function Items({ viewer, close }: { readonly viewer: Account; readonly close: () => void }): ReactElement {
  const [, setTheme] = useTheme();
  const signOut = useSignOut();
  const { data: session } = useQuery(sessionQuery);
  const item = { role: "menuitem", className: "menu-item", onClick: close, tabIndex: -1 } as const;
  return (
    <>
      <div className="menu-heading" role="presentation">
        Signed in as {viewer.handle}
      </div>
      <Link {...item} to="/$owner" params={{ owner: viewer.handle }}>
        <PersonIcon /> Your profile
      </Link>
      <Link {...item} to="/settings/organizations">
        <OrganizationIcon /> Your organizations
      </Link>
      <Link {...item} to="/new">
        <PlusIcon /> New repository
      </Link>
      <Link {...item} to="/invitations">
        <MailIcon /> Invitations
      </Link>
      <Link {...item} to="/settings/tokens">
        <KeyIcon /> Access tokens
      </Link>
      <Link {...item} to="/settings/profile">
        <GearIcon /> Settings
      </Link>
      {session?.isAdministrator === true ? (
        <Link {...item} to="/admin">
          <ToolsIcon /> Site admin
        </Link>
      ) : null}
      <div className="menu-separator" role="separator" />
      <button
        {...item}
        type="button"
        onClick={() => {
          setTheme(isDarkNow() ? "light" : "dark");
          close();
        }}
      >
        {isDarkNow() ? <SunIcon /> : <MoonIcon />} {isDarkNow() ? "Light theme" : "Dark theme"}
      </button>
      <button {...item} type="button" onClick={() => signOut.mutate()}>
        <SignOutIcon /> Sign out
      </button>
    </>
  );
}

function useSignOut() {
  const toasts = useToasts();
  return useMutation({
    mutationFn: () => api.call("POST /api/guts/signout", {}),
    onSuccess: leaveSession,
    onError: (error) => toasts.fail(explainFailure(error)),
  });
}
