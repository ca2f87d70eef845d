import type { OrganizationRole } from "@guts/api";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { forgetOrganizations } from "../api/organization-queries.ts";
import { api } from "../api/client.ts";
import { useToasts } from "../components/toast.tsx";
import { githubRoleOf } from "./roles.ts";

/** Somebody and what they shall be to an organization; without a role, nothing any more. */
export interface MembershipChange {
  readonly org: string;
  readonly username: string;
  readonly role?: OrganizationRole;
}

/**
 * Invites somebody, changes a role, removes a member or an invitation; of oneself: leaves. `leavePage` comes before the lists
 * are fetched anew, for changes after which the page is not the viewer's any more.
 */
export function useMembershipChange(
  done: (change: MembershipChange) => string,
  leavePage: () => Promise<void> = () => Promise.resolve(),
) {
  const cache = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: async ({ org, username, role }: MembershipChange): Promise<void> => {
      const path = { org, username };
      if (role === undefined) await api.call("DELETE /api/v3/orgs/{org}/memberships/{username}", { path });
      else
        await api.call("PUT /api/v3/orgs/{org}/memberships/{username}", { path, body: { role: githubRoleOf(role) } });
    },
    onSuccess: async (_, change) => {
      toasts.succeed(done(change));
      await leavePage();
      await forgetOrganizations(cache);
    },
  });
}
