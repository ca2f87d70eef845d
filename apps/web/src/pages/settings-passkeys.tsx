import { PasskeyFillIcon } from "@primer/octicons-react/PasskeyFillIcon";
import type { Passkey } from "@guts/api";
import { useQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { useState, type FormEvent, type ReactElement } from "react";

import { useChange } from "../api/use-change.ts";
import { useViewer } from "../account/session.ts";
import { api } from "../api/client.ts";
import { passkeysQuery, sessionQuery } from "../api/queries.ts";
import { Banner, FailureBanner } from "../components/banner.tsx";
import { Blankslate } from "../components/blankslate.tsx";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { TextField } from "../components/field.tsx";
import { RelativeTime } from "../components/relative-time.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { canUsePasskeys, createPasskey, passkeyName } from "../identity/passkey.ts";
import { ConfirmDialog } from "../settings/confirm-dialog.tsx";

export const settingsPasskeysRoute = createLazyRoute("/settings/passkeys")({ component: PasskeysPage });

/** Passkeys of this node: list, add, rename, remove. */
function PasskeysPage(): ReactElement {
  const { data, error } = useQuery(passkeysQuery);
  const add = useAdd();
  return (
    <div className="stack">
      <title>Passkeys · Settings · Guts</title>
      <div className="row apart wrap">
        <h1>Passkeys</h1>
        {canUsePasskeys() ? (
          <Button variant="primary" busy={add.isPending} onClick={() => add.mutate()}>
            Add a passkey
          </Button>
        ) : null}
      </div>
      <p className="muted">
        Sign in at this node with the lock of your device or a security key. This node alone knows them; at other nodes,
        and if this one is gone, your recovery code works.
      </p>
      {canUsePasskeys() ? null : (
        <Banner>This browser has no passkeys at this address. They need https, or a node on this machine.</Banner>
      )}
      <FailureBanner error={add.error ?? error} />
      {data === undefined ? <SkeletonRows count={2} /> : <PasskeyList passkeys={data} />}
    </div>
  );
}

function PasskeyList({ passkeys }: { readonly passkeys: readonly Passkey[] }): ReactElement {
  const { data: session } = useQuery(sessionQuery);
  if (passkeys.length === 0)
    return (
      <div className="box">
        <Blankslate icon={PasskeyFillIcon} title="No passkeys">
          Add one to sign in without a password.
        </Blankslate>
      </div>
    );
  return (
    <ul className="box" aria-label="Passkeys">
      {passkeys.map((passkey) => (
        <PasskeyRow
          key={passkey.id}
          passkey={passkey}
          isOnlyWay={passkeys.length === 1 && session?.hasPassword === false}
        />
      ))}
    </ul>
  );
}

interface PasskeyRowProps {
  readonly passkey: Passkey;
  /** Whether nothing else signs the account in at this node: no other passkey and no password. */
  readonly isOnlyWay: boolean;
}

function PasskeyRow({ passkey, isOnlyWay }: PasskeyRowProps): ReactElement {
  const [asked, setAsked] = useState<"rename" | "remove">();
  const remove = useChange(passkeysQuery, `Removed “${passkey.name}”`, () =>
    api.call("DELETE /api/guts/passkeys/{id}", { path: { id: passkey.id } }),
  );
  const close = (): void => setAsked(undefined);
  return (
    <li className="box-row key-row">
      <PasskeyFillIcon />
      <div className="grow">
        <div className="row wrap">
          <strong>{passkey.name}</strong>
          {passkey.isSynced ? <span className="label">synced</span> : null}
        </div>
        <div className="meta">
          <span>
            Added <RelativeTime time={passkey.createdAt} />
          </span>
          <span>
            {passkey.lastUsedAt === null ? (
              "Not used yet"
            ) : (
              <>
                Last used <RelativeTime time={passkey.lastUsedAt} />
              </>
            )}
          </span>
        </div>
      </div>
      <Button small aria-label={`Rename ${passkey.name}`} onClick={() => setAsked("rename")}>
        Rename
      </Button>
      <Button small variant="danger" aria-label={`Remove ${passkey.name}`} onClick={() => setAsked("remove")}>
        Remove
      </Button>
      {asked === "rename" ? <RenameDialog passkey={passkey} onClose={close} /> : null}
      {asked === "remove" ? (
        <ConfirmDialog
          title={`Remove “${passkey.name}”?`}
          action="Remove passkey"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(undefined, { onSuccess: close })}
          onClose={close}
        >
          {isOnlyWay ? (
            <Banner tone="attention">
              This is your last passkey, and you have no password at this node: afterwards only your recovery code signs
              you in.
            </Banner>
          ) : null}
          <p>It no longer signs you in here. Delete it in the device or password manager that holds it, too.</p>
        </ConfirmDialog>
      ) : null}
    </li>
  );
}

function RenameDialog({ passkey, onClose }: { readonly passkey: Passkey; readonly onClose: () => void }): ReactElement {
  const [name, setName] = useState(passkey.name);
  const rename = useChange(passkeysQuery, "Renamed", () =>
    api.call("PATCH /api/guts/passkeys/{id}", { path: { id: passkey.id }, body: { name: name.trim() } }),
  );
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    rename.mutate(undefined, { onSuccess: onClose });
  };
  return (
    <Dialog title="Rename the passkey" onClose={onClose}>
      <form className="dialog-body form" onSubmit={submit}>
        <FailureBanner error={rename.error} />
        <TextField
          label="Name"
          required
          autoFocus
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <div className="form-actions">
          <Button type="submit" variant="primary" busy={rename.isPending} disabled={name.trim() === ""}>
            Save
          </Button>
          <Button variant="invisible" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function useAdd() {
  const viewer = useViewer();
  return useChange(passkeysQuery, "Added a passkey", async () => {
    const body = await createPasskey("add", { handle: viewer?.handle ?? "", name: passkeyName() });
    return api.call("POST /api/guts/passkeys", { body });
  });
}
