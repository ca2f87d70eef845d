import { FileDirectoryFillIcon } from "@primer/octicons-react/FileDirectoryFillIcon";
import { FileIcon } from "@primer/octicons-react/FileIcon";
import { FileSubmoduleIcon } from "@primer/octicons-react/FileSubmoduleIcon";
import { FileSymlinkFileIcon } from "@primer/octicons-react/FileSymlinkFileIcon";
import { useQuery } from "@tanstack/react-query";
import type { ReactElement } from "react";
import type { CommitSummary, TreeEntry, TreeView } from "@guts/api";

import { lastCommitsQuery } from "../api/queries.ts";
import { RelativeTime } from "../components/relative-time.tsx";
import { Skeleton } from "../components/skeleton.tsx";
import { parentPath } from "../paths/repository-path.ts";
import { CommitLink, LocationLink } from "./links.tsx";
import { useRepositoryName } from "./use-repository.ts";

/**
 * A directory. Rows have their final height from the first paint; the last commit of each entry, which may take git a
 * while to find, fills in when it is known.
 */
export function FileTable({ tree }: { readonly tree: TreeView }): ReactElement {
  const repository = useRepositoryName();
  const { data, isPending } = useQuery(lastCommitsQuery(repository, tree.ref.commit, tree.path));
  return (
    <table className="files">
      <caption className="visually-hidden">Files and the last commit of each</caption>
      <colgroup>
        <col className="name-column" />
        <col className="last-column" />
        <col className="when-column" />
      </colgroup>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">Name</th>
          <th scope="col">Last commit</th>
          <th scope="col">When</th>
        </tr>
      </thead>
      <tbody>
        {tree.path === "" ? null : <ParentRow tree={tree} />}
        {tree.entries.map((entry) => (
          <EntryRow
            key={entry.name}
            entry={entry}
            revision={tree.ref.name}
            commit={data?.commitByName[entry.name]}
            isPending={isPending}
          />
        ))}
      </tbody>
    </table>
  );
}

function ParentRow({ tree }: { readonly tree: TreeView }): ReactElement {
  return (
    <tr>
      <th scope="row" className="name" colSpan={3}>
        <LocationLink
          repository={useRepositoryName()}
          kind="tree"
          revision={tree.ref.name}
          path={parentPath(tree.path)}
          title="Parent directory"
        >
          <FileDirectoryFillIcon className="folder" />
          ..<span className="visually-hidden"> parent directory</span>
        </LocationLink>
      </th>
    </tr>
  );
}

interface EntryRowProps {
  readonly entry: TreeEntry;
  readonly revision: string;
  readonly commit: CommitSummary | undefined;
  readonly isPending: boolean;
}

function EntryRow({ entry, revision, commit, isPending }: EntryRowProps): ReactElement {
  const repository = useRepositoryName();
  return (
    <tr>
      <th scope="row" className="name">
        <EntryIcon kind={entry.kind} />
        <EntryName entry={entry} revision={revision} />
      </th>
      <td className="last">
        {commit === undefined ? (
          isPending ? (
            <Skeleton width="w-20" />
          ) : null
        ) : (
          <CommitLink repository={repository} commit={commit.id} title={commit.title}>
            {commit.title}
          </CommitLink>
        )}
      </td>
      <td className="when">{commit === undefined ? null : <RelativeTime time={commit.committer.date} />}</td>
    </tr>
  );
}

function EntryName({ entry, revision }: { readonly entry: TreeEntry; readonly revision: string }): ReactElement {
  const repository = useRepositoryName();
  if (entry.kind === "submodule") {
    return (
      <span title="Another repository, fixed at a commit">
        {entry.name} <span className="annotation mono">@ {entry.id.slice(0, 7)}</span>
      </span>
    );
  }
  const kind = entry.kind === "directory" ? "tree" : "blob";
  return (
    <>
      <LocationLink repository={repository} kind={kind} revision={revision} path={entry.path} title={entry.name}>
        {entry.name}
      </LocationLink>
      {entry.kind === "symlink" ? <span className="annotation">symbolic link</span> : null}
      {entry.kind === "executable" ? <span className="annotation">executable</span> : null}
    </>
  );
}

const entryIcons = {
  directory: { icon: FileDirectoryFillIcon, label: "Directory", className: "folder" },
  submodule: { icon: FileSubmoduleIcon, label: "Submodule", className: undefined },
  symlink: { icon: FileSymlinkFileIcon, label: "Symbolic link", className: undefined },
  file: { icon: FileIcon, label: "File", className: undefined },
  executable: { icon: FileIcon, label: "File", className: undefined },
} as const;

function EntryIcon({ kind }: { readonly kind: TreeEntry["kind"] }): ReactElement {
  const { icon: Icon, label, className } = entryIcons[kind];
  return <Icon aria-label={label} {...(className === undefined ? {} : { className })} />;
}
