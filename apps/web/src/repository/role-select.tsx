import type { Role } from "@guts/api";
import type { ReactElement } from "react";

import { roleChoiceOf, roleChoices, roleName, type RoleChoice } from "./roles.ts";

interface RoleSelectProps {
  /** Whose role it is, for those who do not see where it stands. */
  readonly label: string;
  readonly role: Role;
  readonly disabled?: boolean;
  readonly onChange: (role: RoleChoice) => void;
}

/** One of the five roles on a repository. */
export function RoleSelect({ label, role, disabled, onChange }: RoleSelectProps): ReactElement {
  return (
    <select
      className="select compact"
      aria-label={label}
      disabled={disabled}
      value={roleChoiceOf(role)}
      onChange={(event) => onChange(roleChoiceOf(event.target.value))}
    >
      {roleChoices.map(({ value }) => (
        <option key={value} value={value}>
          {roleName(value)}
        </option>
      ))}
    </select>
  );
}
