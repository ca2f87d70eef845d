import type { RepositoryGrantsView } from "@guts/api";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";

import { teamsQuery } from "../api/organization-queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { SelectField } from "../components/field.tsx";
import { SuggestField } from "../components/suggest-field.tsx";
import { RemoveTeamAccessDialog } from "../organization/remove-team-access-dialog.tsx";
import { TeamLine } from "../organization/team-row.tsx";
import { useFailureToast, useTeamRepositoryChange } from "../organization/use-team-changes.ts";
import { formatCount } from "../text/quantity.ts";
import { RoleSelect } from "./role-select.tsx";
import { roleChoiceOf, roleChoices, type RoleChoice } from "./roles.ts";
import { useRepositoryName } from "./use-repository.ts";

interface TeamAccessProps {
  readonly org: string;
  readonly grants: RepositoryGrantsView;
}

/** Teams with a role on the repository, and another. */
export function TeamAccess({ org, grants }: TeamAccessProps): ReactElement {
  const { teams, hiddenTeamCount } = grants;
  return (
    <section className="stack" aria-labelledby="teams-with-access">
      <h2 id="teams-with-access">Teams</h2>
      <AddTeamForm org={org} />
      {teams.length === 0 ? (
        <p className="muted">No team has a role on this repository yet. Everybody in a team has its role.</p>
      ) : (
        <ul className="box" aria-label="Teams with access">
          {teams.map((team) => (
            <TeamRow key={team.id} org={org} team={team} />
          ))}
        </ul>
      )}
      {hiddenTeamCount === 0 ? null : (
        <p className="small muted">
          {formatCount(hiddenTeamCount, "secret team has", "secret teams have")} a role, too. Its members and the owners
          see it.
        </p>
      )}
    </section>
  );
}

interface TeamRowProps {
  readonly org: string;
  readonly team: RepositoryGrantsView["teams"][number];
}

function TeamRow({ org, team }: TeamRowProps): ReactElement {
  const { name: repo } = useRepositoryName();
  const [isAsking, setIsAsking] = useState(false);
  const change = useTeamRepositoryChange(() => `Changed the role of ${team.name}`);
  const failure = useFailureToast();
  const name = { org, team: team.slug };
  return (
    <li className="box-row stack tight">
      <TeamLine org={org} team={team}>
        <RoleSelect
          label={`Role of the team ${team.name}`}
          role={team.role}
          disabled={change.isPending}
          onChange={(role) => change.mutate({ ...name, repo, role }, failure)}
        />
        <Button small variant="danger" aria-label={`Remove the team ${team.name}`} onClick={() => setIsAsking(true)}>
          Remove
        </Button>
      </TeamLine>
      {team.childCount === 0 ? null : (
        <p className="small muted">Also for {formatCount(team.childCount, "team")} inside it.</p>
      )}
      {isAsking ? (
        <RemoveTeamAccessDialog name={name} teamName={team.name} repo={repo} onClose={() => setIsAsking(false)} />
      ) : null}
    </li>
  );
}

function AddTeamForm({ org }: { readonly org: string }): ReactElement {
  const { name: repo } = useRepositoryName();
  const [wanted, setWanted] = useState("");
  const [role, setRole] = useState<RoleChoice>("push");
  const { data } = useQuery(teamsQuery(org, { page: 1, query: wanted.trim() }));
  const known = (data?.teams ?? []).flatMap((team) => [team, ...team.children]);
  const add = useTeamRepositoryChange(({ team }) => `Added the team ${team}`);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const typed = wanted.trim().toLowerCase();
    const found = known.find(({ name, slug }) => name.toLowerCase() === typed || slug === typed);
    // A name that is not listed is asked for as it is: the node says whether there is such a team.
    add.mutate({ org, team: found?.slug ?? typed, repo, role }, { onSuccess: () => setWanted("") });
  };
  return (
    <form className="stack tight" onSubmit={submit} aria-label="Add a team">
      <FailureBanner error={add.error} />
      <div className="inline-form">
        <SuggestField
          label="Add a team"
          required
          maxLength={100}
          value={wanted}
          suggestions={known.map(({ name }) => ({ value: name }))}
          onChange={(event) => setWanted(event.target.value)}
        />
        <SelectField
          label="Role of the team"
          value={role}
          options={roleChoices}
          onChange={(event) => setRole(roleChoiceOf(event.target.value))}
        />
        <Button type="submit" variant="primary" busy={add.isPending} disabled={wanted.trim() === ""}>
          Add team
        </Button>
      </div>
    </form>
  );
}
