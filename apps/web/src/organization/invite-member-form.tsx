import type { OrganizationRole } from "@guts/api";
import { useState, type FormEvent, type ReactElement } from "react";

import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { SelectField, TextField } from "../components/field.tsx";
import { useMembershipChange } from "./use-membership-change.ts";

const choices = [
  { value: "member", label: "Member: sees it, joins teams" },
  { value: "owner", label: "Owner: decides everything" },
] as const;

/** Invites an account into the organization by its handle. */
export function InviteMemberForm({ org }: { readonly org: string }): ReactElement {
  const [handle, setHandle] = useState("");
  const [role, setRole] = useState<OrganizationRole>("member");
  const invite = useMembershipChange(({ username }) => `Invited ${username}`);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    invite.mutate({ org, username: handle.trim(), role }, { onSuccess: () => setHandle("") });
  };
  return (
    <form className="stack tight" onSubmit={submit} aria-label="Invite somebody">
      <FailureBanner error={invite.error} />
      <div className="inline-form">
        <TextField
          label="Invite by handle"
          required
          maxLength={39}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={handle}
          onChange={(event) => setHandle(event.target.value)}
        />
        <SelectField
          label="Role"
          value={role}
          options={choices}
          onChange={(event) => setRole(event.target.value === "owner" ? "owner" : "member")}
        />
        <Button type="submit" variant="primary" busy={invite.isPending} disabled={handle.trim() === ""}>
          Invite
        </Button>
      </div>
      <p className="small muted">
        They find the invitation when they sign in, and become a member once they accept. It lapses after a week.
      </p>
    </form>
  );
}
