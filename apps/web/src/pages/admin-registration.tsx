import type { Network } from "@guts/api";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createLazyRoute, Link } from "@tanstack/react-router";
import { useState, type FormEvent, type ReactElement } from "react";

import { api } from "../api/client.ts";
import { networkQuery, sessionQuery } from "../api/queries.ts";
import { useChange } from "../api/use-change.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { Choices } from "../components/choices.tsx";
import { TextField } from "../components/field.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";

export const adminRegistrationRoute = createLazyRoute("/admin/registration")({ component: AdminRegistrationPage });

type Registration = Network["registration"];

const choices: readonly { readonly value: Registration; readonly label: string; readonly meaning: string }[] = [
  { value: "open", label: "Open", meaning: "Anybody opens an account." },
  {
    value: "invite",
    label: "By invitation",
    meaning: "Whoever has an invitation of an administrator opens an account.",
  },
  {
    value: "closed",
    label: "Closed",
    meaning: "Nobody opens an account, except by invitations that are good even then.",
  },
];

/** Who may open accounts on the network. */
function AdminRegistrationPage(): ReactElement {
  const { data: network, error } = useQuery(networkQuery);
  return (
    <div className="stack">
      <title>Registration · Site admin · Guts</title>
      <h1>Registration</h1>
      <FailureBanner error={error} />
      {network === undefined ? (
        <SkeletonRows count={3} />
      ) : (
        <RegistrationForm key={network.registration} present={network.registration} />
      )}
    </div>
  );
}

function RegistrationForm({ present }: { readonly present: Registration }): ReactElement {
  const [wanted, setWanted] = useState(present);
  const [reason, setReason] = useState("");
  const change = useRegistration();
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!change.isPending) change.mutate({ registration: wanted, reason: reason.trim() });
  };
  return (
    <form className="form" onSubmit={submit}>
      <FailureBanner error={change.error} />
      <fieldset className="fieldset stack tight">
        <legend>Who may open an account</legend>
        <p className="muted">
          It holds at every node, from one block on. <Link to="/admin/invitations">Invitations</Link> are made apart.
        </p>
        <Choices name="registration" choices={choices} value={wanted} onChange={setWanted} />
      </fieldset>
      <TextField
        label="Reason"
        isOptional
        maxLength={500}
        value={reason}
        hint="It stands in the audit log of the network."
        onChange={(event) => setReason(event.target.value)}
      />
      <div className="form-actions">
        <Button type="submit" variant="primary" busy={change.isPending} disabled={wanted === present}>
          Change registration
        </Button>
      </div>
    </form>
  );
}

interface Change {
  readonly registration: Registration;
  readonly reason: string;
}

function useRegistration() {
  const cache = useQueryClient();
  return useChange(networkQuery, "Changed who may open accounts", async ({ registration, reason }: Change) => {
    await api.call("PUT /api/guts/registration", { body: { registration, ...(reason !== "" && { reason }) } });
    await cache.invalidateQueries({ queryKey: sessionQuery.queryKey });
  });
}
