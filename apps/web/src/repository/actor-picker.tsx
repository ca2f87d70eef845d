import { OrganizationIcon } from "@primer/octicons-react/OrganizationIcon";
import { PersonIcon } from "@primer/octicons-react/PersonIcon";
import { XIcon } from "@primer/octicons-react/XIcon";
import { useQuery } from "@tanstack/react-query";
import { useId, useState, type KeyboardEvent, type ReactElement } from "react";

import { nameableActorsQuery } from "../api/queries.ts";
import { Button } from "../components/button.tsx";
import { useRepositoryName } from "./use-repository.ts";

interface ActorPickerProps {
  readonly label: string;
  /** Handles of people, and teams as `ORGANIZATION/TEAM`. */
  readonly names: readonly string[];
  readonly onChange: (names: readonly string[]) => void;
}

/** Chooses people and teams: type or pick one, Enter adds it; each has a button that takes it away. */
export function ActorPicker({ label, names, onChange }: ActorPickerProps): ReactElement {
  const id = useId();
  const [typed, setTyped] = useState("");
  const { data: nameable = [] } = useQuery(nameableActorsQuery(useRepositoryName()));
  const suggestions = nameable.filter((name) => !names.includes(name));
  const add = (): void => {
    const wanted = typed.split(/[\s,]+/).map((name) => name.replace(/^@/, ""));
    onChange([...new Set([...names, ...wanted.filter((name) => name !== "")])]);
    setTyped("");
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Enter" && event.key !== ",") return;
    event.preventDefault();
    add();
  };
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <ul className="actor-list" aria-label={label}>
        {names.map((name) => (
          <ActorItem key={name} name={name} onRemove={() => onChange(names.filter((each) => each !== name))} />
        ))}
      </ul>
      <div className="row">
        <input
          id={id}
          className="input"
          list={`${id}-names`}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          aria-describedby={`${id}-hint`}
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onKeyDown={onKeyDown}
          onBlur={add}
        />
        <datalist id={`${id}-names`}>
          {suggestions.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        <Button onClick={add} disabled={typed.trim() === ""} aria-label={`Add to: ${label}`}>
          Add
        </Button>
      </div>
      <p className="hint" id={`${id}-hint`}>
        A handle, or a team as organization/team.
      </p>
    </div>
  );
}

function ActorItem({ name, onRemove }: { readonly name: string; readonly onRemove: () => void }): ReactElement {
  const Icon = name.includes("/") ? OrganizationIcon : PersonIcon;
  return (
    <li className="label">
      <Icon size={12} />
      {name}
      <button type="button" className="actor-remove" aria-label={`Remove ${name}`} onClick={onRemove}>
        <XIcon size={12} />
      </button>
    </li>
  );
}
