import { LockIcon } from "@primer/octicons-react/LockIcon";
import { RepoIcon } from "@primer/octicons-react/RepoIcon";
import { parseRepositoryName } from "@guts/primitives";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createLazyRoute, useNavigate } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";

import { useViewer } from "../account/session.ts";
import { api } from "../api/client.ts";
import { forgetRepository } from "../api/queries.ts";
import { Banner, FailureBanner } from "../components/banner.tsx";
import { Avatar } from "../components/avatar.tsx";
import { Button } from "../components/button.tsx";
import { TextField } from "../components/field.tsx";

export const newRepositoryRoute = createLazyRoute("/new")({ component: NewRepositoryPage });

interface Draft {
  readonly name: string;
  readonly description: string;
  readonly isPrivate: boolean;
}

/** Creates a repository of one's own. */
function NewRepositoryPage(): ReactElement {
  const [draft, setDraft] = useState<Draft>({ name: "", description: "", isPrivate: false });
  const create = useCreate();
  const name = draft.name.trim();
  const isUsable = parseRepositoryName(name) !== undefined;
  const change = (part: Partial<Draft>): void => setDraft({ ...draft, ...part });
  return (
    <div className="page narrow">
      <title>New repository · Guts</title>
      <div className="page-title">
        <h1>New repository</h1>
      </div>
      <p className="page-lead">A repository holds a project’s files and every version of them.</p>
      <form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          if (isUsable) create.mutate({ ...draft, name });
        }}
      >
        <FailureBanner error={create.error} />
        <NameField name={draft.name} onChange={(value) => change({ name: value })} />
        <TextField
          label="Description"
          isOptional
          maxLength={350}
          value={draft.description}
          onChange={(event) => change({ description: event.target.value })}
        />
        <VisibilityChoice isPrivate={draft.isPrivate} onChange={(isPrivate) => change({ isPrivate })} />
        <div className="form-actions">
          <Button type="submit" variant="primary" busy={create.isPending} disabled={!isUsable}>
            Create repository
          </Button>
        </div>
      </form>
    </div>
  );
}

function NameField({
  name,
  onChange,
}: {
  readonly name: string;
  readonly onChange: (name: string) => void;
}): ReactElement {
  const viewer = useViewer();
  const isWrong = name.trim() !== "" && parseRepositoryName(name.trim()) === undefined;
  return (
    <div className="owner-slash">
      <span className="static owner-static">
        {viewer ? <Avatar handle={viewer.handle} /> : null} {viewer?.handle}
      </span>
      <span className="static muted" aria-hidden="true">
        /
      </span>
      <TextField
        label="Repository name"
        autoFocus
        required
        maxLength={100}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={name}
        error={isWrong ? "Use letters, digits, “.”, “-” and “_”. It cannot end in .git or .lock." : undefined}
        onChange={(event) => onChange(event.target.value)}
      />
    </div>
  );
}

interface VisibilityChoiceProps {
  readonly isPrivate: boolean;
  readonly onChange: (isPrivate: boolean) => void;
}

function VisibilityChoice({ isPrivate, onChange }: VisibilityChoiceProps): ReactElement {
  return (
    <fieldset className="fieldset stack tight">
      <legend>Who may read it</legend>
      <div className="choices">
        <label className="choice">
          <input type="radio" name="visibility" checked={!isPrivate} onChange={() => onChange(false)} />
          <RepoIcon />
          <strong>Public</strong>
          <small>Anyone can read and clone it. You choose who may push.</small>
        </label>
        <label className="choice">
          <input type="radio" name="visibility" checked={isPrivate} onChange={() => onChange(true)} />
          <LockIcon />
          <strong>Private</strong>
          <small>Only you and the people you invite can find it.</small>
        </label>
      </div>
      {isPrivate ? (
        <Banner tone="attention">
          <strong>Operators of nodes can read private repositories.</strong> The network hides them from everyone else,
          but they are not encrypted on the nodes that store them. Do not keep secrets in a repository.
        </Banner>
      ) : null}
    </fieldset>
  );
}

function useCreate() {
  const cache = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: ({ name, description, isPrivate }: Draft) =>
      api.call("POST /api/v3/user/repos", {
        body: { name, private: isPrivate, ...(description.trim() === "" ? {} : { description: description.trim() }) },
      }),
    onSuccess: async (created) => {
      const repository = { owner: created.owner.login, name: created.name };
      await forgetRepository(cache, repository);
      await navigate({ to: "/$owner/$repo", params: { owner: repository.owner, repo: repository.name } });
    },
  });
}
