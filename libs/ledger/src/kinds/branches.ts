/** Branches: another name, with everything that goes along. */
import { actionsToRenameBranch } from "@guts/governance";
import { bool, option, repositoryIdCodec, shortRefName, struct, u64 } from "@guts/primitives";
import type { Repository } from "../forge-state.ts";
import { keepFormerBranch, removeFormerBranch } from "../former-branches.ts";
import { applied, defineKind, rejected, repositoryScope, type ActContext } from "../kind.ts";
import { branchRenameWork } from "../limits.ts";
import { followRename } from "../pull-heads.ts";
import { refMoveWork, RefChanges } from "../ref-changes.ts";
import { openRepository } from "../repository-act.ts";
import type { RejectionCode } from "../rejection.ts";
import { removeRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { pusherOf } from "./refs.ts";
import { saveRepository } from "./repositories.ts";

/**
 * Gives a branch another name. A default branch stays the default one, a rule of exactly the old name becomes one of the new
 * name, and the old name leads to the branch until another has it.
 */
export const branchRename = defineKind({
  tag: 93,
  payload: struct({
    repository: repositoryIdCodec,
    from: tables.refNameCodec,
    to: tables.refNameCodec,
    /** Where the branch is. */
    id: tables.objectIdCodec,
  }),
  result: struct({
    isDefault: bool,
    /** The rule that went along. */
    rule: option(u64),
  }),
  authority: "any",
  work: ({ from, to }) => branchRenameWork + refMoveWork(from) + refMoveWork(to),
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository: id, ...rename }) => {
    const { from, to } = rename;
    const opened = openRepository(context, id, "push");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const { repository } = opened;
    if (!from.startsWith("refs/heads/") || !to.startsWith("refs/heads/")) return rejected("ref-hidden");
    const changes = new RefChanges(context.forge, id, pusherOf(context));
    const rule = changes.ownRule(from);
    const isDefault = repository.defaultBranch === from;
    const refusal =
      refuseActions(context, repository, { isDefault, hasOwnRule: rule !== undefined }) ??
      changes.refuseRename(repository, rename);
    if (refusal !== undefined) return rejected(refusal);
    removeRow(context.state, tables.refTable, { repository: id, name: from });
    writeRow(context.state, tables.refTable, { repository: id, name: to }, rename.id);
    removeFormerBranch(context.state, { repository: id, name: to });
    keepFormerBranch(context.state, { repository: id, name: from }, to);
    followRename(context, { repository: id, name: from }, to);
    if (rule !== undefined) {
      const key = { repository: id, number: rule.number };
      writeRow(context.state, tables.protectionTable, key, { target: "branch", pattern: shortRefName(to) });
    }
    saveRepository(context, {
      ...repository,
      ...(isDefault && { defaultBranch: to, defaultBranchIs: "chosen" as const }),
    });
    return applied({ isDefault, rule: rule?.number });
  },
});

function refuseActions(
  context: ActContext,
  { id }: Repository,
  branch: { readonly isDefault: boolean; readonly hasOwnRule: boolean },
): RejectionCode | undefined {
  const refusals = actionsToRenameBranch(branch).map((action) => openRepository(context, id, action).refusal);
  return refusals.find((refusal) => refusal !== undefined);
}
