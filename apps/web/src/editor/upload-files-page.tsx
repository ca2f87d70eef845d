import { FileIcon } from "@primer/octicons-react/FileIcon";
import { UploadIcon } from "@primer/octicons-react/UploadIcon";
import { XIcon } from "@primer/octicons-react/XIcon";
import type { CommittedFile } from "@guts/api";
import { committedFilesMax, fileBytesMax } from "@guts/api/limits";
import { useMutation, useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi, useNavigate } from "@tanstack/react-router";
import { useRef, useState, type DragEvent, type ReactElement } from "react";

import { api } from "../api/client.ts";
import { treeQuery } from "../api/queries.ts";
import { Banner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { classNames } from "../components/class-names.ts";
import { joinLocation } from "../paths/repository-path.ts";
import { PathCrumbs } from "../repository/path-crumbs.tsx";
import { useRepositoryName } from "../repository/use-repository.ts";
import { formatBytes, formatCount } from "../text/quantity.ts";
import { CommitForm } from "./commit-form.tsx";
import { filesOfDrop, type ChosenFile } from "./dropped-files.ts";
import { useCommit, type CommitWords } from "./use-commit.ts";
import { WritableBranch } from "./writable-branch.tsx";

export const uploadFilesRoute = createLazyRoute("/$owner/$repo/upload/$")({ component: UploadFilesPage });

const route = getRouteApi("/$owner/$repo/upload/$");

/** Takes files from the device and commits them together. */
function UploadFilesPage(): ReactElement {
  const repository = useRepositoryName();
  const { _splat: splat = "" } = route.useParams();
  const { data: tree } = useSuspenseQuery(treeQuery(repository, splat));
  const [files, setFiles] = useState<readonly ChosenFile[]>([]);
  const upload = useUpload(tree.path);
  const tooLarge = files.filter(({ file }) => file.size > fileBytesMax);
  const isTooMany = files.length > committedFilesMax;
  const add = (added: readonly ChosenFile[]): void => {
    const paths = new Set(added.map(({ path }) => path));
    setFiles([...files.filter(({ path }) => !paths.has(path)), ...added]);
  };
  const base = { branch: tree.ref.name, head: tree.ref.commit };
  return (
    <div className="page">
      <title>{`Upload files · ${repository.owner}/${repository.name}`}</title>
      <h1 className="visually-hidden">Upload files</h1>
      <div className="toolbar">
        <PathCrumbs revision={tree.ref.name} path={tree.path} />
      </div>
      <WritableBranch at={tree.ref}>
        <div className="stack">
          <DropZone onFiles={add} />
          {isTooMany ? (
            <Banner tone="danger">
              One commit takes {formatCount(committedFilesMax, "file")}. Push more with git.
            </Banner>
          ) : null}
          {tooLarge.length > 0 ? (
            <Banner tone="danger">
              {tooLarge.map(({ path }) => path).join(", ")}: larger than {formatBytes(fileBytesMax)}. Push such files
              with git.
            </Banner>
          ) : null}
          {files.length === 0 ? null : (
            <ChosenFiles files={files} onRemove={(gone) => setFiles(files.filter(({ path }) => path !== gone))} />
          )}
          <CommitForm
            branch={base.branch}
            suggestion="Add files via upload"
            isReady={files.length > 0 && tooLarge.length === 0 && !isTooMany}
            isBusy={upload.isPending}
            error={upload.error}
            onCommit={(words) => upload.mutate({ base, words, files })}
          />
        </div>
      </WritableBranch>
    </div>
  );
}

interface Upload {
  readonly base: { readonly branch: string; readonly head: string };
  readonly words: CommitWords;
  readonly files: readonly ChosenFile[];
}

/** Sends one file after the other, so that the memory of a large one is free before the next, then commits all of them. */
function useUpload(directory: string) {
  const repository = useRepositoryName();
  const navigate = useNavigate();
  const commit = useCommit(async ({ branch }) => {
    const params = { owner: repository.owner, repo: repository.name, _splat: joinLocation(branch, directory) };
    await navigate({ to: "/$owner/$repo/tree/$", params });
  });
  return useMutation({
    mutationFn: async ({ base, words, files }: Upload) => {
      const committed: CommittedFile[] = [];
      for (const { path, file } of files) {
        const { sha } = await api.call("POST /api/v3/repos/{owner}/{repo}/git/blobs", {
          path: { owner: repository.owner, repo: repository.name },
          body: { content: await readBase64(file), encoding: "base64" },
        });
        committed.push({ action: "write", path: directory === "" ? path : `${directory}/${path}`, blob: sha });
      }
      return commit.mutateAsync({ base, words, files: committed });
    },
  });
}

function readBase64(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener("load", () => resolve((reader.result as string).replace(/^[^,]*,/, "")));
    reader.addEventListener("error", () => reject(new TypeError(`${file.name} could not be read`)));
    reader.readAsDataURL(file);
  });
}

function DropZone({ onFiles }: { readonly onFiles: (files: readonly ChosenFile[]) => void }): ReactElement {
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setIsOver] = useState(false);
  const onDrop = async (event: DragEvent): Promise<void> => {
    event.preventDefault();
    setIsOver(false);
    onFiles(await filesOfDrop(event.dataTransfer));
  };
  return (
    <div
      className={classNames("box drop-zone", isOver && "over")}
      onDragOver={(event) => {
        event.preventDefault();
        setIsOver(true);
      }}
      onDragLeave={() => setIsOver(false)}
      onDrop={(event) => void onDrop(event)}
    >
      <UploadIcon size={24} />
      <p>Drag files and folders here to add them, or</p>
      <Button onClick={() => input.current?.click()}>Choose your files</Button>
      <input
        ref={input}
        type="file"
        multiple
        className="visually-hidden"
        aria-label="Files to upload"
        tabIndex={-1}
        onChange={(event) => {
          onFiles(Array.from(event.target.files ?? [], (file) => ({ path: file.name, file })));
          event.target.value = "";
        }}
      />
    </div>
  );
}

interface ChosenFilesProps {
  readonly files: readonly ChosenFile[];
  readonly onRemove: (path: string) => void;
}

function ChosenFiles({ files, onRemove }: ChosenFilesProps): ReactElement {
  return (
    <ul className="box" aria-label="Files to be committed">
      {files.map(({ path, file }) => (
        <li key={path} className="box-row row">
          <FileIcon />
          <span className="path grow truncate">{path}</span>
          <span className="muted small">{formatBytes(file.size)}</span>
          <Button variant="invisible" small square aria-label={`Leave ${path} out`} onClick={() => onRemove(path)}>
            <XIcon />
          </Button>
        </li>
      ))}
    </ul>
  );
}
