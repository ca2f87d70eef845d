import { parseRepositoryName } from "@guts/primitives";
import type { ReactElement } from "react";

import { Avatar } from "../components/avatar.tsx";
import { SelectField, TextField } from "../components/field.tsx";
import type { PossibleOwner } from "./use-owners.ts";

interface OwnerAndNameProps {
  readonly owners: readonly PossibleOwner[];
  readonly owner: PossibleOwner;
  readonly name: string;
  readonly onOwner: (owner: PossibleOwner) => void;
  readonly onName: (name: string) => void;
}

/** `OWNER / NAME` of a repository that is to be made; the owner is a choice only where there is one. */
export function OwnerAndName({ owners, owner, name, onOwner, onName }: OwnerAndNameProps): ReactElement {
  const isWrong = name.trim() !== "" && parseRepositoryName(name.trim()) === undefined;
  return (
    <div className="owner-slash">
      {owners.length === 1 ? (
        <span className="static owner-static">
          <Avatar handle={owner.handle} /> {owner.handle}
        </span>
      ) : (
        <SelectField
          label="Owner"
          value={owner.handle}
          options={owners.map(({ handle }) => ({ value: handle, label: handle }))}
          onChange={(event) => onOwner(owners.find(({ handle }) => handle === event.target.value) ?? owner)}
        />
      )}
      <span className="static muted" aria-hidden="true">
        /
      </span>
      <TextField
        label="Repository name"
        autoFocus
        required
        maxLength={100}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={name}
        error={isWrong ? "Use letters, digits, “.”, “-” and “_”. It cannot end in .git or .lock." : undefined}
        onChange={(event) => onName(event.target.value)}
      />
    </div>
  );
}
