import type { CreatedToken, TokenScope } from "@guts/api";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";

import { api } from "../api/client.ts";
import { credentialsQuery } from "../api/queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { SelectField, TextField } from "../components/field.tsx";
import { lifeChoices, scopeChoices } from "./token-scopes.ts";

interface NewTokenFormProps {
  readonly onCreated: (token: CreatedToken) => void;
  readonly onCancel: () => void;
}

/** Says what a new token is for, what it may do and for how long. */
export function NewTokenForm({ onCreated, onCancel }: NewTokenFormProps): ReactElement {
  const [label, setLabel] = useState("");
  const [days, setDays] = useState("30");
  const [scopes, setScopes] = useState<readonly TokenScope[]>(["repo"]);
  const create = useCreateToken(onCreated);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    create.mutate({
      label: label.trim(),
      scopes: [...scopes],
      ...(days === "" ? {} : { expiresInDays: Number(days) }),
    });
  };
  return (
    <form className="box" onSubmit={submit} aria-label="New classic token">
      <div className="box-header">
        <h2>New classic token</h2>
      </div>
      <div className="box-body form">
        <FailureBanner error={create.error} />
        <TextField
          label="What is it for?"
          required
          autoFocus
          maxLength={100}
          placeholder="git on my laptop"
          value={label}
          onChange={(event) => setLabel(event.target.value)}
        />
        <SelectField
          label="Expires after"
          value={days}
          options={lifeChoices.map((choice) => ({ value: String(choice.days ?? ""), label: choice.label }))}
          onChange={(event) => setDays(event.target.value)}
        />
        <Scopes chosen={scopes} onChange={setScopes} />
        <div className="form-actions">
          <Button
            type="submit"
            variant="primary"
            busy={create.isPending}
            disabled={scopes.length === 0 || label.trim() === ""}
          >
            Create token
          </Button>
          <Button variant="invisible" onClick={onCancel}>
            Cancel
          </Button>
        </div>
      </div>
    </form>
  );
}

interface ScopesProps {
  readonly chosen: readonly TokenScope[];
  readonly onChange: (scopes: readonly TokenScope[]) => void;
}

function Scopes({ chosen, onChange }: ScopesProps): ReactElement {
  return (
    <fieldset className="fieldset stack tight">
      <legend>What it may do</legend>
      <div className="checkbox-grid">
        {scopeChoices.map(({ scope, label }) => (
          <label key={scope} className="checkbox">
            <input
              type="checkbox"
              checked={chosen.includes(scope)}
              onChange={(event) =>
                onChange(event.target.checked ? [...chosen, scope] : chosen.filter((other) => other !== scope))
              }
            />
            <span>
              <code>{scope}</code>
              <br />
              <span className="muted">{label}</span>
            </span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

function useCreateToken(onCreated: (token: CreatedToken) => void) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: { label: string; scopes: TokenScope[]; expiresInDays?: number }) =>
      api.call("POST /api/guts/tokens", { body }),
    onSuccess: async (token) => {
      onCreated(token);
      await cache.invalidateQueries({ queryKey: credentialsQuery.queryKey });
    },
  });
}
