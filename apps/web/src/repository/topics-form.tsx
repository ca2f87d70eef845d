import { parseTopic } from "@guts/primitives";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState, type FormEvent, type ReactElement } from "react";

import { api } from "../api/client.ts";
import { forgetRepository } from "../api/queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { TextField } from "../components/field.tsx";
import { useToasts } from "../components/toast.tsx";
import { useRepository, useRepositoryName } from "./use-repository.ts";

/** Says what the repository is about, as words in one field. */
export function TopicsForm(): ReactElement {
  const { repository } = useRepository();
  const [text, setText] = useState(repository.topics.join(" "));
  const update = useTopicsUpdate();
  const names = text.split(/[\s,]+/).filter((name) => name !== "");
  const wrong = names.find((name) => parseTopic(name.toLowerCase()) === undefined);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (wrong === undefined) update.mutate(names);
  };
  return (
    <form className="stack tight" onSubmit={submit}>
      <FailureBanner error={update.error} />
      <TextField
        label="Topics"
        isOptional
        hint="Words with a space between them: up to 20, of letters, digits and hyphens."
        autoComplete="off"
        spellCheck={false}
        value={text}
        error={wrong === undefined ? undefined : `“${wrong}” is no topic. Use letters, digits and hyphens.`}
        onChange={(event) => setText(event.target.value)}
      />
      <div className="form-actions">
        <Button type="submit" busy={update.isPending} disabled={wrong !== undefined}>
          Save topics
        </Button>
      </div>
    </form>
  );
}

function useTopicsUpdate() {
  const repository = useRepositoryName();
  const cache = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: (names: readonly string[]) =>
      api.call("PUT /api/v3/repos/{owner}/{repo}/topics", {
        path: { owner: repository.owner, repo: repository.name },
        body: { names: [...names] },
      }),
    onSuccess: async () => {
      toasts.succeed("Saved");
      await forgetRepository(cache, repository);
    },
  });
}
