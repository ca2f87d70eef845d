import { encodeInvitation } from "@guts/ledger";
import { parsePrivateSeed, publicKeyOf, toHex } from "@guts/primitives";
import { useState, type FormEvent, type ReactElement } from "react";

import { networkInvitationsQuery } from "../api/administration-queries.ts";
import { api } from "../api/client.ts";
import { useChange } from "../api/use-change.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { TextField } from "../components/field.tsx";

const usesMax = 1_000;
const daysMax = 90;

interface NewInvitationFormProps {
  /** With the text of the invitation, which is nowhere else. */
  readonly onMade: (text: string) => void;
  readonly onCancel: () => void;
}

/** Says how many accounts an invitation opens, until when, and what for. */
export function NewInvitationForm({ onMade, onCancel }: NewInvitationFormProps): ReactElement {
  const [uses, setUses] = useState("1");
  const [days, setDays] = useState("7");
  const [isForClosed, setIsForClosed] = useState(false);
  const [reason, setReason] = useState("");
  const invite = useInvite(onMade);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (invite.isPending) return;
    const terms = { uses: Number(uses), expiresInDays: Number(days), isForClosed };
    invite.mutate({ ...terms, ...(reason.trim() !== "" && { reason: reason.trim() }) });
  };
  return (
    <form className="box" onSubmit={submit} aria-label="New invitation">
      <div className="box-header">
        <h2>New invitation</h2>
      </div>
      <div className="box-body form">
        <FailureBanner error={invite.error} />
        <div className="amounts">
          <TextField
            label="Accounts"
            type="number"
            required
            autoFocus
            min={1}
            max={usesMax}
            step={1}
            value={uses}
            hint="How many it opens in all."
            onChange={(event) => setUses(event.target.value)}
          />
          <TextField
            label="Days"
            type="number"
            required
            min={1}
            max={daysMax}
            step={1}
            value={days}
            hint="After them it is good no more."
            onChange={(event) => setDays(event.target.value)}
          />
        </div>
        <label className="checkbox">
          <input type="checkbox" checked={isForClosed} onChange={(event) => setIsForClosed(event.target.checked)} />
          <span>
            Good even while registration is closed
            <br />
            <span className="muted">Otherwise it opens nothing until registration is by invitation or open.</span>
          </span>
        </label>
        <TextField
          label="Reason"
          isOptional
          maxLength={500}
          placeholder="spring course"
          value={reason}
          hint="It stands in the audit log of the network."
          onChange={(event) => setReason(event.target.value)}
        />
        <div className="form-actions">
          <Button type="submit" variant="primary" busy={invite.isPending}>
            Create invitation
          </Button>
          <Button variant="invisible" onClick={onCancel}>
            Cancel
          </Button>
        </div>
      </div>
    </form>
  );
}

interface Terms {
  readonly uses: number;
  readonly expiresInDays: number;
  readonly isForClosed: boolean;
  readonly reason?: string;
}

/** Draws the secret here, so that no node ever has it. */
function useInvite(onMade: (text: string) => void) {
  return useChange(networkInvitationsQuery, "Made an invitation", async (terms: Terms) => {
    const seed = parsePrivateSeed(crypto.getRandomValues(new Uint8Array(32)))!;
    await api.call("POST /api/guts/invitations", { body: { ...terms, key: toHex(publicKeyOf(seed)) } });
    onMade(encodeInvitation(seed));
  });
}
