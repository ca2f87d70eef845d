import { parseHandle } from "@guts/primitives";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent, type ReactElement } from "react";

import { api } from "../api/client.ts";
import { forgetOrganizations } from "../api/organization-queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { Dialog } from "../components/dialog.tsx";
import { TextField } from "../components/field.tsx";
import { useToasts } from "../components/toast.tsx";
import { ConfirmDialog } from "../settings/confirm-dialog.tsx";
import { handleRule } from "./handle-rule.ts";
import { useOrganizationName } from "./use-organization.ts";

/** What is hard or impossible to take back, each behind a question. */
export function OrganizationDangerZone(): ReactElement {
  const [question, setQuestion] = useState<"rename" | "delete">();
  const close = (): void => setQuestion(undefined);
  return (
    <section className="stack" aria-labelledby="danger-zone">
      <h2 id="danger-zone">Danger zone</h2>
      <div className="box danger-zone">
        <div className="box-row setting-row">
          <div>
            <h3>Change the handle</h3>
            <p className="muted">The former addresses lead to the new ones.</p>
          </div>
          <Button variant="danger" onClick={() => setQuestion("rename")}>
            Change handle
          </Button>
        </div>
        <div className="box-row setting-row">
          <div>
            <h3>Delete this organization</h3>
            <p className="muted">Once it has no repositories. There is no way back.</p>
          </div>
          <Button variant="danger" onClick={() => setQuestion("delete")}>
            Delete
          </Button>
        </div>
      </div>
      {question === "rename" ? <RenameDialog onClose={close} /> : null}
      {question === "delete" ? <DeleteDialog onClose={close} /> : null}
    </section>
  );
}

function RenameDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const org = useOrganizationName();
  const [login, setLogin] = useState(org);
  const rename = useRename(org, onClose);
  const wanted = login.trim();
  const isUsable = parseHandle(wanted) !== undefined && wanted !== org;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isUsable) rename.mutate(wanted);
  };
  return (
    <Dialog title={`Change the handle of ${org}`} onClose={onClose}>
      <form className="dialog-body form" onSubmit={submit}>
        <FailureBanner error={rename.error} />
        <p>Links and clones that use {org} are led to the new handle, until another account takes the old one.</p>
        <TextField
          label="New handle"
          required
          autoFocus
          maxLength={39}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={login}
          error={wanted !== "" && parseHandle(wanted) === undefined ? handleRule : undefined}
          onChange={(event) => setLogin(event.target.value)}
        />
        <div className="form-actions">
          <Button type="submit" variant="danger" disabled={!isUsable} busy={rename.isPending}>
            Change handle
          </Button>
          <Button variant="invisible" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function useRename(org: string, onClose: () => void) {
  const cache = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  return useMutation({
    mutationFn: (login: string) =>
      api.call("PATCH /api/v3/admin/organizations/{org}", { path: { org }, body: { login } }),
    onSuccess: async (_, login) => {
      onClose();
      await navigate({ to: "/organizations/$org/settings/profile", params: { org: login }, replace: true });
      toasts.succeed(`The organization is ${login} now`);
      await forgetOrganizations(cache);
    },
  });
}

function DeleteDialog({ onClose }: { readonly onClose: () => void }): ReactElement {
  const org = useOrganizationName();
  const cache = useQueryClient();
  const navigate = useNavigate();
  const toasts = useToasts();
  const remove = useMutation({
    mutationFn: () => api.call("DELETE /api/v3/orgs/{org}", { path: { org } }),
    onSuccess: async () => {
      await navigate({ to: "/settings/organizations", replace: true });
      toasts.succeed(`Deleted ${org}`);
      await forgetOrganizations(cache);
    },
  });
  return (
    <ConfirmDialog
      title={`Delete ${org}?`}
      action="Delete this organization"
      typed={org}
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate()}
      onClose={onClose}
    >
      <p>
        Its teams, memberships and invitations end at once, at every node. Delete its repositories or hand them over
        first.
      </p>
    </ConfirmDialog>
  );
}
