import { BookIcon } from "@primer/octicons-react/BookIcon";
import { GitBranchIcon } from "@primer/octicons-react/GitBranchIcon";
import { LinkIcon } from "@primer/octicons-react/LinkIcon";
import { TagIcon } from "@primer/octicons-react/TagIcon";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, Link } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { treeQuery } from "../api/queries.ts";
import { VisibilityLabel, ArchivedLabel } from "../repository/repository-list.tsx";
import { AddFileMenu } from "../repository/add-file-menu.tsx";
import { CloneBox } from "../repository/clone-box.tsx";
import { EmptyRepository } from "../repository/empty-repository.tsx";
import { FileTable } from "../repository/file-table.tsx";
import { LatestCommit } from "../repository/latest-commit.tsx";
import { Readme } from "../repository/readme.tsx";
import { RefSwitcher } from "../repository/ref-switcher.tsx";
import { StandingButtons } from "../repository/standing-buttons.tsx";
import { TopicList } from "../repository/topic-list.tsx";
import { useRepository, useRepositoryName } from "../repository/use-repository.ts";
import { formatCount } from "../text/quantity.ts";

export const repositoryHomeRoute = createLazyRoute("/$owner/$repo/")({ component: RepositoryHome });

/** A repository's front page: files, README, and what it is about. */
function RepositoryHome(): ReactElement {
  const { repository } = useRepository();
  return (
    <div className="page">
      <title>{`${repository.owner}/${repository.name}${repository.description ? `: ${repository.description}` : ""} · Guts`}</title>
      <div className="page-title repo-heading">
        <h1>{repository.name}</h1>
        <VisibilityLabel isPrivate={repository.isPrivate} />
        {repository.isArchived ? <ArchivedLabel /> : null}
        <div className="grow" />
        <StandingButtons />
      </div>
      {repository.parent === null ? null : (
        <p className="muted small">
          Forked from{" "}
          <Link to="/$owner/$repo" params={{ owner: repository.parent.owner, repo: repository.parent.name }}>
            {repository.parent.owner}/{repository.parent.name}
          </Link>
        </p>
      )}
      <div className="columns">
        {repository.isEmpty ? <EmptyRepository /> : <DefaultBranch />}
        <About />
      </div>
    </div>
  );
}

function DefaultBranch(): ReactElement {
  const { repository } = useRepository();
  const { data: tree } = useSuspenseQuery(treeQuery(useRepositoryName(), repository.defaultBranch));
  return (
    <div className="stack">
      <div className="toolbar">
        <RefSwitcher current={tree.ref} kind="tree" path="" />
        <div className="grow" />
        <AddFileMenu at={tree.ref} path="" />
        <CloneBox at={tree.ref} />
      </div>
      <div className="box">
        <div className="box-header">
          <LatestCommit commit={tree.latestCommit} at={tree.ref} path="" />
        </div>
        <FileTable tree={tree} />
      </div>
      {tree.readme === null ? null : <Readme path={tree.readme.path} html={tree.readme.html} />}
    </div>
  );
}

function About(): ReactElement {
  const { repository, branchCount, tagCount } = useRepository();
  const params = { owner: repository.owner, repo: repository.name };
  return (
    <aside className="about" aria-label="About this repository">
      <h2>About</h2>
      {repository.description ? <p>{repository.description}</p> : <p className="muted">No description.</p>}
      <TopicList topics={repository.topics} />
      <ul className="facts">
        {repository.homepage ? (
          <li>
            <LinkIcon />
            <a href={repository.homepage} rel="nofollow noreferrer" className="truncate">
              {repository.homepage}
            </a>
          </li>
        ) : null}
        <li>
          <GitBranchIcon />
          <Link to="/$owner/$repo/branches" params={params}>
            {formatCount(branchCount, "branch", "branches")}
          </Link>
        </li>
        <li>
          <TagIcon />
          <Link to="/$owner/$repo/tags" params={params}>
            {formatCount(tagCount, "tag")}
          </Link>
        </li>
        {repository.objectFormat === "sha256" ? (
          <li>
            <BookIcon /> Objects are named by SHA-256
          </li>
        ) : null}
      </ul>
    </aside>
  );
}
