import type { FollowList } from "@guts/api";
import { queryOptions, type QueryClient } from "@tanstack/react-query";

import { joinLocation } from "../paths/repository-path.ts";
import type { OwnerTab } from "../routes/search.ts";
import { api } from "./client.ts";

/**
 * What pages read, one entry for each: its place in the cache and how it is fetched. Keys begin with the thing that
 * changes, so that a write can say what is now out of date.
 */

/** A repository by its names. */
export interface RepositoryName {
  readonly owner: string;
  readonly name: string;
}

/** How long an answer addressed by content (a commit, a block) stays right. */
const forever = Number.POSITIVE_INFINITY;
/** The beginning of the keys of everything about a repository. */
export const repositoryKey = ({ owner, name }: RepositoryName) =>
  ["repository", owner.toLowerCase(), name.toLowerCase()] as const;
const at = ({ owner, name }: RepositoryName, splat: string) => ({ owner, repo: name, ref_path: splat });

export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: ({ signal }) => api.call("GET /api/guts/session", { signal }),
  staleTime: 60_000,
});

export const visitedNodeQuery = (nodeId: string) =>
  queryOptions({
    queryKey: ["visited-node", nodeId],
    queryFn: ({ signal }) => api.call("GET /api/guts/visits/{node_id}", { path: { node_id: nodeId }, signal }),
  });

export const homeQuery = queryOptions({
  queryKey: ["home"],
  queryFn: ({ signal }) => api.call("GET /api/guts/view/home", { signal }),
});

export const networkQuery = queryOptions({
  queryKey: ["network"],
  queryFn: ({ signal }) => api.call("GET /api/guts/network", { signal }),
  staleTime: 5_000,
});

export const nodeStatusQuery = queryOptions({
  queryKey: ["network", "status"],
  queryFn: ({ signal }) => api.call("GET /api/guts/status", { signal }),
});

export const blocksQuery = (before?: number) =>
  queryOptions({
    queryKey: ["network", "blocks", before ?? "newest"],
    queryFn: ({ signal }) =>
      api.call("GET /api/guts/blocks", {
        query: { limit: 20, deeds: true, ...(before === undefined ? {} : { before }) },
        signal,
      }),
  });

export const blockQuery = (height: number) =>
  queryOptions({
    queryKey: ["network", "block", height],
    queryFn: ({ signal }) => api.call("GET /api/guts/blocks/{height}", { path: { height: String(height) }, signal }),
    staleTime: forever,
  });

export const accountQuery = (
  handle: string,
  page: number,
  query = "",
  tab: Exclude<OwnerTab, FollowList> = "repositories",
) =>
  queryOptions({
    queryKey: ["account", handle.toLowerCase(), { page, query, tab }],
    queryFn: ({ signal }) =>
      api.call("GET /api/guts/view/accounts/{handle}", { path: { handle }, query: { page, query, tab }, signal }),
  });

export const ownEmailsQuery = queryOptions({
  queryKey: ["own", "emails"],
  queryFn: ({ signal }) => api.call("GET /api/v3/user/emails", { query: { per_page: 100 }, signal }),
});

export const followsQuery = (handle: string, list: FollowList, page: number) =>
  queryOptions({
    queryKey: ["account", handle.toLowerCase(), list, { page }],
    queryFn: ({ signal }) =>
      api.call("GET /api/guts/view/accounts/{handle}/follows", { path: { handle }, query: { list, page }, signal }),
  });

export const repositoryQuery = (repository: RepositoryName) =>
  queryOptions({
    queryKey: [...repositoryKey(repository), "frame"],
    queryFn: ({ signal }) =>
      api.call("GET /api/guts/view/repos/{owner}/{repo}", {
        path: { owner: repository.owner, repo: repository.name },
        signal,
      }),
  });

/** What to list of branches or tags. `names` leaves their commits out and is much faster. */
export interface RefsRequest {
  readonly kind: "heads" | "tags";
  readonly query: string;
  readonly page: number;
  readonly detail: "names" | "commits";
}

export const refsQuery = (repository: RepositoryName, request: RefsRequest) =>
  queryOptions({
    queryKey: [...repositoryKey(repository), "refs", request],
    queryFn: ({ signal }) =>
      api.call("GET /api/guts/view/repos/{owner}/{repo}/refs", {
        path: { owner: repository.owner, repo: repository.name },
        query: { ...request, ...(request.query === "" ? { query: undefined } : {}) } as RefsRequest,
        signal,
      }),
  });

export const treeQuery = (repository: RepositoryName, splat: string) =>
  queryOptions({
    queryKey: [...repositoryKey(repository), "tree", splat],
    queryFn: ({ signal }) =>
      api.call("GET /api/guts/view/repos/{owner}/{repo}/tree/{+ref_path}", { path: at(repository, splat), signal }),
  });

/** What checks say of a commit; it changes while they run. */
export const statusQuery = (repository: RepositoryName, commit: string) =>
  queryOptions({
    queryKey: [...repositoryKey(repository), "status", commit],
    queryFn: ({ signal }) =>
      api.call("GET /api/v3/repos/{owner}/{repo}/commits/{ref}/status", {
        path: { owner: repository.owner, repo: repository.name, ref: commit },
        query: { per_page: 100 },
        signal,
      }),
  });

/** Keyed by the commit, so that an answer is right for as long as the page cares to keep it. */
export const lastCommitsQuery = (repository: RepositoryName, commit: string, path: string) =>
  queryOptions({
    queryKey: [...repositoryKey(repository), "last-commits", commit, path],
    queryFn: ({ signal }) =>
      api.call("GET /api/guts/view/repos/{owner}/{repo}/last-commits/{+ref_path}", {
        path: at(repository, joinLocation(commit, path)),
        signal,
      }),
    staleTime: forever,
  });

export const blobQuery = (repository: RepositoryName, splat: string) =>
  queryOptions({
    queryKey: [...repositoryKey(repository), "blob", splat],
    queryFn: ({ signal }) =>
      api.call("GET /api/guts/view/repos/{owner}/{repo}/blob/{+ref_path}", { path: at(repository, splat), signal }),
  });

export const commitsQuery = (repository: RepositoryName, splat: string, page: number) =>
  queryOptions({
    queryKey: [...repositoryKey(repository), "commits", splat, page],
    queryFn: ({ signal }) =>
      api.call("GET /api/guts/view/repos/{owner}/{repo}/commits/{+ref_path}", {
        path: at(repository, splat),
        query: { page },
        signal,
      }),
  });

export const commitQuery = (repository: RepositoryName, sha: string) =>
  queryOptions({
    queryKey: [...repositoryKey(repository), "commit", sha],
    queryFn: ({ signal }) =>
      api.call("GET /api/guts/view/repos/{owner}/{repo}/commit/{sha}", {
        path: { owner: repository.owner, repo: repository.name, sha },
        signal,
      }),
    staleTime: forever,
  });

export const repositoryInvitationsQuery = (repository: RepositoryName) =>
  queryOptions({
    queryKey: [...repositoryKey(repository), "invitations"],
    queryFn: ({ signal }) =>
      api.call("GET /api/v3/repos/{owner}/{repo}/invitations", {
        path: { owner: repository.owner, repo: repository.name },
        query: { per_page: 100 },
        signal,
      }),
  });

/** Whom a protection rule may name: people who work on a repository, and teams that may write to it. */
export const nameableActorsQuery = (repository: RepositoryName) =>
  queryOptions({
    queryKey: [...repositoryKey(repository), "protection", "nameable"],
    queryFn: async ({ signal }) => {
      const request = {
        path: { owner: repository.owner, repo: repository.name },
        query: { per_page: 100 },
        signal,
      };
      const [people, teams] = await Promise.all([
        api.call("GET /api/v3/repos/{owner}/{repo}/collaborators", request),
        api.call("GET /api/v3/repos/{owner}/{repo}/teams", request),
      ]);
      const writing = teams.filter(({ permission }) => ["push", "maintain", "admin"].includes(permission));
      return [...people.map(({ login }) => login), ...writing.map(({ slug }) => `${repository.owner}/${slug}`)];
    },
    staleTime: 60_000,
  });

export const protectionQuery = (repository: RepositoryName) =>
  queryOptions({
    queryKey: [...repositoryKey(repository), "protection"],
    queryFn: ({ signal }) =>
      api.call("GET /api/guts/repos/{owner}/{repo}/protection", {
        path: { owner: repository.owner, repo: repository.name },
        signal,
      }),
  });

export const deployKeysQuery = (repository: RepositoryName) =>
  queryOptions({
    queryKey: [...repositoryKey(repository), "deploy-keys"],
    queryFn: ({ signal }) =>
      api.call("GET /api/v3/repos/{owner}/{repo}/keys", {
        path: { owner: repository.owner, repo: repository.name },
        query: { per_page: 100 },
        signal,
      }),
  });

/** Which rule governs a ref, and what the viewer lacks to change it. */
export const refExplanationQuery = (repository: RepositoryName, ref: string) =>
  queryOptions({
    queryKey: [...repositoryKey(repository), "protection", "explain", ref],
    queryFn: ({ signal }) =>
      api.call("GET /api/guts/repos/{owner}/{repo}/protection/explain", {
        path: { owner: repository.owner, repo: repository.name },
        query: { ref },
        signal,
      }),
  });

export const passkeysQuery = queryOptions({
  queryKey: ["own", "passkeys"],
  queryFn: ({ signal }) => api.call("GET /api/guts/passkeys", { signal }),
});

export const ownInvitationsQuery = queryOptions({
  queryKey: ["own", "invitations"],
  queryFn: ({ signal }) => api.call("GET /api/v3/user/repository_invitations", { query: { per_page: 100 }, signal }),
});

export const ownTransfersQuery = queryOptions({
  queryKey: ["own", "transfers"],
  queryFn: ({ signal }) => api.call("GET /api/guts/transfers", { signal }),
});

export const ownProfileQuery = queryOptions({
  queryKey: ["own", "profile"],
  queryFn: ({ signal }) => api.call("GET /api/v3/user", { signal }),
});

export const credentialsQuery = queryOptions({
  queryKey: ["own", "credentials"],
  queryFn: ({ signal }) => api.call("GET /api/guts/tokens", { signal }),
});

export const keysQuery = queryOptions({
  queryKey: ["own", "keys"],
  queryFn: ({ signal }) => api.call("GET /api/guts/keys", { signal }),
});

export const delegationsQuery = queryOptions({
  queryKey: ["own", "delegations"],
  queryFn: ({ signal }) => api.call("GET /api/guts/delegations", { signal }),
});

/** Marks everything known about a repository, and the lists it appears in, as out of date. */
export async function forgetRepository(cache: QueryClient, repository: RepositoryName): Promise<void> {
  await Promise.all([
    cache.invalidateQueries({ queryKey: repositoryKey(repository) }),
    cache.invalidateQueries({ queryKey: ["home"] }),
    cache.invalidateQueries({ queryKey: ["account"] }),
  ]);
}
