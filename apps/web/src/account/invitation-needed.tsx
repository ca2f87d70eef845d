import { parseInvitation } from "@guts/ledger";
import type { PrivateSeed } from "@guts/primitives";
import { Link } from "@tanstack/react-router";
import { useState, type FormEvent, type ReactElement } from "react";

import { Button } from "../components/button.tsx";
import { TextField } from "../components/field.tsx";
import { AuthFrame } from "./auth-frame.tsx";

interface InvitationNeededProps {
  readonly networkName: string;
  readonly isClosed: boolean;
  readonly onInvited: (invitation: PrivateSeed) => void;
}

/** Asks for an invitation where an account is not to be had without one. */
export function InvitationNeeded({ networkName, isClosed, onInvited }: InvitationNeededProps): ReactElement {
  const [text, setText] = useState("");
  const [hasTried, setHasTried] = useState(false);
  // People paste the link as often as the invitation in it.
  const invitation = parseInvitation(text.slice(text.lastIndexOf("#") + 1));
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    setHasTried(true);
    if (invitation !== undefined) onInvited(invitation);
  };
  const lead = isClosed
    ? `The network “${networkName}” is closed: only some invitations of its administrators open an account.`
    : `The network “${networkName}” takes new accounts by invitation of its administrators.`;
  return (
    <AuthFrame title="You need an invitation" lead={lead} wide>
      <form className="form" onSubmit={submit}>
        <TextField
          label="Invitation"
          isCode
          required
          autoFocus
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          placeholder="guts-invitation-…"
          value={text}
          error={hasTried && invitation === undefined ? "This is not a whole invitation." : undefined}
          hint="The link that you were sent, or the text that it ends with. It stays in this browser."
          onChange={(event) => setText(event.target.value)}
        />
        <Button type="submit" variant="primary" block>
          Continue
        </Button>
        <p className="muted">
          Have an account? <Link to="/signin">Sign in</Link> or <Link to="/recover">use your recovery code</Link>.
        </p>
      </form>
    </AuthFrame>
  );
}
