import { useQuery } from "@tanstack/react-query";
import { useId, useState, type ReactElement } from "react";

import { FailureBanner } from "../components/banner.tsx";
import { TextField } from "../components/field.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { formatCount } from "../text/quantity.ts";
import { ownedRepositoriesQuery } from "./token-owners.ts";

interface RepositoryPickerProps {
  readonly owner: string;
  readonly isSelf: boolean;
  readonly chosen: readonly string[];
  readonly onChange: (names: readonly string[]) => void;
}

/** Most repositories that one token names; the API's own limit. */
export const chosenMax = 50;
/** Most names that are shown at once; typing narrows them down. */
const shownMax = 50;

/** Chooses some of an owner's repositories by a part of their names. */
export function RepositoryPicker({ owner, isSelf, chosen, onChange }: RepositoryPickerProps): ReactElement {
  const [sought, setSought] = useState("");
  const { data, error } = useQuery(ownedRepositoriesQuery(owner, isSelf));
  const legend = useId();
  const matching = matchingNames(data ?? [], chosen, sought);
  const toggle = (name: string, isChosen: boolean): void =>
    onChange(isChosen ? [...chosen, name] : chosen.filter((other) => other !== name));
  return (
    <div className="stack tight">
      <TextField
        label={`Find a repository of ${owner}`}
        type="search"
        autoComplete="off"
        spellCheck={false}
        value={sought}
        hint={`${formatCount(chosen.length, "repository", "repositories")} of at most ${chosenMax} chosen`}
        onChange={(event) => setSought(event.target.value)}
      />
      <FailureBanner error={error} />
      <span id={legend} className="visually-hidden">
        Repositories
      </span>
      {data === undefined ? <SkeletonRows count={3} /> : null}
      {data !== undefined && matching.length === 0 ? (
        <p className="small muted">No repository has such a name.</p>
      ) : null}
      {matching.length === 0 ? null : (
        <div className="checkbox-grid pick-list" role="group" aria-labelledby={legend}>
          {matching.map((name) => (
            <label key={name} className="checkbox">
              <input
                type="checkbox"
                checked={chosen.includes(name)}
                disabled={chosen.length >= chosenMax && !chosen.includes(name)}
                onChange={(event) => toggle(name, event.target.checked)}
              />
              <span>{name}</span>
            </label>
          ))}
        </div>
      )}
    </div>
  );
}

/** What is chosen stays in sight; then what matches. */
function matchingNames(names: readonly string[], chosen: readonly string[], sought: string): readonly string[] {
  const wanted = sought.trim().toLowerCase();
  const matching = names.filter((name) => !chosen.includes(name) && name.toLowerCase().includes(wanted));
  return [...chosen, ...matching].slice(0, Math.max(shownMax, chosen.length));
}
