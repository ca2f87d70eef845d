import { useQuery } from "@tanstack/react-query";
import type { TeamRole } from "@guts/api";
import { useState, type FormEvent, type ReactElement } from "react";

import { peopleQuery, type TeamName } from "../api/organization-queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { SelectField } from "../components/field.tsx";
import { SuggestField } from "../components/suggest-field.tsx";
import { useTeamMemberChange } from "./use-team-changes.ts";

const choices = [
  { value: "member", label: "Member" },
  { value: "maintainer", label: "Maintainer: looks after the team" },
] as const;

/** Takes a member of the organization into the team. */
export function AddTeamMemberForm({ name }: { readonly name: TeamName }): ReactElement {
  const [handle, setHandle] = useState("");
  const [role, setRole] = useState<TeamRole>("member");
  const { data } = useQuery(peopleQuery(name.org, { page: 1, query: handle.trim() }));
  const add = useTeamMemberChange(name, ({ username }) => `Added ${username}`);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    add.mutate({ username: handle.trim(), role }, { onSuccess: () => setHandle("") });
  };
  return (
    <form className="stack tight" onSubmit={submit} aria-label="Add a member">
      <FailureBanner error={add.error} />
      <div className="inline-form">
        <SuggestField
          label={`Add somebody of ${name.org}`}
          required
          maxLength={39}
          value={handle}
          suggestions={(data?.people ?? []).map((person) => ({
            value: person.handle,
            label: person.name ?? undefined,
          }))}
          onChange={(event) => setHandle(event.target.value)}
        />
        <SelectField
          label="Role in the team"
          value={role}
          options={choices}
          onChange={(event) => setRole(event.target.value === "maintainer" ? "maintainer" : "member")}
        />
        <Button type="submit" variant="primary" busy={add.isPending} disabled={handle.trim() === ""}>
          Add
        </Button>
      </div>
    </form>
  );
}
