import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { commitsQuery } from "../api/queries.ts";
import { Pagination } from "../components/pagination.tsx";
import { CommitList } from "../repository/commit-list.tsx";
import { LocationLink } from "../repository/links.tsx";
import { PathCrumbs } from "../repository/path-crumbs.tsx";
import { PinShortcut } from "../repository/pin-shortcut.tsx";
import { RefSwitcher } from "../repository/ref-switcher.tsx";
import { useRenamedBranch } from "../repository/use-renamed-branch.ts";
import { useRepositoryName } from "../repository/use-repository.ts";

export const commitsRoute = createLazyRoute("/$owner/$repo/commits/$")({ component: CommitsPage });

const route = getRouteApi("/$owner/$repo/commits/$");

/** History of a branch, tag or commit, or of one path in it. */
function CommitsPage(): ReactElement {
  const repository = useRepositoryName();
  const { _splat: splat = "" } = route.useParams();
  const { page = 1 } = route.useSearch();
  const { data } = useSuspenseQuery(commitsQuery(repository, splat, page));
  useRenamedBranch("commits", data);
  return (
    <div className="page">
      <title>{`Commits · ${repository.owner}/${repository.name}`}</title>
      <div className="page-title">
        <h1>Commits</h1>
      </div>
      <PinShortcut kind="commits" at={data.ref} path={data.path} />
      <div className="toolbar">
        <RefSwitcher current={data.ref} kind="commits" path={data.path} />
        {data.path === "" ? null : <PathCrumbs revision={data.ref.name} path={data.path} />}
      </div>
      <CommitList commits={data.commits} />
      {data.commits.length === 0 ? <p className="diff-note">No commit touches this path.</p> : null}
      {data.renamedFrom === null ? null : (
        <p className="diff-note">
          Renamed from <code>{data.renamedFrom.path}</code>.{" "}
          <LocationLink
            repository={repository}
            kind="commits"
            revision={data.renamedFrom.commit}
            path={data.renamedFrom.path}
          >
            Browse its history before that
          </LocationLink>
        </p>
      )}
      <Pagination page={page} hasMore={data.hasMore} />
    </div>
  );
}
