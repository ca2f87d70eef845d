import { KeyIcon } from "@primer/octicons-react/KeyIcon";
import type { DeployKey } from "@guts/api";
import { useQuery } from "@tanstack/react-query";
import { createLazyRoute } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";

import { useChange } from "../api/use-change.ts";
import { api } from "../api/client.ts";
import { deployKeysQuery } from "../api/queries.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Blankslate } from "../components/blankslate.tsx";
import { Button } from "../components/button.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { RepositorySettingsFrame } from "../repository/settings-nav.tsx";
import { useRepositoryName } from "../repository/use-repository.ts";
import { LastUse } from "../settings/expiry.tsx";
import { SshKeyForm, type GivenSshKey } from "../settings/ssh-key-form.tsx";
import { SshKeyRow } from "../settings/ssh-key-row.tsx";

export const repositoryDeployKeysRoute = createLazyRoute("/$owner/$repo/settings/keys")({
  component: RepositoryDeployKeysPage,
});

/** SSH keys of machines that use this repository and no other. */
function RepositoryDeployKeysPage(): ReactElement {
  const { data, error } = useQuery(deployKeysQuery(useRepositoryName()));
  const [isAdding, setIsAdding] = useState(false);
  return (
    <RepositorySettingsFrame title="Deploy keys">
      <div className="row apart wrap">
        <h1>Deploy keys</h1>
        {isAdding ? null : (
          <Button variant="primary" onClick={() => setIsAdding(true)}>
            New deploy key
          </Button>
        )}
      </div>
      <p className="muted">
        A deploy key lets git into this repository alone, for a machine. It acts for who added it, and never beyond what
        they may.
      </p>
      <FailureBanner error={error} />
      {isAdding ? <NewDeployKey onDone={() => setIsAdding(false)} /> : null}
      {data === undefined && error === null ? <SkeletonRows count={2} /> : null}
      {data === undefined ? null : <DeployKeyList keys={data} />}
    </RepositorySettingsFrame>
  );
}

function NewDeployKey({ onDone }: { readonly onDone: () => void }): ReactElement {
  const repository = useRepositoryName();
  const { owner, name } = repository;
  const [mayWrite, setMayWrite] = useState(false);
  const add = useChange(deployKeysQuery(repository), "Added the deploy key", (given: GivenSshKey) =>
    api.call("POST /api/v3/repos/{owner}/{repo}/keys", {
      path: { owner, repo: name },
      body: { ...given, read_only: !mayWrite },
    }),
  );
  return (
    <SshKeyForm
      name="New deploy key"
      isPending={add.isPending}
      error={add.error}
      onSubmit={(given) => add.mutate(given, { onSuccess: onDone })}
      onCancel={onDone}
    >
      <label className="checkbox">
        <input type="checkbox" checked={mayWrite} onChange={(event) => setMayWrite(event.target.checked)} />
        <span>
          Allow write access
          <br />
          <span className="muted">Let it push too; without this it only fetches.</span>
        </span>
      </label>
    </SshKeyForm>
  );
}

function DeployKeyList({ keys }: { readonly keys: readonly DeployKey[] }): ReactElement {
  const repository = useRepositoryName();
  const { owner, name } = repository;
  const remove = useChange(deployKeysQuery(repository), "Deleted the deploy key", (id: number) =>
    api.call("DELETE /api/v3/repos/{owner}/{repo}/keys/{key_id}", {
      path: { owner, repo: name, key_id: String(id) },
    }),
  );
  if (keys.length === 0)
    return (
      <div className="box">
        <Blankslate icon={KeyIcon} title="No deploy keys">
          Add the public key of a machine that builds or deploys this repository.
        </Blankslate>
      </div>
    );
  return (
    <ul className="box" aria-label="Deploy keys">
      {keys.map((entry) => (
        <SshKeyRow
          key={entry.id}
          entry={entry}
          label={
            <span className={entry.read_only ? "label" : "label attention"}>
              {entry.read_only ? "read-only" : "read and write"}
            </span>
          }
          facts={
            <>
              {entry.added_by == null ? null : <span>by {entry.added_by}</span>}
              <LastUse time={entry.last_used ?? null} />
            </>
          }
          warning="The machine that uses it is let in no more, at every node."
          removal={remove}
        />
      ))}
    </ul>
  );
}
