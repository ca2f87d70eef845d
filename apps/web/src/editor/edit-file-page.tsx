import type { BlobView } from "@guts/api";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi, useBlocker, useNavigate } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";

import { sourceQuery } from "../api/code-queries.ts";
import { blobQuery, treeQuery } from "../api/queries.ts";
import { Banner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { joinLocation } from "../paths/repository-path.ts";
import { useRepository, useRepositoryName } from "../repository/use-repository.ts";
import { lineEndsOf, withLineEnds, withLineFeeds } from "../text/line-ends.ts";
import { ChangesPreview } from "./changes-preview.tsx";
import { CommitForm } from "./commit-form.tsx";
import { SourceArea } from "./source-area.tsx";
import { useCommit, type CommitBase } from "./use-commit.ts";
import { WritableBranch } from "./writable-branch.tsx";

export const editFileRoute = createLazyRoute("/$owner/$repo/edit/$")({ component: EditFilePage });
export const newFileRoute = createLazyRoute("/$owner/$repo/new/$")({ component: NewFilePage });

const editRoute = getRouteApi("/$owner/$repo/edit/$");
const newRoute = getRouteApi("/$owner/$repo/new/$");

/** Changes a file, or its name. */
function EditFilePage(): ReactElement {
  const repository = useRepositoryName();
  const { _splat: splat = "" } = editRoute.useParams();
  const { data: blob } = useSuspenseQuery(blobQuery(repository, splat));
  return (
    <div className="page">
      <title>{`Editing ${blob.path} · ${repository.owner}/${repository.name}`}</title>
      <WritableBranch at={blob.ref}>
        <EditText blob={blob} />
      </WritableBranch>
    </div>
  );
}

function EditText({ blob }: { readonly blob: BlobView }): ReactElement {
  const source = useQuery(sourceQuery(blob.rawUrl, blob.id));
  if (blob.kind !== "text" && blob.kind !== "markdown")
    return <Banner tone="attention">This is no text that can be edited here. Change it in a clone and push it.</Banner>;
  if (source.isError) return <Banner tone="danger">The file could not be read. Reloading the page may help.</Banner>;
  if (source.data === undefined) return <SkeletonRows count={8} />;
  if (source.data === null)
    return (
      <Banner tone="attention">
        This file is not UTF-8, and saving it here would spoil it. Change it in a clone and push it.
      </Banner>
    );
  const base = { branch: blob.ref.name, head: blob.ref.commit };
  return <FileEditor base={base} path={blob.path} before={source.data} blobId={blob.id} />;
}

/** Makes a file. */
function NewFilePage(): ReactElement {
  const repository = useRepositoryName();
  const { repository: frame } = useRepository();
  const { _splat: splat = "" } = newRoute.useParams();
  const title = <title>{`New file · ${repository.owner}/${repository.name}`}</title>;
  const start = (directory: string): string => (directory === "" ? "" : `${directory}/`);
  if (frame.isEmpty)
    return (
      <div className="page">
        {title}
        <WritableBranch at={undefined}>
          <FileEditor base={{ branch: frame.defaultBranch, head: null }} path="" before={undefined} />
        </WritableBranch>
      </div>
    );
  return (
    <div className="page">
      {title}
      <NewFileAt splat={splat} start={start} />
    </div>
  );
}

function NewFileAt({ splat, start }: { readonly splat: string; readonly start: (at: string) => string }): ReactElement {
  const { data: tree } = useSuspenseQuery(treeQuery(useRepositoryName(), splat));
  const base = { branch: tree.ref.name, head: tree.ref.commit };
  return (
    <WritableBranch at={tree.ref}>
      <FileEditor base={base} path={start(tree.path)} before={undefined} />
    </WritableBranch>
  );
}

interface FileEditorProps {
  readonly base: CommitBase;
  readonly path: string;
  /** The text as it is; undefined for a new file. */
  readonly before: string | undefined;
  readonly blobId?: string;
}

function FileEditor({ base, path: oldPath, before, blobId }: FileEditorProps): ReactElement {
  const isNew = before === undefined;
  const original = withLineFeeds(before ?? "");
  const ends = lineEndsOf(before ?? "");
  const [draft, setDraft] = useState({ path: oldPath, text: original });
  const [view, setView] = useState<"text" | "preview">("text");
  const path = draft.path.trim();
  const isRenamed = !isNew && path !== oldPath;
  const isEdited = draft.text !== original;
  const isPathSound = path !== "" && !path.endsWith("/") && !path.startsWith("/");
  const commit = useCommitOf(path);
  const isChanged = isNew ? isPathSound : isEdited || isRenamed;
  useBlocker({
    shouldBlockFn: () => !window.confirm("Leave without committing? What you wrote here is lost."),
    enableBeforeUnload: () => isChanged && (isEdited || isRenamed),
    disabled: !(isEdited || isRenamed) || commit.isPending || commit.isSuccess,
  });
  const written =
    isRenamed && !isEdited && blobId !== undefined
      ? ({ action: "write", path, blob: blobId } as const)
      : ({ action: "write", path, text: withLineEnds(draft.text, ends) } as const);
  const files = isRenamed ? [{ action: "delete", path: oldPath } as const, written] : [written];
  return (
    <div className="stack">
      <h1 className="visually-hidden">{isNew ? "New file" : `Edit ${oldPath}`}</h1>
      {ends.isMixed ? (
        <Banner tone="attention">
          This file ends some lines with CRLF and some with LF. Saving makes them all{" "}
          {ends.end === "\n" ? "LF" : "CRLF"}.
        </Banner>
      ) : null}
      <div className="box code-box">
        <div className="box-header">
          <label className="grow row">
            <span className="visually-hidden">Path of the file</span>
            <input
              className="input code grow"
              placeholder="Name your file… with directories, as docs/guide.md"
              spellCheck={false}
              autoFocus={isNew}
              maxLength={4096}
              value={draft.path}
              onChange={(event) => setDraft({ ...draft, path: event.target.value })}
            />
          </label>
          <div className="button-group" role="group" aria-label="What to show">
            <Button small aria-pressed={view === "text"} onClick={() => setView("text")}>
              Edit
            </Button>
            <Button small aria-pressed={view === "preview"} onClick={() => setView("preview")}>
              Preview changes
            </Button>
          </div>
        </div>
        {view === "text" ? (
          <SourceArea
            label={`Contents of ${path === "" ? "the file" : path}`}
            value={draft.text}
            onChange={(text) => setDraft({ ...draft, text })}
          />
        ) : (
          <ChangesPreview before={original} after={draft.text} />
        )}
      </div>
      <CommitForm
        branch={base.branch}
        suggestion={`${isNew ? "Create" : isRenamed && !isEdited ? "Rename" : "Update"} ${path === "" ? "file" : path}`}
        isReady={isPathSound && isChanged}
        isBusy={commit.isPending}
        isFirst={base.head === null}
        error={commit.error}
        onCommit={(words) => commit.mutate({ base, words, files })}
      />
    </div>
  );
}

/** Commits, and shows the file where it is then. */
function useCommitOf(path: string) {
  const { owner, name } = useRepositoryName();
  const navigate = useNavigate();
  return useCommit(async ({ branch }) => {
    const params = { owner, repo: name, _splat: joinLocation(branch, path) };
    await navigate({ to: "/$owner/$repo/blob/$", params, ignoreBlocker: true });
  });
}
