import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi, useNavigate } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { blobQuery } from "../api/queries.ts";
import { Banner } from "../components/banner.tsx";
import { BlobContent } from "../repository/blob-content.tsx";
import { PathCrumbs } from "../repository/path-crumbs.tsx";
import { useRepositoryName } from "../repository/use-repository.ts";
import { CommitForm } from "./commit-form.tsx";
import { useCommit } from "./use-commit.ts";
import { WritableBranch } from "./writable-branch.tsx";

export const deleteFileRoute = createLazyRoute("/$owner/$repo/delete/$")({ component: DeleteFilePage });

const route = getRouteApi("/$owner/$repo/delete/$");

/** Takes a file away, after showing what is lost. */
function DeleteFilePage(): ReactElement {
  const repository = useRepositoryName();
  const { _splat: splat = "" } = route.useParams();
  const { data: blob } = useSuspenseQuery(blobQuery(repository, splat));
  const navigate = useNavigate();
  const commit = useCommit(async ({ branch }) => {
    const params = { owner: repository.owner, repo: repository.name };
    // Git has no empty directories, so the file's may be gone with it.
    await navigate({ to: "/$owner/$repo/tree/$", params: { ...params, _splat: branch } });
  });
  const base = { branch: blob.ref.name, head: blob.ref.commit };
  return (
    <div className="page">
      <title>{`Deleting ${blob.path} · ${repository.owner}/${repository.name}`}</title>
      <h1 className="visually-hidden">Delete {blob.path}</h1>
      <div className="toolbar">
        <PathCrumbs revision={blob.ref.name} path={blob.path} />
      </div>
      <WritableBranch at={blob.ref}>
        <div className="stack">
          <Banner tone="attention">This deletes {blob.path} from the branch. Earlier commits keep it.</Banner>
          <CommitForm
            branch={base.branch}
            suggestion={`Delete ${blob.path}`}
            isReady
            isDanger
            isBusy={commit.isPending}
            error={commit.error}
            onCommit={(words) => commit.mutate({ base, words, files: [{ action: "delete", path: blob.path }] })}
          />
          <div className="box code-box">
            <BlobContent blob={blob} isPlain />
          </div>
        </div>
      </WritableBranch>
    </div>
  );
}
