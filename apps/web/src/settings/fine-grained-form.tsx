import type { CreatedToken, FineGrainedCreation } from "@guts/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";

import { useViewer } from "../account/session.ts";
import { api } from "../api/client.ts";
import { credentialsQuery } from "../api/queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { SelectField, TextField } from "../components/field.tsx";
import { RepositoryPicker } from "./repository-picker.tsx";
import { areaChoices, levelChoices, levelOf, type TokenArea, type TokenLevel } from "./token-areas.ts";
import { tokenOrganizationsQuery } from "./token-owners.ts";
import { lifeChoices } from "./token-scopes.ts";

interface FineGrainedFormProps {
  readonly onCreated: (token: CreatedToken) => void;
  readonly onCancel: () => void;
}

type Permissions = Readonly<Record<TokenArea, TokenLevel>>;

const nothing: Permissions = { contents: "none", administration: "none", issues: "none", pull_requests: "none" };

/** Says whose repositories a new token reaches, which of them, what it may do there, and for how long. */
export function FineGrainedForm({ onCreated, onCancel }: FineGrainedFormProps): ReactElement {
  const viewer = useViewer()?.handle ?? "";
  const [label, setLabel] = useState("");
  const [days, setDays] = useState("30");
  const [owner, setOwner] = useState(viewer);
  const [chosen, setChosen] = useState<readonly string[] | "all">([]);
  const [permissions, setPermissions] = useState<Permissions>({ ...nothing, contents: "read" });
  const create = useCreate(onCreated);
  const isReady = label.trim() !== "" && chosen.length > 0;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (!isReady) return;
    create.mutate({
      label: label.trim(),
      owner,
      permissions,
      ...(chosen === "all" ? {} : { repositories: [...chosen] }),
      ...(days === "" ? {} : { expiresInDays: Number(days) }),
    });
  };
  return (
    <form className="box" onSubmit={submit} aria-label="New fine-grained token">
      <div className="box-header">
        <h2>New fine-grained token</h2>
      </div>
      <div className="box-body form">
        <FailureBanner error={create.error} />
        <TextField
          label="What is it for?"
          required
          autoFocus
          maxLength={100}
          placeholder="Deploys of the web site"
          value={label}
          onChange={(event) => setLabel(event.target.value)}
        />
        <SelectField
          label="Expires after"
          value={days}
          options={lifeChoices.map((choice) => ({ value: String(choice.days ?? ""), label: choice.label }))}
          onChange={(event) => setDays(event.target.value)}
        />
        <OwnerField
          viewer={viewer}
          owner={owner}
          onChange={(next) => {
            setOwner(next);
            setChosen(chosen === "all" ? "all" : []);
          }}
        />
        <Places owner={owner} isSelf={owner === viewer} chosen={chosen} onChange={setChosen} />
        <PermissionFields permissions={permissions} onChange={setPermissions} />
        <div className="form-actions">
          <Button type="submit" variant="primary" busy={create.isPending} disabled={!isReady}>
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

interface OwnerFieldProps {
  readonly viewer: string;
  readonly owner: string;
  readonly onChange: (owner: string) => void;
}

function OwnerField({ viewer, owner, onChange }: OwnerFieldProps): ReactElement {
  const { data = [] } = useQuery(tokenOrganizationsQuery);
  return (
    <SelectField
      label="Resource owner"
      value={owner}
      options={[viewer, ...data].map((name) => ({ value: name, label: name }))}
      hint="The token reaches repositories of this account or organization only, and never more than you may."
      onChange={(event) => onChange(event.target.value)}
    />
  );
}

interface PlacesProps {
  readonly owner: string;
  readonly isSelf: boolean;
  readonly chosen: readonly string[] | "all";
  readonly onChange: (chosen: readonly string[] | "all") => void;
}

function Places({ owner, isSelf, chosen, onChange }: PlacesProps): ReactElement {
  return (
    <fieldset className="fieldset stack tight">
      <legend>Repositories</legend>
      <div className="choices">
        <label className="choice plain">
          <input type="radio" name="places" checked={chosen !== "all"} onChange={() => onChange([])} />
          <strong>Only selected repositories</strong>
          <small>The others look absent to the token, unless everybody may read them.</small>
        </label>
        <label className="choice plain">
          <input type="radio" name="places" checked={chosen === "all"} onChange={() => onChange("all")} />
          <strong>All repositories</strong>
          <small>Those of {owner} that you reach, later ones too.</small>
        </label>
      </div>
      {chosen === "all" ? null : (
        <RepositoryPicker key={owner} owner={owner} isSelf={isSelf} chosen={chosen} onChange={onChange} />
      )}
    </fieldset>
  );
}

interface PermissionFieldsProps {
  readonly permissions: Permissions;
  readonly onChange: (permissions: Permissions) => void;
}

function PermissionFields({ permissions, onChange }: PermissionFieldsProps): ReactElement {
  return (
    <fieldset className="fieldset stack">
      <legend>Permissions</legend>
      <p className="small muted">
        Metadata can always be read: that a repository is there, its name, description and settings.
      </p>
      {areaChoices.map(({ area, label, about }) => (
        <SelectField
          key={area}
          label={label}
          hint={about}
          value={permissions[area]}
          options={levelChoices}
          onChange={(event) => onChange({ ...permissions, [area]: levelOf(event.target.value) })}
        />
      ))}
    </fieldset>
  );
}

function useCreate(onCreated: (token: CreatedToken) => void) {
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (body: FineGrainedCreation) => api.call("POST /api/guts/tokens/fine-grained", { body }),
    onSuccess: async (token) => {
      onCreated(token);
      await cache.invalidateQueries({ queryKey: credentialsQuery.queryKey });
    },
  });
}
