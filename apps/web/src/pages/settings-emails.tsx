import { MailIcon } from "@primer/octicons-react/MailIcon";
import type { Email } from "@guts/api";
import { useQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { useState, type FormEvent, type ReactElement } from "react";

import { api } from "../api/client.ts";
import { ownEmailsQuery } from "../api/queries.ts";
import { useChange } from "../api/use-change.ts";
import { Banner, FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { TextField } from "../components/field.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";

export const settingsEmailsRoute = createLazyRoute("/settings/emails")({ component: EmailsPage });

/** One's e-mail addresses, which this node keeps to itself. */
function EmailsPage(): ReactElement {
  const { data, error } = useQuery(ownEmailsQuery);
  return (
    <div className="stack">
      <title>Emails · Settings · Guts</title>
      <div>
        <h1>Emails</h1>
        <p className="muted">
          Your addresses stay at this node: no other node learns them, and they are on no ledger. Nobody signs in with
          them.
        </p>
      </div>
      <FailureBanner error={error} />
      <Banner tone="accent">
        This node sends no mail, so it cannot verify an address, and nothing is ever sent to one.
      </Banner>
      {data === undefined ? (
        error === null ? (
          <SkeletonRows count={2} />
        ) : null
      ) : (
        <>
          <Addresses emails={data} />
          <AddAddress />
          <Visibility emails={data} />
        </>
      )}
    </div>
  );
}

/** The address that the node gives itself is the one that is verified. */
const isNoReply = ({ verified }: Email): boolean => verified;

function Addresses({ emails }: { readonly emails: readonly Email[] }): ReactElement | null {
  const own = emails.filter((email) => !isNoReply(email));
  if (own.length === 0) return null;
  return (
    <ul className="box" aria-label="Addresses">
      {own.map((email) => (
        <AddressRow key={email.email} email={email} isLast={own.length === 1} />
      ))}
    </ul>
  );
}

function AddressRow({ email, isLast }: { readonly email: Email; readonly isLast: boolean }): ReactElement {
  const { email: address, primary } = email;
  const choose = useChange(ownEmailsQuery, "Primary address changed", () =>
    api.call("PUT /api/guts/emails/primary", { body: { email: address } }),
  );
  const remove = useChange(ownEmailsQuery, "Address removed", () =>
    api.call("DELETE /api/v3/user/emails", { body: { emails: [address] } }),
  );
  return (
    <li className="box-row setting-row">
      <div className="row">
        <MailIcon />
        <div className="grow">
          <div className="row wrap">
            <strong>{address}</strong>
            {primary ? <span className="label accent">Primary</span> : null}
            {email.visibility === "public" ? <span className="label">Public</span> : null}
          </div>
          <p className="small muted">Not verified</p>
          <FailureBanner error={choose.error ?? remove.error} />
        </div>
      </div>
      <div className="row">
        {primary ? null : (
          <Button small busy={choose.isPending} aria-label={`Make ${address} primary`} onClick={() => choose.mutate()}>
            Make primary
          </Button>
        )}
        {primary && !isLast ? null : (
          <Button
            small
            variant="danger"
            busy={remove.isPending}
            aria-label={`Remove ${address}`}
            onClick={() => remove.mutate()}
          >
            Remove
          </Button>
        )}
      </div>
    </li>
  );
}

function AddAddress(): ReactElement {
  const [address, setAddress] = useState("");
  const add = useChange(ownEmailsQuery, "Address added", () =>
    api.call("POST /api/v3/user/emails", { body: { emails: [address.trim()] } }),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    add.mutate(undefined, { onSuccess: () => setAddress("") });
  };
  return (
    <form className="form" onSubmit={submit}>
      <FailureBanner error={add.error} />
      <TextField
        label="Add an address"
        type="email"
        autoComplete="email"
        required
        maxLength={254}
        value={address}
        onChange={(event) => setAddress(event.target.value)}
      />
      <div className="form-actions">
        <Button type="submit" busy={add.isPending}>
          Add
        </Button>
      </div>
    </form>
  );
}

function Visibility({ emails }: { readonly emails: readonly Email[] }): ReactElement {
  const primary = emails.find((email) => email.primary && !isNoReply(email));
  const noReply = emails.find(isNoReply)?.email;
  const isPrivate = primary?.visibility !== "public";
  const change = useChange(ownEmailsQuery, "Saved", (visibility: "public" | "private") =>
    api.call("PATCH /api/v3/user/email/visibility", { body: { visibility } }),
  );
  return (
    <section className="stack tight" aria-labelledby="privacy">
      <h2 id="privacy">Privacy</h2>
      <FailureBanner error={change.error} />
      <label className="checkbox">
        <input
          type="checkbox"
          checked={change.isPending ? change.variables === "private" : isPrivate}
          disabled={primary === undefined || change.isPending}
          onChange={({ target }) => change.mutate(target.checked ? "private" : "public")}
        />
        Keep my e-mail address private
      </label>
      <p className="small muted">
        What you commit in the browser then says <code>{noReply}</code>. Otherwise it says your primary address, which
        is also shown on your profile to who asks this node. Commits that you make with git say what your git is told
        to.
      </p>
    </section>
  );
}
