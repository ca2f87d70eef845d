import type { RepositoryAction } from "../repository-access.ts";

/**
 * What somebody must be allowed to do who gives a branch another name, as on GitHub: push; and administer, when the default
 * branch changes by it or when a rule of exactly the old name goes along.
 */
export function actionsToRenameBranch(branch: {
  readonly isDefault: boolean;
  readonly hasOwnRule: boolean;
}): readonly RepositoryAction[] {
  return [
    "push",
    ...(branch.isDefault ? (["change-default-branch"] as const) : []),
    ...(branch.hasOwnRule ? (["manage-protection"] as const) : []),
  ];
}
