import type { ForgeState, Repository } from "@guts/ledger";
import type { ObjectId } from "@guts/primitives";

import type { GitEngine } from "../ports/index.ts";
import { countedCache } from "./counted-cache.ts";
import type { RefCache } from "./ref-cache.ts";

/**
 * Says whether an object may be shown by its id: only when a ref that the viewer may see reaches it. Objects of rejected
 * pushes and of deleted branches are still on disk for a while, and an id alone must not bring them back.
 */
export interface Reachability {
  isReachable(state: ForgeState, repository: Repository, id: ObjectId, signal: AbortSignal): Promise<boolean>;
}

/** Answers kept; each stands for one object at one state of its repository's refs. */
const answerCountMax = 100_000;

/** Asks git once for each object and each state of a repository's refs. */
export function createReachability(git: Pick<GitEngine, "findUnreachable">, refs: RefCache): Reachability {
  const answers = countedCache<string, boolean>(answerCountMax);
  return {
    async isReachable(state, repository, id, signal) {
      const key = `${repository.id} ${repository.updatedTime} ${id}`;
      const known = answers.get(key);
      if (known !== undefined) return known;
      const tips = refs.tips(state, repository);
      const question = { wants: [id], tips: [...tips], signal };
      const unreachable = tips.has(id) ? [] : await git.findUnreachable(repository.id, question);
      answers.set(key, unreachable.length === 0);
      return unreachable.length === 0;
    },
  };
}
