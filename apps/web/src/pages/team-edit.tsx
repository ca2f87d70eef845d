import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, useNavigate } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";

import { api } from "../api/client.ts";
import { forgetOrganizations, teamQuery, type TeamName } from "../api/organization-queries.ts";
import { Button } from "../components/button.tsx";
import { useToasts } from "../components/toast.tsx";
import { TeamForm, type TeamDraft } from "../organization/team-form.tsx";
import { useTeamName } from "../organization/use-organization.ts";
import { ConfirmDialog } from "../settings/confirm-dialog.tsx";
import { NotFoundPage } from "../shell/error-page.tsx";
import { formatCount } from "../text/quantity.ts";

export const teamEditRoute = createLazyRoute("/orgs/$org/teams/$team/edit")({ component: TeamEditPage });

/** What a team is called and where it stands, and its end. */
function TeamEditPage(): ReactElement {
  const name = useTeamName();
  const { data } = useSuspenseQuery(teamQuery(name));
  const save = useSave(name);
  const [isAsking, setIsAsking] = useState(false);
  const { team, parent, children } = data;
  if (!data.viewer.mayUpdate) return <NotFoundPage />;
  return (
    <div className="stack loose team-settings">
      <TeamForm
        key={team.slug}
        org={name.org}
        self={{ id: team.id, hasChildren: children.length > 0 }}
        initial={{
          name: team.name,
          description: team.description ?? "",
          isSecret: team.isSecret,
          parent: parent === null ? "" : String(parent.id),
        }}
        action="Save team"
        busy={save.isPending}
        error={save.error}
        onSubmit={(draft) => save.mutate(draft)}
      />
      <section className="stack" aria-labelledby="danger-zone">
        <h2 id="danger-zone">Danger zone</h2>
        <div className="box danger-zone">
          <div className="box-row setting-row">
            <div>
              <h3>Delete this team</h3>
              <p className="muted">Its people stay in {name.org}, without the roles that it gave them.</p>
            </div>
            <Button variant="danger" onClick={() => setIsAsking(true)}>
              Delete
            </Button>
          </div>
        </div>
      </section>
      {isAsking ? (
        <DeleteDialog name={name} title={team.name} childCount={children.length} onClose={() => setIsAsking(false)} />
      ) : null}
    </div>
  );
}

function useSave(name: TeamName) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  return useMutation({
    mutationFn: (draft: TeamDraft) =>
      api.call("PATCH /api/v3/orgs/{org}/teams/{team_slug}", {
        path: { org: name.org, team_slug: name.team },
        body: {
          name: draft.name,
          description: draft.description.trim(),
          privacy: draft.isSecret ? "secret" : "closed",
          parent_team_id: draft.parent === "" || draft.isSecret ? null : Number(draft.parent),
        },
      }),
    onSuccess: async ({ slug }) => {
      toasts.succeed("Team saved");
      if (slug !== name.team)
        await navigate({ to: "/orgs/$org/teams/$team/edit", params: { org: name.org, team: slug }, replace: true });
      await forgetOrganizations(cache);
    },
  });
}

interface DeleteDialogProps {
  readonly name: TeamName;
  readonly title: string;
  readonly childCount: number;
  readonly onClose: () => void;
}

function DeleteDialog({ name, title, childCount, onClose }: DeleteDialogProps): ReactElement {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  const remove = useMutation({
    mutationFn: () =>
      api.call("DELETE /api/v3/orgs/{org}/teams/{team_slug}", { path: { org: name.org, team_slug: name.team } }),
    onSuccess: async () => {
      await navigate({ to: "/orgs/$org/teams", params: { org: name.org }, replace: true });
      toasts.succeed(`Deleted ${title}`);
      await forgetOrganizations(cache);
    },
  });
  return (
    <ConfirmDialog
      title={`Delete ${title}?`}
      action="Delete this team"
      typed={title}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p>
        Everybody in it loses what it gave them on repositories.
        {childCount === 0
          ? ""
          : ` The ${formatCount(childCount, "team")} inside it ${childCount === 1 ? "is" : "are"} deleted too.`}{" "}
        There is no way back.
      </p>
    </ConfirmDialog>
  );
}
