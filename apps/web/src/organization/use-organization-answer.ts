import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";

import { useViewer } from "../account/session.ts";
import { api } from "../api/client.ts";
import { forgetOrganizations } from "../api/organization-queries.ts";
import { useToasts } from "../components/toast.tsx";

/** Accepts one's own invitation and goes to the organization, or declines it. */
export function useOrganizationAnswer(org: string) {
  const cache = useQueryClient();
  const toasts = useToasts();
  const viewer = useViewer();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (answer: "accept" | "decline"): Promise<void> => {
      if (answer === "accept")
        await api.call("PATCH /api/v3/user/memberships/orgs/{org}", { path: { org }, body: { state: "active" } });
      else
        await api.call("DELETE /api/v3/orgs/{org}/memberships/{username}", {
          path: { org, username: viewer?.handle ?? "" },
        });
    },
    onSuccess: async (_, answer) => {
      toasts.succeed(answer === "accept" ? `You are a member of ${org}` : "Declined the invitation");
      if (answer === "accept") await navigate({ to: "/$owner", params: { owner: org } });
      await forgetOrganizations(cache);
    },
  });
}
