/** Forks: repositories that begin as another one, with its branches and tags. */
import {
  bool,
  repositoryIdCodec,
  struct,
  u16,
  u64,
  type AccountId,
  type ObjectId,
  type RefName,
} from "@guts/primitives";
import type { Repository } from "../forge-state.ts";
import { applied, defineKind, rejected, repositoryScope, type ActContext } from "../kind.ts";
import { forkRefsMax, refUpdateWork } from "../limits.ts";
import { openRepository } from "../repository-act.ts";
import { writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { writeFork } from "./fork-rows.ts";
import { addRepository, isNameTaken, refuseNewRepository } from "./repositories.ts";

/**
 * Makes a repository of the same visibility and history as another. Its refs were certified when they were pushed there, so every
 * validator holds what they reach, and no receipt is asked for.
 */
export const repositoryFork = defineKind({
  tag: 191,
  payload: struct({
    parent: repositoryIdCodec,
    /** Whose it is to be: the acting account, or an organization that lets it. */
    owner: u64,
    name: tables.repositoryNameCodec,
    /** Only the default branch, or every branch and tag. */
    isDefaultOnly: bool,
    /** As many refs as the actor expects, or more: what the work is reckoned by. */
    refsMax: u16,
  }),
  result: struct({ repository: repositoryIdCodec }),
  authority: "any",
  cost: () => ({ repositories: 1 }),
  work: ({ refsMax }) => refUpdateWork * refsMax,
  scope: (_context, _payload, { repository }) => repositoryScope(repository),
  apply: (context, { parent: id, owner: ownerId, name, isDefaultOnly, refsMax }) => {
    const opened = openRepository(context, id, "fork");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const { repository: parent } = opened;
    const owner = ownerId as AccountId;
    const refusal = refuseNewRepository(context, owner, parent.visibility);
    if (refusal !== undefined) return rejected(refusal);
    if (isNameTaken(context, owner, name)) return rejected("repository-name-taken");
    if (refsMax > forkRefsMax) return rejected("fork-too-large");
    const refs = refsToCopy(context, parent, { isDefaultOnly, max: refsMax });
    if (refs === "too-many") return rejected("fork-too-large");
    if (refs.length === 0) return rejected("fork-empty");
    const { objectFormat, visibility, defaultBranch, description } = parent;
    const like = { objectFormat, visibility, defaultBranch, description, homepage: undefined, refCount: refs.length };
    const added = addRepository(context, { owner, name, ...like, defaultBranchIs: "chosen" });
    if (added.refusal !== undefined) return rejected(added.refusal);
    const { repository } = added;
    for (const [ref, target] of refs) writeRow(context.state, tables.refTable, { repository, name: ref }, target);
    writeFork(context, repository, parent);
    return applied({ repository });
  },
});

/** Branches and tags; other refs are about the parent alone. */
function refsToCopy(
  { forge }: ActContext,
  parent: Repository,
  { isDefaultOnly, max }: { readonly isDefaultOnly: boolean; readonly max: number },
): readonly (readonly [RefName, ObjectId])[] | "too-many" {
  if (isDefaultOnly) {
    const tip = forge.ref(parent.id, parent.defaultBranch);
    return tip === undefined ? [] : [[parent.defaultBranch, tip]];
  }
  const copied: (readonly [RefName, ObjectId])[] = [];
  for (const [name, id] of forge.refs(parent.id)) {
    if (!/^refs\/(heads|tags)\//.test(name)) continue;
    if (copied.length === max) return "too-many";
    copied.push([name, id]);
  }
  return copied;
}
