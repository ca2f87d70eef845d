import { RepoIcon } from "@primer/octicons-react/RepoIcon";
import type { TeamRepositoriesView, TeamView } from "@guts/api";
import { useSuspenseQuery } from "@tanstack/react-query";
import { createLazyRoute, getRouteApi, Link } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";

import { teamQuery, teamRepositoriesQuery } from "../api/organization-queries.ts";
import { Blankslate } from "../components/blankslate.tsx";
import { Button } from "../components/button.tsx";
import { Pagination } from "../components/pagination.tsx";
import { AddTeamRepositoryForm } from "../organization/add-team-repository-form.tsx";
import { RemoveTeamAccessDialog } from "../organization/remove-team-access-dialog.tsx";
import { useOrganization, useTeamName } from "../organization/use-organization.ts";
import { useFailureToast, useTeamRepositoryChange } from "../organization/use-team-changes.ts";
import { RepositoryLink } from "../repository/links.tsx";
import { VisibilityLabel } from "../repository/repository-list.tsx";
import { RoleSelect } from "../repository/role-select.tsx";
import { roleName } from "../repository/roles.ts";

export const teamRepositoriesRoute = createLazyRoute("/orgs/$org/teams/$team/repositories")({
  component: TeamRepositoriesPage,
});

const route = getRouteApi("/orgs/$org/teams/$team/repositories");

/** What a team may do with which repositories. */
function TeamRepositoriesPage(): ReactElement {
  const name = useTeamName();
  const { page = 1 } = route.useSearch();
  const { data: frame } = useSuspenseQuery(teamQuery(name));
  const { data } = useSuspenseQuery(teamRepositoriesQuery(name, page));
  const mayAdd = useOrganization().viewer.mayAdminister || frame.viewer.mayUpdate;
  return (
    <section className="stack" aria-label="Repositories">
      {mayAdd ? <AddTeamRepositoryForm name={name} /> : null}
      <div className="box">
        {data.repositories.length === 0 ? (
          <Blankslate icon={RepoIcon} title="This team has no role on any repository yet">
            {mayAdd
              ? "Add one above: everybody in the team then has that role."
              : "Who administers a repository gives the team a role on it."}
          </Blankslate>
        ) : (
          <ul aria-label="Repositories">
            {data.repositories.map((entry) => (
              <RepositoryRow
                key={entry.repository.id}
                entry={entry}
                parent={frame.parent}
                mayUpdate={frame.viewer.mayUpdate}
              />
            ))}
          </ul>
        )}
      </div>
      <Pagination page={page} hasMore={data.hasMore} />
    </section>
  );
}

interface RepositoryRowProps {
  readonly entry: TeamRepositoriesView["repositories"][number];
  readonly parent: TeamView["parent"];
  readonly mayUpdate: boolean;
}

function RepositoryRow({ entry, parent, mayUpdate }: RepositoryRowProps): ReactElement {
  const { repository, role, inheritedRole, mayAdminister } = entry;
  const name = useTeamName();
  const [isAsking, setIsAsking] = useState(false);
  const change = useTeamRepositoryChange(() => `Changed the team’s role on ${repository.name}`);
  const failure = useFailureToast();
  return (
    <li className="box-row setting-row">
      <div>
        <div className="row wrap">
          <RepoIcon className="muted" />
          <RepositoryLink repository={repository}>
            <strong>{repository.name}</strong>
          </RepositoryLink>
          <VisibilityLabel isPrivate={repository.isPrivate} />
        </div>
        {inheritedRole === null || parent === null ? null : (
          <p className="small muted">
            {role === null ? "From" : `${roleName(inheritedRole)} from`}{" "}
            <Link to="/orgs/$org/teams/$team" params={{ org: name.org, team: parent.slug }}>
              {parent.name}
            </Link>
            , which this team is inside
          </p>
        )}
      </div>
      {role === null ? (
        <span className="label">{inheritedRole === null ? null : roleName(inheritedRole)}</span>
      ) : (
        <div className="row">
          {mayAdminister ? (
            <RoleSelect
              label={`Role on ${repository.name}`}
              role={role}
              disabled={change.isPending}
              onChange={(wanted) => change.mutate({ ...name, repo: repository.name, role: wanted }, failure)}
            />
          ) : (
            <span className="label">{roleName(role)}</span>
          )}
          {mayAdminister || mayUpdate ? (
            <Button small variant="danger" aria-label={`Remove ${repository.name}`} onClick={() => setIsAsking(true)}>
              Remove
            </Button>
          ) : null}
        </div>
      )}
      {isAsking ? (
        <RemoveTeamAccessDialog
          name={name}
          teamName="This team"
          repo={repository.name}
          onClose={() => setIsAsking(false)}
        />
      ) : null}
    </li>
  );
}
