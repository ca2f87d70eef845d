import { FileAddedIcon } from "@primer/octicons-react/FileAddedIcon";
import { PlusIcon } from "@primer/octicons-react/PlusIcon";
import { TriangleDownIcon } from "@primer/octicons-react/TriangleDownIcon";
import { UploadIcon } from "@primer/octicons-react/UploadIcon";
import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import type { ResolvedRef } from "@guts/api";

import { Button } from "../components/button.tsx";
import { Popover } from "../components/popover.tsx";
import { joinLocation } from "../paths/repository-path.ts";
import { useRepository } from "./use-repository.ts";

interface AddFileMenuProps {
  readonly at: ResolvedRef;
  readonly path: string;
}

/** Makes or uploads files in a directory of a branch, for who may commit there. */
export function AddFileMenu({ at, path }: AddFileMenuProps): ReactElement | null {
  const { repository, viewer } = useRepository();
  if (!viewer.canPush || repository.isArchived || at.kind !== "branch") return null;
  const params = { owner: repository.owner, repo: repository.name, _splat: joinLocation(at.name, path) };
  return (
    <Popover
      kind="menu"
      label="Add a file"
      align="end"
      trigger={(trigger) => (
        <Button {...trigger}>
          <PlusIcon /> Add file <TriangleDownIcon className="caret" />
        </Button>
      )}
    >
      {(close) => (
        <>
          <Link to="/$owner/$repo/new/$" params={params} role="menuitem" className="menu-item" onClick={close}>
            <FileAddedIcon /> Create new file
          </Link>
          <Link to="/$owner/$repo/upload/$" params={params} role="menuitem" className="menu-item" onClick={close}>
            <UploadIcon /> Upload files
          </Link>
        </>
      )}
    </Popover>
  );
}
