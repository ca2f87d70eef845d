import { queryOptions } from "@tanstack/react-query";

import { api } from "./client.ts";
import { repositoryKey, type RepositoryName } from "./queries.ts";

/** Pages that look at code from further away than one commit, and what the editor begins with. */

export const blameQuery = (repository: RepositoryName, splat: string, ignore: "off" | undefined) =>
  queryOptions({
    queryKey: [...repositoryKey(repository), "blame", splat, ignore ?? "on"],
    queryFn: ({ signal }) =>
      api.call("GET /api/guts/view/repos/{owner}/{repo}/blame/{+ref_path}", {
        path: { owner: repository.owner, repo: repository.name, ref_path: splat },
        query: ignore === undefined ? {} : { ignore },
        signal,
      }),
  });

export const compareQuery = (repository: RepositoryName, range: string) =>
  queryOptions({
    queryKey: [...repositoryKey(repository), "compare", range],
    queryFn: ({ signal }) =>
      api.call("GET /api/guts/view/repos/{owner}/{repo}/compare/{+range}", {
        path: { owner: repository.owner, repo: repository.name, range },
        signal,
      }),
  });

/** The bytes of a file as text; undefined for bytes that are no UTF-8, which an editor would spoil. */
export const sourceQuery = (rawUrl: string, id: string) =>
  queryOptions({
    queryKey: ["source", id],
    queryFn: async ({ signal }) => {
      const answer = await fetch(rawUrl, { signal });
      if (!answer.ok) throw new TypeError(`the file could not be read: ${answer.status}`);
      try {
        return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(await answer.arrayBuffer());
      } catch {
        return null;
      }
    },
    staleTime: Number.POSITIVE_INFINITY,
  });
