import { FileAddedIcon } from "@primer/octicons-react/FileAddedIcon";
import { FileDiffIcon } from "@primer/octicons-react/FileDiffIcon";
import { FileMovedIcon } from "@primer/octicons-react/FileMovedIcon";
import { FileRemovedIcon } from "@primer/octicons-react/FileRemovedIcon";
import type { DiffFile } from "@guts/api";
import { useMemo, useState, type ReactElement } from "react";

import { baseName } from "../paths/repository-path.ts";
import { DiffFileBox } from "./diff-file-box.tsx";
import { decideFolds } from "./diff-rows.ts";

/** From how many files on a filter stands above their list. */
const filterFrom = 8;

interface DiffFilesProps {
  readonly files: readonly DiffFile[];
  readonly commit: string;
  readonly parent: string | undefined;
}

/** Changed files: a list to find one by, and the diff of each. */
export function DiffFiles({ files, commit, parent }: DiffFilesProps): ReactElement {
  const folds = useMemo(() => decideFolds(files), [files]);
  if (files.length === 0) return <p className="diff-note">This commit changes no files.</p>;
  const boxes = files.map((file, index) => (
    <DiffFileBox
      key={file.path}
      id={`diff-${index + 1}`}
      file={file}
      fold={folds[index]}
      commit={commit}
      parent={parent}
    />
  ));
  if (files.length === 1) return <div>{boxes}</div>;
  return (
    <div className="diff-layout">
      <FileList files={files} />
      <div>{boxes}</div>
    </div>
  );
}

function FileList({ files }: { readonly files: readonly DiffFile[] }): ReactElement {
  const [filter, setFilter] = useState("");
  const wanted = filter.trim().toLowerCase();
  return (
    <nav className="box-list stack tight" aria-label="Changed files">
      {files.length < filterFrom ? null : (
        <input
          type="search"
          className="input"
          aria-label="Filter changed files"
          placeholder="Filter changed files…"
          value={filter}
          onChange={(event) => setFilter(event.target.value)}
        />
      )}
      <ul>
        {files.map((file, index) =>
          file.path.toLowerCase().includes(wanted) ? (
            <li key={file.path}>
              <a className="file-link" href={`#diff-${index + 1}`} title={file.path}>
                <StatusIcon status={file.status} />
                <span className="path">{baseName(file.path)}</span>
                <span className="muted">
                  +{file.additions} −{file.deletions}
                </span>
              </a>
            </li>
          ) : null,
        )}
      </ul>
    </nav>
  );
}

const statusIcons = {
  added: { icon: FileAddedIcon, label: "Added", className: "file-added" },
  copied: { icon: FileAddedIcon, label: "Copied", className: "file-added" },
  deleted: { icon: FileRemovedIcon, label: "Deleted", className: "file-removed" },
  renamed: { icon: FileMovedIcon, label: "Renamed", className: "file-renamed" },
  modified: { icon: FileDiffIcon, label: "Modified", className: "file-modified" },
  "type-changed": { icon: FileDiffIcon, label: "Type changed", className: "file-modified" },
} as const;

/** What happened to a file, by shape as well as by colour. */
export function StatusIcon({ status }: { readonly status: DiffFile["status"] }): ReactElement {
  const { icon: Icon, label, className } = statusIcons[status];
  return <Icon className={className} aria-label={label} />;
}
