import type { OrganizationUpdate } from "@guts/api";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { api } from "../api/client.ts";
import { forgetOrganizations } from "../api/organization-queries.ts";
import { useToasts } from "../components/toast.tsx";
import { useOrganizationName } from "./use-organization.ts";

/** Changes an organization's profile or settings. */
export function useOrganizationUpdate(done: string) {
  const org = useOrganizationName();
  const cache = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: (body: OrganizationUpdate) => api.call("PATCH /api/v3/orgs/{org}", { path: { org }, body }),
    onSuccess: async () => {
      toasts.succeed(done);
      await forgetOrganizations(cache);
    },
  });
}
