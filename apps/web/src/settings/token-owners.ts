import { queryOptions } from "@tanstack/react-query";

import { api } from "../api/client.ts";

/** Most repositories that are offered by name; others are typed. */
const offeredMax = 300;

/** Organizations whose repositories a token may be for. */
export const tokenOrganizationsQuery = queryOptions({
  queryKey: ["own", "organizations"],
  queryFn: async ({ signal }) => {
    const organizations = await api.call("GET /api/v3/user/orgs", { query: { per_page: 100 }, signal });
    return organizations.map(({ login }) => login);
  },
});

/** Names of an owner's repositories, those of last use first where the node tells. */
export const ownedRepositoriesQuery = (owner: string, isSelf: boolean) =>
  queryOptions({
    queryKey: ["own", "repositories", owner.toLowerCase()],
    queryFn: async ({ signal }) => {
      const names: string[] = [];
      const items = isSelf
        ? api.items("GET /api/v3/user/repos", {
            query: { affiliation: "owner", sort: "pushed", per_page: 100 },
            signal,
          })
        : api.items("GET /api/v3/orgs/{org}/repos", { path: { org: owner }, query: { per_page: 100 }, signal });
      for await (const { name } of items) if (names.push(name) >= offeredMax) break;
      return names;
    },
  });
