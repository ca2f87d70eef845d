import { PencilIcon } from "@primer/octicons-react/PencilIcon";
import { TrashIcon } from "@primer/octicons-react/TrashIcon";
import type { BlobView } from "@guts/api";
import { Link, useNavigate } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { buttonClass } from "../components/button.tsx";
import { useShortcuts } from "../keyboard/shortcuts.tsx";
import { joinLocation } from "../paths/repository-path.ts";
import { useRepository } from "./use-repository.ts";

/** Ways to change a file, for who may commit to its branch; `e` edits it. */
export function FileChanges({ blob }: { readonly blob: BlobView }): ReactElement | null {
  const { repository, viewer } = useRepository();
  const isWritable =
    viewer.canPush && !repository.isArchived && blob.ref.kind === "branch" && blob.kind !== "submodule";
  return isWritable ? <Buttons blob={blob} /> : null;
}

function Buttons({ blob }: { readonly blob: BlobView }): ReactElement {
  const { repository } = useRepository();
  const navigate = useNavigate();
  const params = { owner: repository.owner, repo: repository.name, _splat: joinLocation(blob.ref.name, blob.path) };
  const isText = blob.kind === "text" || blob.kind === "markdown";
  const edit = (): void => void navigate({ to: "/$owner/$repo/edit/$", params });
  useShortcuts(isText ? [{ keys: "e", label: "Edit this file", group: "Repository", run: edit }] : []);
  const look = buttonClass({ small: true, square: true });
  return (
    <>
      {isText ? (
        <Link
          to="/$owner/$repo/edit/$"
          params={params}
          className={look}
          aria-label="Edit this file"
          title="Edit this file"
        >
          <PencilIcon />
        </Link>
      ) : null}
      <Link
        to="/$owner/$repo/delete/$"
        params={params}
        className={look}
        aria-label="Delete this file"
        title="Delete this file"
      >
        <TrashIcon />
      </Link>
    </>
  );
}
