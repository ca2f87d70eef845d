import { EyeClosedIcon } from "@primer/octicons-react/EyeClosedIcon";
import { PeopleIcon } from "@primer/octicons-react/PeopleIcon";
import { parseTeamName } from "@guts/primitives";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";

import { parentTeamsQuery } from "../api/organization-queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { SelectField, TextArea, TextField } from "../components/field.tsx";

/** What a person says of a team. `parent` is its number as text, empty for none. */
export interface TeamDraft {
  readonly name: string;
  readonly description: string;
  readonly isSecret: boolean;
  readonly parent: string;
}

interface TeamFormProps {
  readonly org: string;
  readonly initial: TeamDraft;
  /** The team itself, which cannot be its own parent, and why it cannot be nested. */
  readonly self?: { readonly id: number; readonly hasChildren: boolean };
  readonly action: string;
  readonly busy: boolean;
  readonly error: unknown;
  readonly onSubmit: (draft: TeamDraft) => void;
}

/** The form of a new team, and of changing one. */
export function TeamForm({ org, initial, self, action, busy, error, onSubmit }: TeamFormProps): ReactElement {
  const [draft, setDraft] = useState(initial);
  const change = (part: Partial<TeamDraft>): void => setDraft({ ...draft, ...part });
  const name = draft.name.trim();
  const isUsable = parseTeamName(name) !== undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isUsable) onSubmit({ ...draft, name });
  };
  return (
    <form className="form" onSubmit={submit}>
      <FailureBanner error={error} />
      <TextField
        label="Team name"
        required
        autoComplete="off"
        maxLength={100}
        value={draft.name}
        error={name !== "" && !isUsable ? "It needs a letter of a to z or a digit, and no line breaks." : undefined}
        hint="People find it by this name."
        onChange={(event) => change({ name: event.target.value })}
      />
      <TextArea
        label="What is it for?"
        isOptional
        maxLength={1000}
        value={draft.description}
        onChange={(event) => change({ description: event.target.value })}
      />
      <ParentField org={org} draft={draft} self={self} onChange={(parent) => change({ parent })} />
      <PrivacyChoice
        draft={draft}
        hasChildren={self?.hasChildren === true}
        onChange={(isSecret) => change({ isSecret })}
      />
      <div className="form-actions">
        <Button type="submit" variant="primary" busy={busy} disabled={!isUsable}>
          {action}
        </Button>
      </div>
    </form>
  );
}

interface ParentFieldProps {
  readonly org: string;
  readonly draft: TeamDraft;
  readonly self: TeamFormProps["self"];
  readonly onChange: (parent: string) => void;
}

function ParentField({ org, draft, self, onChange }: ParentFieldProps): ReactElement {
  const { data = [] } = useQuery(parentTeamsQuery(org));
  const candidates = data.filter((team) => team.id !== self?.id);
  const isStuck = draft.isSecret || self?.hasChildren === true;
  const hint = draft.isSecret
    ? "A secret team stands alone."
    : self?.hasChildren === true
      ? "It has teams inside, and teams nest by one level."
      : "It then has every role of the other team, beside its own.";
  return (
    <SelectField
      label="Inside another team"
      isOptional
      hint={hint}
      disabled={isStuck}
      value={isStuck ? "" : draft.parent}
      options={[
        { value: "", label: "No: it stands by itself" },
        ...candidates.map(({ id, name }) => ({ value: String(id), label: name })),
      ]}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

interface PrivacyChoiceProps {
  readonly draft: TeamDraft;
  readonly hasChildren: boolean;
  readonly onChange: (isSecret: boolean) => void;
}

function PrivacyChoice({ draft, hasChildren, onChange }: PrivacyChoiceProps): ReactElement {
  const isNested = draft.parent !== "" || hasChildren;
  return (
    <fieldset className="fieldset stack tight">
      <legend>Who knows of it</legend>
      <div className="choices">
        <label className="choice">
          <input type="radio" name="privacy" checked={!draft.isSecret} onChange={() => onChange(false)} />
          <PeopleIcon />
          <strong>Visible</strong>
          <small>Every member of the organization sees it and who is in it.</small>
        </label>
        <label className="choice">
          <input
            type="radio"
            name="privacy"
            disabled={isNested}
            checked={draft.isSecret}
            onChange={() => onChange(true)}
          />
          <EyeClosedIcon />
          <strong>Secret</strong>
          <small>
            {isNested
              ? "Not for a team that is inside another or has others inside."
              : "Only its members and the owners see it."}
          </small>
        </label>
      </div>
    </fieldset>
  );
}
