import { parseHandle } from "@guts/primitives";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createLazyRoute, useNavigate } from "@tanstack/react-router";
import { useState, type FormEvent, type ReactElement } from "react";

import { useViewer } from "../account/session.ts";
import { api } from "../api/client.ts";
import { forgetOrganizations } from "../api/organization-queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { TextField } from "../components/field.tsx";
import { handleRule } from "../organization/handle-rule.ts";

export const newOrganizationRoute = createLazyRoute("/account/organizations/new")({ component: NewOrganizationPage });

/** Makes an organization, whose owner is who makes it. */
function NewOrganizationPage(): ReactElement {
  const [handle, setHandle] = useState("");
  const [name, setName] = useState("");
  const viewer = useViewer();
  const create = useCreate();
  const login = handle.trim();
  const isUsable = parseHandle(login) !== undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isUsable) create.mutate({ login, name: name.trim() });
  };
  return (
    <div className="page narrow">
      <title>New organization · Guts</title>
      <div className="page-title">
        <h1>New organization</h1>
      </div>
      <p className="page-lead">An organization owns repositories for several people, who work in teams.</p>
      <form className="form" onSubmit={submit}>
        <FailureBanner error={create.error} />
        <TextField
          label="Handle"
          autoFocus
          required
          maxLength={39}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          value={handle}
          error={login !== "" && !isUsable ? handleRule : undefined}
          hint={`Its address: ${window.location.host}/${isUsable ? login : "…"}`}
          onChange={(event) => setHandle(event.target.value)}
        />
        <TextField
          label="Display name"
          isOptional
          maxLength={255}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <p className="muted">
          {viewer ? `${viewer.handle} becomes its owner` : "You become its owner"} and invites others, also as owners.
          It has no password and no key: its members act for it.
        </p>
        <div className="form-actions">
          <Button type="submit" variant="primary" busy={create.isPending} disabled={!isUsable}>
            Create organization
          </Button>
        </div>
      </form>
    </div>
  );
}

function useCreate() {
  const cache = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: ({ login, name }: { readonly login: string; readonly name: string }) =>
      api.call("POST /api/v3/admin/organizations", {
        body: { login, ...(name === "" ? {} : { profile_name: name }) },
      }),
    onSuccess: async ({ login }) => {
      await forgetOrganizations(cache);
      await navigate({ to: "/$owner", params: { owner: login } });
    },
  });
}
