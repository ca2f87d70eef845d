import { handleLengthMax } from "@guts/primitives";
import { useState, type FormEvent, type ReactElement, type ReactNode } from "react";

import { FailureBanner } from "./banner.tsx";
import { Button } from "./button.tsx";
import { SelectField, TextField } from "./field.tsx";

interface InviteByHandleProps<Role extends string> {
  /** What the form is for: "Invite a collaborator". */
  readonly label: string;
  readonly roles: readonly { readonly value: Role; readonly label: string }[];
  readonly initialRole: Role;
  readonly error: unknown;
  readonly busy: boolean;
  readonly onInvite: (handle: string, role: Role, onInvited: () => void) => void;
  /** What becomes of the invitation. */
  readonly children: ReactNode;
}

/** Invites an account by its handle, in one of a few roles. */
export function InviteByHandle<Role extends string>(props: InviteByHandleProps<Role>): ReactElement {
  const { label, roles, initialRole, error, busy, onInvite, children } = props;
  const [handle, setHandle] = useState("");
  const [role, setRole] = useState(initialRole);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onInvite(handle.trim(), role, () => setHandle(""));
  };
  return (
    <form className="stack tight" onSubmit={submit} aria-label={label}>
      <FailureBanner error={error} />
      <div className="inline-form">
        <TextField
          label="Invite by handle"
          required
          maxLength={handleLengthMax}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={handle}
          onChange={(event) => setHandle(event.target.value)}
        />
        <SelectField
          label="Role"
          value={role}
          options={roles}
          onChange={(event) => setRole(roles.find(({ value }) => value === event.target.value)?.value ?? role)}
        />
        <Button type="submit" variant="primary" busy={busy} disabled={handle.trim() === ""}>
          Invite
        </Button>
      </div>
      <p className="small muted">{children}</p>
    </form>
  );
}
