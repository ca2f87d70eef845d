import type { CommittedFile, FilesCommitted } from "@guts/api";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api } from "../api/client.ts";
import { repositoryKey } from "../api/queries.ts";
import { useRepositoryName } from "../repository/use-repository.ts";

/** What its author says of a commit, and where it goes. */
export interface CommitWords {
  readonly title: string;
  readonly body: string;
  /** The name of a branch to make; undefined commits to the branch that was looked at. */
  readonly newBranch: string | undefined;
}

/** Where a commit begins: a branch and the commit that its author looked at; null in a repository without any. */
export interface CommitBase {
  readonly branch: string;
  readonly head: string | null;
}

interface Commit {
  readonly base: CommitBase;
  readonly words: CommitWords;
  readonly files: readonly CommittedFile[];
}

/** Commits files, and has everything of the repository read again. */
export function useCommit(onCommitted: (committed: FilesCommitted) => Promise<void>) {
  const cache = useQueryClient();
  const repository = useRepositoryName();
  return useMutation({
    mutationFn: ({ base, words, files }: Commit) =>
      api.call("POST /api/guts/repos/{owner}/{repo}/commits", {
        path: { owner: repository.owner, repo: repository.name },
        body: {
          head: base.head,
          branch: base.branch,
          message: words.body.trim() === "" ? words.title : `${words.title}\n\n${words.body.trim()}`,
          files: [...files],
          ...(words.newBranch !== undefined && { newBranch: words.newBranch }),
        },
      }),
    onSuccess: async (committed) => {
      await cache.invalidateQueries({ queryKey: repositoryKey(repository) });
      await onCommitted(committed);
    },
  });
}
