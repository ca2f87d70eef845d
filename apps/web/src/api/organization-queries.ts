import type { OrganizationRole } from "@guts/api";
import { queryOptions, type QueryClient } from "@tanstack/react-query";

import { api } from "./client.ts";
import { repositoryKey, type RepositoryName } from "./queries.ts";

/** What pages of organizations, teams and access read: see `queries.ts`. */

const organizationKey = (org: string) => ["organization", org.toLowerCase()] as const;

/** A page of a list and what it is filtered by. */
export interface ListRequest {
  readonly page: number;
  readonly query: string;
}

/** A page of an organization's people. */
export interface PeopleRequest extends ListRequest {
  readonly role?: OrganizationRole;
}

/** The address of a team. */
export interface TeamName {
  readonly org: string;
  readonly team: string;
}

export const ownOrganizationsQuery = queryOptions({
  queryKey: ["own", "organizations"],
  queryFn: ({ signal }) => api.call("GET /api/guts/view/organizations", { signal }),
});

export const organizationQuery = (org: string) =>
  queryOptions({
    queryKey: [...organizationKey(org), "frame"],
    queryFn: ({ signal }) => api.call("GET /api/guts/view/orgs/{org}", { path: { org }, signal }),
  });

export const peopleQuery = (org: string, request: PeopleRequest) =>
  queryOptions({
    queryKey: [...organizationKey(org), "people", request],
    queryFn: ({ signal }) =>
      api.call("GET /api/guts/view/orgs/{org}/people", { path: { org }, query: { ...request }, signal }),
  });

export const memberInvitationsQuery = (org: string, page: number) =>
  queryOptions({
    queryKey: [...organizationKey(org), "invitations", page],
    queryFn: ({ signal }) =>
      api.call("GET /api/guts/view/orgs/{org}/invitations", { path: { org }, query: { page }, signal }),
  });

export const teamsQuery = (org: string, request: ListRequest) =>
  queryOptions({
    queryKey: [...organizationKey(org), "teams", request],
    queryFn: ({ signal }) =>
      api.call("GET /api/guts/view/orgs/{org}/teams", { path: { org }, query: { ...request }, signal }),
  });

/** Every team that another can be inside of, by slug: visible ones that are in none themselves. */
export const parentTeamsQuery = (org: string) =>
  queryOptions({
    queryKey: [...organizationKey(org), "parent-teams"],
    queryFn: async ({ signal }) => {
      const all = api.items("GET /api/v3/orgs/{org}/teams", { path: { org }, query: { per_page: 100 }, signal });
      const parents: { readonly id: number; readonly name: string }[] = [];
      for await (const { id, name, parent, privacy } of all)
        if (parent === null && privacy === "closed") parents.push({ id, name });
      return parents;
    },
  });

const teamKey = ({ org, team }: TeamName) => [...organizationKey(org), "team", team] as const;
const teamPath = ({ org, team }: TeamName) => ({ org, team_slug: team });

export const teamQuery = (name: TeamName) =>
  queryOptions({
    queryKey: [...teamKey(name), "frame"],
    queryFn: ({ signal }) =>
      api.call("GET /api/guts/view/orgs/{org}/teams/{team_slug}", { path: teamPath(name), signal }),
  });

export const teamMembersQuery = (name: TeamName, request: ListRequest) =>
  queryOptions({
    queryKey: [...teamKey(name), "members", request],
    queryFn: ({ signal }) =>
      api.call("GET /api/guts/view/orgs/{org}/teams/{team_slug}/members", {
        path: teamPath(name),
        query: { ...request },
        signal,
      }),
  });

export const teamRepositoriesQuery = (name: TeamName, page: number) =>
  queryOptions({
    queryKey: [...teamKey(name), "repositories", page],
    queryFn: ({ signal }) =>
      api.call("GET /api/guts/view/orgs/{org}/teams/{team_slug}/repositories", {
        path: teamPath(name),
        query: { page },
        signal,
      }),
  });

export const repositoryGrantsQuery = (repository: RepositoryName) =>
  queryOptions({
    queryKey: [...repositoryKey(repository), "grants"],
    queryFn: ({ signal }) =>
      api.call("GET /api/guts/view/repos/{owner}/{repo}/grants", {
        path: { owner: repository.owner, repo: repository.name },
        signal,
      }),
  });

export const collaboratorsQuery = (repository: RepositoryName, page: number) =>
  queryOptions({
    queryKey: [...repositoryKey(repository), "collaborators", page],
    queryFn: ({ signal }) =>
      api.call("GET /api/guts/view/repos/{owner}/{repo}/collaborators", {
        path: { owner: repository.owner, repo: repository.name },
        query: { page },
        signal,
      }),
  });

export const accessQuery = (repository: RepositoryName, username: string) =>
  queryOptions({
    queryKey: [...repositoryKey(repository), "access", username.toLowerCase()],
    queryFn: ({ signal }) =>
      api.call("GET /api/guts/repos/{owner}/{repo}/access/{username}", {
        path: { owner: repository.owner, repo: repository.name, username },
        signal,
      }),
  });

/** Marks everything that depends on who is in an organization and its teams as out of date. */
export async function forgetOrganizations(cache: QueryClient): Promise<void> {
  const dependents = new Set(["organization", "own", "account", "home", "repository"]);
  await cache.invalidateQueries({ predicate: ({ queryKey }) => dependents.has(String(queryKey[0])) });
}
