import { ArchiveIcon } from "@primer/octicons-react/ArchiveIcon";
import { CodeIcon } from "@primer/octicons-react/CodeIcon";
import { GearIcon } from "@primer/octicons-react/GearIcon";
import { GitBranchIcon } from "@primer/octicons-react/GitBranchIcon";
import { HistoryIcon } from "@primer/octicons-react/HistoryIcon";
import { TagIcon } from "@primer/octicons-react/TagIcon";
import { createLazyRoute, Link, Outlet, useMatchRoute, useNavigate } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { useShortcuts } from "../keyboard/shortcuts.tsx";
import { useRepository, useRepositoryName } from "../repository/use-repository.ts";
import { formatNumber } from "../text/quantity.ts";

export const repositoryRoute = createLazyRoute("/$owner/$repo")({ component: RepositoryLayout });

/** Tabs and notices that all pages of a repository share. */
function RepositoryLayout(): ReactElement {
  const { repository } = useRepository();
  const params = { owner: repository.owner, repo: repository.name };
  const navigate = useNavigate();
  useShortcuts([
    {
      keys: "g c",
      label: "Go to the code",
      group: "Repository",
      run: () => void navigate({ to: "/$owner/$repo", params }),
    },
    {
      keys: "g b",
      label: "Go to the branches",
      group: "Repository",
      run: () => void navigate({ to: "/$owner/$repo/branches", params }),
    },
  ]);
  return (
    <>
      <RepositoryTabs />
      {repository.isArchived ? (
        <div className="archived-notice">
          <ArchiveIcon /> This repository is archived: it can be read and cloned, and takes no more changes.
        </div>
      ) : null}
      <Outlet />
    </>
  );
}

function RepositoryTabs(): ReactElement {
  const view = useRepository();
  const { owner, name } = useRepositoryName();
  const params = { owner, repo: name };
  const matchRoute = useMatchRoute();
  const isAt = (...routes: readonly ("commits" | "commit" | "branches" | "tags" | "settings")[]): boolean =>
    routes.some(
      (part) => matchRoute({ to: `/$owner/$repo/${part}` as "/$owner/$repo/branches", fuzzy: true }) !== false,
    );
  // A tab stays current on the pages below it, which the router's own notion of an active link does not know.
  const current = (is: boolean) => ({
    activeOptions: { exact: true },
    ...(is ? { "aria-current": "page" as const } : {}),
  });
  const isElsewhere = isAt("commits", "commit", "branches", "tags", "settings");
  return (
    <nav className="app-header" aria-label="Repository">
      <div className="tabs repo-tabs">
        <Link to="/$owner/$repo" params={params} className="tab" {...current(!isElsewhere)}>
          <CodeIcon /> Code
        </Link>
        {view.repository.isEmpty ? null : (
          <Link
            to="/$owner/$repo/commits/$"
            params={{ ...params, _splat: view.repository.defaultBranch }}
            className="tab"
            {...current(isAt("commits", "commit"))}
          >
            <HistoryIcon /> Commits
          </Link>
        )}
        <Link to="/$owner/$repo/branches" params={params} className="tab" {...current(isAt("branches"))}>
          <GitBranchIcon /> Branches <span className="counter">{formatNumber(view.branchCount)}</span>
        </Link>
        <Link to="/$owner/$repo/tags" params={params} className="tab" {...current(isAt("tags"))}>
          <TagIcon /> Tags <span className="counter">{formatNumber(view.tagCount)}</span>
        </Link>
        {view.viewer.canAdminister ? (
          <Link to="/$owner/$repo/settings" params={params} className="tab" {...current(isAt("settings"))}>
            <GearIcon /> Settings
          </Link>
        ) : null}
      </div>
    </nav>
  );
}
