import { DownloadIcon } from "@primer/octicons-react/DownloadIcon";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi, Link, useRouterState } from "@tanstack/react-router";
import type { ReactElement } from "react";
import type { BlobView } from "@guts/api";

import { blobQuery } from "../api/queries.ts";
import { Button, buttonClass } from "../components/button.tsx";
import { parseLineRange } from "../paths/line-range.ts";
import { baseName, joinLocation } from "../paths/repository-path.ts";
import { BlobContent } from "../repository/blob-content.tsx";
import { CopyContents } from "../repository/copy-contents.tsx";
import { FileChanges } from "../repository/file-changes.tsx";
import { LatestCommit } from "../repository/latest-commit.tsx";
import { LocationLink } from "../repository/links.tsx";
import { PathCrumbs } from "../repository/path-crumbs.tsx";
import { PinShortcut } from "../repository/pin-shortcut.tsx";
import { RefSwitcher } from "../repository/ref-switcher.tsx";
import { useRenamedBranch } from "../repository/use-renamed-branch.ts";
import { useRepositoryName } from "../repository/use-repository.ts";
import { formatBytes, formatCount } from "../text/quantity.ts";

export const blobRoute = createLazyRoute("/$owner/$repo/blob/$")({ component: BlobPage });

const route = getRouteApi("/$owner/$repo/blob/$");

/** A file at a branch, tag or commit. */
function BlobPage(): ReactElement {
  const repository = useRepositoryName();
  const { _splat: splat = "" } = route.useParams();
  const { data: blob } = useSuspenseQuery(blobQuery(repository, splat));
  useRenamedBranch("blob", blob);
  const isPlain = useIsPlain(blob);
  return (
    <div className="page">
      <title>{`${baseName(blob.path)} · ${repository.owner}/${repository.name}`}</title>
      <h1 className="visually-hidden">
        {blob.path} at {blob.ref.name}
      </h1>
      <PinShortcut kind="blob" at={blob.ref} path={blob.path} />
      <div className="toolbar">
        <RefSwitcher current={blob.ref} kind="blob" path={blob.path} />
        <PathCrumbs revision={blob.ref.name} path={blob.path} />
      </div>
      <div className="stack">
        <div className="box">
          <div className="box-header">
            <LatestCommit commit={blob.latestCommit} at={blob.ref} path={blob.path} />
          </div>
        </div>
        <div className="box code-box">
          <div className="box-header">
            {blob.kind === "markdown" ? <PreviewSwitch isPlain={isPlain} /> : null}
            <Facts blob={blob} />
            <div className="grow" />
            <FileActions blob={blob} />
          </div>
          <BlobContent blob={blob} isPlain={isPlain} />
        </div>
      </div>
    </div>
  );
}

/** Whether to show the source: asked for in the address, or by a link to lines, or because nothing else exists. */
function useIsPlain(blob: BlobView): boolean {
  const hash = useRouterState({ select: (state) => state.location.hash });
  const search = route.useSearch();
  return blob.html === null || search.plain === 1 || parseLineRange(hash) !== undefined;
}

function Facts({ blob }: { readonly blob: BlobView }): ReactElement {
  const facts = [blob.lines === null ? undefined : formatCount(blob.lines.length, "line"), formatBytes(blob.sizeBytes)];
  return <span className="muted small">{facts.filter(Boolean).join(" · ")}</span>;
}

function FileActions({ blob }: { readonly blob: BlobView }): ReactElement {
  const small = buttonClass({ small: true });
  const repository = useRepositoryName();
  return (
    <div className="button-group">
      <a href={blob.rawUrl} className={small}>
        Raw
      </a>
      {blob.kind === "text" || blob.kind === "markdown" ? <BlameLink blob={blob} /> : null}
      <LocationLink repository={repository} kind="commits" revision={blob.ref.name} path={blob.path} className={small}>
        History
      </LocationLink>
      {blob.kind === "text" || blob.kind === "markdown" ? <CopyContents rawUrl={blob.rawUrl} /> : null}
      <a
        href={blob.rawUrl}
        download={baseName(blob.path)}
        className={buttonClass({ small: true, square: true })}
        aria-label="Download file"
        title="Download file"
      >
        <DownloadIcon />
      </a>
      <FileChanges blob={blob} />
    </div>
  );
}

function BlameLink({ blob }: { readonly blob: BlobView }): ReactElement {
  const { owner, name } = useRepositoryName();
  const params = { owner, repo: name, _splat: joinLocation(blob.ref.name, blob.path) };
  return (
    <Link to="/$owner/$repo/blame/$" params={params} className={buttonClass({ small: true })}>
      Blame
    </Link>
  );
}

function PreviewSwitch({ isPlain }: { readonly isPlain: boolean }): ReactElement {
  const navigate = route.useNavigate();
  const show = (plain: boolean): void => {
    void navigate({ search: plain ? { plain: 1 } : {}, hash: "", replace: true, resetScroll: false });
  };
  return (
    <div className="button-group" role="group" aria-label="How to show this file">
      <Button small aria-pressed={!isPlain} onClick={() => show(false)}>
        Preview
      </Button>
      <Button small aria-pressed={isPlain} onClick={() => show(true)}>
        Code
      </Button>
    </div>
  );
}
