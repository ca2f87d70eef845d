import { ArrowLeftIcon } from "@primer/octicons-react/ArrowLeftIcon";
import type { CompareView } from "@guts/api";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { compareQuery } from "../api/code-queries.ts";
import { Banner } from "../components/banner.tsx";
import { buttonClass } from "../components/button.tsx";
import { encodePath } from "../paths/repository-path.ts";
import { ChooseRange } from "../repository/choose-range.tsx";
import { CommitList } from "../repository/commit-list.tsx";
import { DiffFiles } from "../repository/diff-files.tsx";
import { useRepositoryName } from "../repository/use-repository.ts";
import { formatCount, formatNumber } from "../text/quantity.ts";

export const compareRoute = createLazyRoute("/$owner/$repo/compare/$")({ component: ComparePage });

const route = getRouteApi("/$owner/$repo/compare/$");

/** What one branch, tag or commit has that another has not. */
function ComparePage(): ReactElement {
  const repository = useRepositoryName();
  const { _splat: range = "" } = route.useParams();
  const { data: view } = useSuspenseQuery(compareQuery(repository, range));
  return (
    <div className="page">
      <title>{`Comparing ${view.base.name}…${view.head.name} · ${repository.owner}/${repository.name}`}</title>
      <div className="page-title">
        <h1>Compare changes</h1>
      </div>
      <div className="toolbar">
        <ChooseRange side="base" base={view.base} head={view.head} />
        <ArrowLeftIcon aria-label="receives from" />
        <ChooseRange side="compare" base={view.base} head={view.head} />
        <div className="grow" />
        <TextLinks range={range} />
      </div>
      <Standing view={view} />
      {view.aheadBy > view.commits.length ? (
        <Banner tone="attention">
          The newest {formatNumber(view.commits.length)} of {formatCount(view.aheadBy, "commit")} are listed.
        </Banner>
      ) : null}
      <CommitList commits={view.commits} />
      {view.files.length === 0 ? null : <Files view={view} />}
    </div>
  );
}

function Files({ view }: { readonly view: CompareView }): ReactElement {
  return (
    <>
      <div className="diff-summary">
        <strong>{formatCount(view.files.length, "file")} changed</strong>
        <span>
          <span className="added">+{formatNumber(view.additions)}</span>{" "}
          <span className="removed">−{formatNumber(view.deletions)}</span>
          <span className="visually-hidden"> lines added and removed</span>
        </span>
        {view.isDirect ? <span className="muted">the two as they are</span> : null}
      </div>
      {view.isTruncated ? (
        <Banner tone="attention">More is changed than is shown here. A clone has all of it.</Banner>
      ) : null}
      <DiffFiles
        files={view.files}
        commit={view.head.commit}
        parent={view.isDirect ? view.base.commit : view.mergeBase}
      />
    </>
  );
}

/** How far the two are apart, in a sentence. */
function Standing({ view }: { readonly view: CompareView }): ReactElement {
  const { base, head, aheadBy, behindBy } = view;
  if (aheadBy === 0 && behindBy === 0)
    return (
      <p className="diff-note">
        {base.name} and {head.name} are the same commit.
      </p>
    );
  if (aheadBy === 0)
    return (
      <p className="diff-note">
        {base.name} has everything that {head.name} has, and {formatCount(behindBy, "commit")} more.
      </p>
    );
  return (
    <p className="page-lead">
      {head.name} has {formatCount(aheadBy, "commit")} that {base.name} has not
      {behindBy === 0 ? "" : `, and lacks ${formatNumber(behindBy)}`}.
    </p>
  );
}

function TextLinks({ range }: { readonly range: string }): ReactElement {
  const { owner, name } = useRepositoryName();
  const path = `/${owner}/${name}/compare/${encodePath(range)}`;
  return (
    <div className="button-group" role="group" aria-label="The changes as text">
      <a href={`${path}.diff`} className={buttonClass({ small: true })}>
        Diff
      </a>
      <a href={`${path}.patch`} className={buttonClass({ small: true })}>
        Patch
      </a>
    </div>
  );
}
