import type { ResolvedRef } from "@guts/api";
import type { ReactElement, ReactNode } from "react";

import { Banner } from "../components/banner.tsx";
import { useRepository } from "../repository/use-repository.ts";

interface WritableBranchProps {
  /** Where the viewer is; undefined in a repository without commits. */
  readonly at: ResolvedRef | undefined;
  readonly children: ReactNode;
}

/** Shows an editor to who may commit here, and others why not. */
export function WritableBranch({ at, children }: WritableBranchProps): ReactElement {
  const { viewer, repository } = useRepository();
  if (repository.isArchived) return <Banner tone="attention">This repository is archived, so it is read-only.</Banner>;
  if (!viewer.canPush)
    return (
      <Banner tone="attention">
        You may read {repository.owner}/{repository.name} but not commit to it. Ask its owner for write access.
      </Banner>
    );
  if (at !== undefined && at.kind !== "branch")
    return <Banner tone="attention">Files are edited on a branch. Switch from this {at.kind} to one.</Banner>;
  return <>{children}</>;
}
