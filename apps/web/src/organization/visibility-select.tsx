import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { ReactElement } from "react";

import { useViewer } from "../account/session.ts";
import { api } from "../api/client.ts";
import { explainFailure } from "../api/explain.ts";
import { forgetOrganizations } from "../api/organization-queries.ts";
import { useToasts } from "../components/toast.tsx";

interface VisibilitySelectProps {
  readonly org: string;
  readonly isPublic: boolean;
}

/** Whether strangers see one's own membership. */
export function VisibilitySelect({ org, isPublic }: VisibilitySelectProps): ReactElement {
  const change = useVisibility(org);
  return (
    <select
      className="select compact"
      aria-label={`Who sees that you are in ${org}`}
      disabled={change.isPending}
      value={isPublic ? "public" : "concealed"}
      onChange={(event) => change.mutate(event.target.value === "public")}
    >
      <option value="concealed">Members see it</option>
      <option value="public">Everybody sees it</option>
    </select>
  );
}

function useVisibility(org: string) {
  const cache = useQueryClient();
  const toasts = useToasts();
  const viewer = useViewer();
  return useMutation({
    mutationFn: async (isPublic: boolean): Promise<void> => {
      const path = { org, username: viewer?.handle ?? "" };
      if (isPublic) await api.call("PUT /api/v3/orgs/{org}/public_members/{username}", { path });
      else await api.call("DELETE /api/v3/orgs/{org}/public_members/{username}", { path });
    },
    onSuccess: async (_, isPublic) => {
      toasts.succeed(isPublic ? "Everybody sees your membership now" : "Only members see your membership now");
      await forgetOrganizations(cache);
    },
    onError: (error) => toasts.fail(explainFailure(error)),
  });
}
