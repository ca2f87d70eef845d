import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { treeQuery } from "../api/queries.ts";
import { Banner } from "../components/banner.tsx";
import { AddFileMenu } from "../repository/add-file-menu.tsx";
import { CloneBox } from "../repository/clone-box.tsx";
import { FileTable } from "../repository/file-table.tsx";
import { LatestCommit } from "../repository/latest-commit.tsx";
import { PathCrumbs } from "../repository/path-crumbs.tsx";
import { PinShortcut } from "../repository/pin-shortcut.tsx";
import { Readme } from "../repository/readme.tsx";
import { RefSwitcher } from "../repository/ref-switcher.tsx";
import { useRenamedBranch } from "../repository/use-renamed-branch.ts";
import { useRepositoryName } from "../repository/use-repository.ts";

export const treeRoute = createLazyRoute("/$owner/$repo/tree/$")({ component: TreePage });

const route = getRouteApi("/$owner/$repo/tree/$");

/** A directory at a branch, tag or commit. */
function TreePage(): ReactElement {
  const repository = useRepositoryName();
  const { _splat: splat = "" } = route.useParams();
  const { data: tree } = useSuspenseQuery(treeQuery(repository, splat));
  useRenamedBranch("tree", tree);
  return (
    <div className="page">
      <title>{`${tree.path === "" ? tree.ref.name : tree.path} · ${repository.owner}/${repository.name}`}</title>
      <h1 className="visually-hidden">
        {tree.path === "" ? repository.name : tree.path} at {tree.ref.name}
      </h1>
      <PinShortcut kind="tree" at={tree.ref} path={tree.path} />
      <div className="toolbar">
        <RefSwitcher current={tree.ref} kind="tree" path={tree.path} />
        <PathCrumbs revision={tree.ref.name} path={tree.path} />
        <div className="grow" />
        <AddFileMenu at={tree.ref} path={tree.path} />
        {tree.path === "" ? <CloneBox at={tree.ref} /> : null}
      </div>
      <div className="stack">
        {tree.isTruncated ? (
          <Banner tone="attention">This directory has more entries than are listed here. A clone has them all.</Banner>
        ) : null}
        <div className="box">
          <div className="box-header">
            <LatestCommit commit={tree.latestCommit} at={tree.ref} path={tree.path} />
          </div>
          <FileTable tree={tree} />
        </div>
        {tree.readme === null ? null : <Readme path={tree.readme.path} html={tree.readme.html} />}
      </div>
    </div>
  );
}
