import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi, useNavigate } from "@tanstack/react-router";
import type { ReactElement } from "react";

import { api } from "../api/client.ts";
import { forgetOrganizations } from "../api/organization-queries.ts";
import { TeamForm, type TeamDraft } from "../organization/team-form.tsx";
import { useOrganization } from "../organization/use-organization.ts";
import { NotFoundPage } from "../shell/error-page.tsx";

export const newTeamRoute = createLazyRoute("/orgs/$org/new-team")({ component: NewTeamPage });

const route = getRouteApi("/orgs/$org/new-team");

/** Makes a team. */
function NewTeamPage(): ReactElement {
  const { organization, viewer } = useOrganization();
  const { parent } = route.useSearch();
  const org = organization.handle;
  const create = useCreate(org);
  if (!viewer.mayCreateTeam) return <NotFoundPage />;
  return (
    <div className="page narrow">
      <title>{`New team · ${org}`}</title>
      <div className="page-title">
        <h1>New team</h1>
      </div>
      <p className="page-lead">Give it people and repositories once it is there.</p>
      <TeamForm
        org={org}
        initial={{ name: "", description: "", isSecret: false, parent: parent === undefined ? "" : String(parent) }}
        action="Create team"
        busy={create.isPending}
        error={create.error}
        onSubmit={(draft) => create.mutate(draft)}
      />
    </div>
  );
}

function useCreate(org: string) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: ({ name, description, isSecret, parent }: TeamDraft) =>
      api.call("POST /api/v3/orgs/{org}/teams", {
        path: { org },
        body: {
          name,
          privacy: isSecret ? "secret" : "closed",
          ...(description.trim() === "" ? {} : { description: description.trim() }),
          ...(parent === "" || isSecret ? {} : { parent_team_id: Number(parent) }),
        },
      }),
    onSuccess: async ({ slug }) => {
      await forgetOrganizations(cache);
      await navigate({ to: "/orgs/$org/teams/$team", params: { org, team: slug } });
    },
  });
}
