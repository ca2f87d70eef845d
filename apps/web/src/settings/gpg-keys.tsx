import { KeyIcon } from "@primer/octicons-react/KeyIcon";
import type { GpgKey } from "@guts/api";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";

import { useChange } from "../api/use-change.ts";
import { api } from "../api/client.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { TextArea, TextField } from "../components/field.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { ConfirmDialog } from "./confirm-dialog.tsx";
import { Expiry } from "./expiry.tsx";

const gpgKeysQuery = queryOptions({
  queryKey: ["own", "gpg-keys"],
  queryFn: ({ signal }) => api.call("GET /api/v3/user/gpg_keys", { query: { per_page: 100 }, signal }),
});

/** OpenPGP keys with which git signs commits and tags. */
export function GpgKeys(): ReactElement {
  const { data, error } = useQuery(gpgKeysQuery);
  const [isAdding, setIsAdding] = useState(false);
  return (
    <section className="stack" aria-labelledby="gpg-keys">
      <div className="row apart wrap">
        <h2 id="gpg-keys">GPG keys</h2>
        {isAdding ? null : <Button onClick={() => setIsAdding(true)}>New GPG key</Button>}
      </div>
      <FailureBanner error={error} />
      {isAdding ? <GpgKeyForm onDone={() => setIsAdding(false)} /> : null}
      {data === undefined && error === null ? <SkeletonRows count={1} /> : null}
      {data?.length === 0 ? <p className="box box-body muted">No GPG keys.</p> : null}
      {data === undefined || data.length === 0 ? null : (
        <ul className="box" aria-label="GPG keys">
          {data.map((entry) => (
            <GpgKeyRow key={entry.id} entry={entry} />
          ))}
        </ul>
      )}
    </section>
  );
}

function GpgKeyForm({ onDone }: { readonly onDone: () => void }): ReactElement {
  const [key, setKey] = useState("");
  const [name, setName] = useState("");
  const add = useChange(gpgKeysQuery, "Added the GPG key", () =>
    api.call("POST /api/v3/user/gpg_keys", {
      body: { armored_public_key: key, ...(name.trim() !== "" && { name: name.trim() }) },
    }),
  );
  const isPrivate = key.includes("PRIVATE KEY");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isPrivate && key.trim() !== "") add.mutate(undefined, { onSuccess: onDone });
  };
  return (
    <form className="box" onSubmit={submit} aria-label="New GPG key">
      <div className="box-header">
        <h2>New GPG key</h2>
      </div>
      <div className="box-body form">
        <FailureBanner error={add.error} />
        <TextField
          label="Title"
          isOptional
          autoFocus
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <TextArea
          label="Armored public key"
          required
          rows={8}
          spellCheck={false}
          placeholder="-----BEGIN PGP PUBLIC KEY BLOCK-----"
          hint="What gpg --armor --export --export-options export-minimal YOU prints."
          error={isPrivate ? "This is a private key. Never give it to anybody." : undefined}
          value={key}
          onChange={(event) => setKey(event.target.value)}
        />
        <div className="form-actions">
          <Button type="submit" variant="primary" busy={add.isPending} disabled={isPrivate || key.trim() === ""}>
            Add key
          </Button>
          <Button variant="invisible" onClick={onDone}>
            Cancel
          </Button>
        </div>
      </div>
    </form>
  );
}

function GpgKeyRow({ entry }: { readonly entry: GpgKey }): ReactElement {
  const [isAsking, setIsAsking] = useState(false);
  const remove = useChange(gpgKeysQuery, "Deleted the GPG key", () =>
    api.call("DELETE /api/v3/user/gpg_keys/{gpg_key_id}", { path: { gpg_key_id: String(entry.id) } }),
  );
  const title = entry.name ?? entry.key_id;
  return (
    <li className="box-row key-row">
      <KeyIcon />
      <div className="grow">
        <div className="row wrap">
          <strong>{title}</strong>
          {entry.revoked ? <span className="label attention">revoked</span> : null}
          {entry.emails.map(({ email }) => (
            <span key={email} className="label">
              {email}
            </span>
          ))}
        </div>
        <div className="fingerprint">{entry.key_id}</div>
        <div className="meta">
          <span>
            Added <RelativeTime time={entry.created_at} />
          </span>
          <Expiry time={entry.expires_at} />
          {entry.subkeys.length === 0 ? null : <span>Subkeys {entry.subkeys.map((sub) => sub.key_id).join(", ")}</span>}
        </div>
      </div>
      <Button variant="danger" small aria-label={`Delete ${title}`} onClick={() => setIsAsking(true)}>
        Delete
      </Button>
      {isAsking ? (
        <ConfirmDialog
          title={`Delete “${title}”?`}
          action="Delete key"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(undefined, { onSuccess: () => setIsAsking(false) })}
          onClose={() => setIsAsking(false)}
        >
          <p>Signatures by this key are then nobody’s here, earlier ones too.</p>
        </ConfirmDialog>
      ) : null}
    </li>
  );
}
