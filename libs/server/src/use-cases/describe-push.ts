import type { PayloadOf } from "@guts/ledger";
import { isZeroObjectId, shortRefName, type RepositoryId } from "@guts/primitives";

import { countedCommitsMax, type CountCommits } from "./commit-counts.ts";

/**
 * What a push did, for those who may read its repository, which `@` stands for: its branch or tag by name when it is one, with the
 * number of commits where that is known soon.
 */
export async function describePush(
  { updates }: PayloadOf<"refs.update">,
  repository: RepositoryId,
  countCommits: CountCommits,
): Promise<string> {
  const [only] = updates;
  if (only === undefined || updates.length > 1) return `pushed ${updates.length} branches and tags to @`;
  const name = shortRefName(only.name);
  const isBranch = only.name.startsWith("refs/heads/");
  const what = isBranch ? `branch ${name}` : only.name.startsWith("refs/tags/") ? `tag ${name}` : name;
  if (isZeroObjectId(only.newId)) return `deleted ${what} of @`;
  if (isZeroObjectId(only.oldId)) return `created ${what} in @`;
  if (!isBranch) return `moved ${what} of @`;
  const count = await countCommits({ repository, base: only.oldId, head: only.newId });
  if (only.isFastForward)
    return count === undefined ? `pushed to ${name} of @` : `pushed ${commits(count)} to ${name} of @`;
  if (count === undefined) return `force-pushed to ${name} of @`;
  return count === 0 ? `took commits back from ${name} of @` : `force-pushed ${commits(count)} to ${name} of @`;
}

function commits(count: number): string {
  if (count > countedCommitsMax) return `${countedCommitsMax}+ commits`;
  return count === 1 ? "1 commit" : `${count} commits`;
}
