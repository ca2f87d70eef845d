import { GearIcon } from "@primer/octicons-react/GearIcon";
import { KeyIcon } from "@primer/octicons-react/KeyIcon";
import { PeopleIcon } from "@primer/octicons-react/PeopleIcon";
import { ShieldLockIcon } from "@primer/octicons-react/ShieldLockIcon";
import { Link } from "@tanstack/react-router";
import type { ReactElement, ReactNode } from "react";

import { NotFoundPage } from "../shell/error-page.tsx";
import { useRepository } from "./use-repository.ts";

/** The frame of a repository's settings; absent for those who may not change them. */
export function RepositorySettingsFrame({
  title,
  children,
}: {
  readonly title: string;
  readonly children: ReactNode;
}): ReactElement {
  const { repository, viewer } = useRepository();
  if (!viewer.canAdminister) return <NotFoundPage />;
  const params = { owner: repository.owner, repo: repository.name };
  return (
    <div className="page">
      <title>{`${title} · ${repository.owner}/${repository.name}`}</title>
      <div className="columns settings">
        <nav className="side-nav" aria-label="Repository settings">
          <Link to="/$owner/$repo/settings" params={params} activeOptions={{ exact: true }}>
            <GearIcon /> General
          </Link>
          <Link to="/$owner/$repo/settings/access" params={params}>
            <PeopleIcon /> Access
          </Link>
          <Link to="/$owner/$repo/settings/branches" params={params}>
            <ShieldLockIcon /> Protection
          </Link>
          <Link to="/$owner/$repo/settings/keys" params={params}>
            <KeyIcon /> Deploy keys
          </Link>
        </nav>
        <div className="stack loose">{children}</div>
      </div>
    </div>
  );
}
