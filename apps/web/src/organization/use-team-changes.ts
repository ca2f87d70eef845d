import type { TeamRole } from "@guts/api";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api } from "../api/client.ts";
import { explainFailure } from "../api/explain.ts";
import { forgetOrganizations, type TeamName } from "../api/organization-queries.ts";
import { useToasts } from "../components/toast.tsx";
import type { RoleChoice } from "../repository/roles.ts";

/** Somebody and what they shall be to a team; without a role, nothing any more. */
export interface TeamMemberChange {
  readonly username: string;
  readonly role?: TeamRole;
}

/** Takes somebody into a team, changes their role there, or removes them. */
export function useTeamMemberChange(name: TeamName, done: (change: TeamMemberChange) => string) {
  const cache = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: async ({ username, role }: TeamMemberChange): Promise<void> => {
      const path = { org: name.org, team_slug: name.team, username };
      if (role === undefined)
        await api.call("DELETE /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}", { path });
      else await api.call("PUT /api/v3/orgs/{org}/teams/{team_slug}/memberships/{username}", { path, body: { role } });
    },
    onSuccess: async (_, change) => {
      toasts.succeed(done(change));
      await forgetOrganizations(cache);
    },
  });
}

/** A team's role on a repository of its organization; without a role, none any more. */
export interface TeamRepositoryChange extends TeamName {
  readonly repo: string;
  readonly role?: RoleChoice;
}

/** Gives a team a role on a repository, changes it, or takes it away. */
export function useTeamRepositoryChange(done: (change: TeamRepositoryChange) => string) {
  const cache = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: async ({ org, team, repo, role }: TeamRepositoryChange): Promise<void> => {
      const path = { org, team_slug: team, owner: org, repo };
      if (role === undefined)
        await api.call("DELETE /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}", { path });
      else
        await api.call("PUT /api/v3/orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}", {
          path,
          body: { permission: role },
        });
    },
    onSuccess: async (_, change) => {
      toasts.succeed(done(change));
      await forgetOrganizations(cache);
    },
  });
}

/** Tells a failure where the change has no place of its own for it. */
export function useFailureToast(): { readonly onError: (error: unknown) => void } {
  const toasts = useToasts();
  return { onError: (error) => toasts.fail(explainFailure(error)) };
}
