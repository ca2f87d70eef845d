import { parseRepositoryName } from "@guts/primitives";
import { useQuery } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";

import { refsQuery } from "../api/queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { SelectField, TextField } from "../components/field.tsx";
import { TopicsForm } from "./topics-form.tsx";
import { useRepositoryUpdate } from "./use-repository-update.ts";
import { useRepository, useRepositoryName } from "./use-repository.ts";

/** Name, description and default branch. */
export function GeneralSettings(): ReactElement {
  return (
    <>
      <h1>General</h1>
      <Rename />
      <Description />
      <TopicsForm />
      <DefaultBranch />
    </>
  );
}

function Rename(): ReactElement {
  const { repository } = useRepository();
  const [name, setName] = useState(repository.name);
  const update = useRepositoryUpdate("Renamed. The old address leads here.");
  const wanted = name.trim();
  const isUsable = parseRepositoryName(wanted) !== undefined;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isUsable && wanted !== repository.name) update.mutate({ name: wanted });
  };
  return (
    <form className="stack tight" onSubmit={submit}>
      <FailureBanner error={update.error} />
      <div className="inline-form">
        <TextField
          label="Repository name"
          required
          maxLength={100}
          autoComplete="off"
          spellCheck={false}
          value={name}
          error={isUsable ? undefined : "Use letters, digits, “.”, “-” and “_”. It cannot end in .git or .lock."}
          onChange={(event) => setName(event.target.value)}
        />
        <Button type="submit" busy={update.isPending} disabled={!isUsable || wanted === repository.name}>
          Rename
        </Button>
      </div>
    </form>
  );
}

function Description(): ReactElement {
  const { repository } = useRepository();
  const [description, setDescription] = useState(repository.description ?? "");
  const [homepage, setHomepage] = useState(repository.homepage ?? "");
  const update = useRepositoryUpdate("Saved");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    update.mutate({ description: description.trim(), homepage: homepage.trim() });
  };
  return (
    <form className="form" onSubmit={submit}>
      <FailureBanner error={update.error} />
      <TextField
        label="Description"
        isOptional
        maxLength={350}
        value={description}
        onChange={(event) => setDescription(event.target.value)}
      />
      <TextField
        label="Website"
        isOptional
        type="url"
        placeholder="https://"
        maxLength={255}
        value={homepage}
        onChange={(event) => setHomepage(event.target.value)}
      />
      <div className="form-actions">
        <Button type="submit" busy={update.isPending}>
          Save
        </Button>
      </div>
    </form>
  );
}

function DefaultBranch(): ReactElement | null {
  const { repository } = useRepository();
  const request = { kind: "heads", query: "", page: 1, detail: "names" } as const;
  const { data } = useQuery({ ...refsQuery(useRepositoryName(), request), enabled: !repository.isEmpty });
  const update = useRepositoryUpdate("Changed the default branch");
  if (repository.isEmpty || data === undefined) return null;
  const names = new Set([repository.defaultBranch, ...data.refs.map((ref) => ref.name)]);
  return (
    <div className="stack tight">
      <FailureBanner error={update.error} />
      <SelectField
        label="Default branch"
        hint="What a clone checks out and what the repository’s page shows."
        value={repository.defaultBranch}
        disabled={update.isPending}
        options={Array.from(names, (name) => ({ value: name, label: name }))}
        onChange={(event) => update.mutate({ default_branch: event.target.value })}
      />
    </div>
  );
}
