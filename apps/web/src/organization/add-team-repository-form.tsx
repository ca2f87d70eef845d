import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";

import { accountQuery } from "../api/queries.ts";
import type { TeamName } from "../api/organization-queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { SelectField } from "../components/field.tsx";
import { SuggestField } from "../components/suggest-field.tsx";
import { roleChoiceOf, roleChoices, type RoleChoice } from "../repository/roles.ts";
import { useTeamRepositoryChange } from "./use-team-changes.ts";

/** Gives the team a role on a repository of its organization. */
export function AddTeamRepositoryForm({ name }: { readonly name: TeamName }): ReactElement {
  const [repo, setRepo] = useState("");
  const [role, setRole] = useState<RoleChoice>("push");
  const { data } = useQuery(accountQuery(name.org, 1, repo.trim()));
  const add = useTeamRepositoryChange((change) => `Added ${change.repo}`);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    add.mutate({ ...name, repo: repo.trim(), role }, { onSuccess: () => setRepo("") });
  };
  return (
    <form className="stack tight" onSubmit={submit} aria-label="Add a repository">
      <FailureBanner error={add.error} />
      <div className="inline-form">
        <SuggestField
          label={`Add a repository of ${name.org}`}
          required
          maxLength={100}
          value={repo}
          suggestions={(data?.repositories ?? []).map((repository) => ({ value: repository.name }))}
          onChange={(event) => setRepo(event.target.value)}
        />
        <SelectField
          label="Role"
          value={role}
          options={roleChoices}
          onChange={(event) => setRole(roleChoiceOf(event.target.value))}
        />
        <Button type="submit" variant="primary" busy={add.isPending} disabled={repo.trim() === ""}>
          Add
        </Button>
      </div>
    </form>
  );
}
