import { assertNever } from "@guts/primitives";
import { Link } from "@tanstack/react-router";
import type { ReactElement, ReactNode } from "react";

import type { RepositoryName } from "../api/queries.ts";
import { joinLocation } from "../paths/repository-path.ts";

interface LinkLook {
  readonly className?: string | undefined;
  readonly title?: string | undefined;
  readonly children: ReactNode;
}

interface RepositoryLinkProps extends LinkLook {
  readonly repository: RepositoryName;
}

/** To a repository's home. */
export function RepositoryLink({ repository, ...look }: RepositoryLinkProps): ReactElement {
  return <Link to="/$owner/$repo" params={{ owner: repository.owner, repo: repository.name }} {...look} />;
}

interface LocationLinkProps extends RepositoryLinkProps {
  readonly kind: "tree" | "blob" | "commits";
  readonly revision: string;
  readonly path?: string;
}

/** To a directory, a file or a history at a branch, tag or commit. */
export function LocationLink({ repository, kind, revision, path = "", ...look }: LocationLinkProps): ReactElement {
  const params = { owner: repository.owner, repo: repository.name, _splat: joinLocation(revision, path) };
  switch (kind) {
    case "tree":
      return <Link to="/$owner/$repo/tree/$" params={params} {...look} />;
    case "blob":
      return <Link to="/$owner/$repo/blob/$" params={params} {...look} />;
    case "commits":
      return <Link to="/$owner/$repo/commits/$" params={params} {...look} />;
    default:
      return assertNever(kind);
  }
}

interface CommitLinkProps extends RepositoryLinkProps {
  readonly commit: string;
}

/** To a commit with its diff. */
export function CommitLink({ repository, commit, ...look }: CommitLinkProps): ReactElement {
  return (
    <Link
      to="/$owner/$repo/commit/$sha"
      params={{ owner: repository.owner, repo: repository.name, sha: commit }}
      {...look}
    />
  );
}
