import { KeyIcon } from "@primer/octicons-react/KeyIcon";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";

import { useChange } from "../api/use-change.ts";
import { api } from "../api/client.ts";
import { FailureBanner } from "../components/banner.tsx";
import { Blankslate } from "../components/blankslate.tsx";
import { Button } from "../components/button.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { LastUse } from "./expiry.tsx";
import { SshKeyForm, type GivenSshKey } from "./ssh-key-form.tsx";
import { SshKeyRow } from "./ssh-key-row.tsx";

const sshKeysQuery = queryOptions({
  queryKey: ["own", "ssh-keys"],
  queryFn: ({ signal }) => api.call("GET /api/v3/user/keys", { query: { per_page: 100 }, signal }),
});

/** Keys with which git comes in over SSH. */
export function SshKeys(): ReactElement {
  const { data, error } = useQuery(sshKeysQuery);
  const [isAdding, setIsAdding] = useState(false);
  const add = useChange(sshKeysQuery, "Added the key", (given: GivenSshKey) =>
    api.call("POST /api/v3/user/keys", { body: given }),
  );
  const remove = useChange(sshKeysQuery, "Deleted the key", (id: number) =>
    api.call("DELETE /api/v3/user/keys/{key_id}", { path: { key_id: String(id) } }),
  );
  return (
    <section className="stack" aria-labelledby="ssh-keys">
      <div className="row apart wrap">
        <h1 id="ssh-keys">SSH keys</h1>
        {isAdding ? null : (
          <Button variant="primary" onClick={() => setIsAdding(true)}>
            New SSH key
          </Button>
        )}
      </div>
      <p className="muted">
        git fetches and pushes with them over SSH, at every node of the network. They do nothing else in your name.
      </p>
      <FailureBanner error={error} />
      {isAdding ? (
        <SshKeyForm
          name="New SSH key"
          isPending={add.isPending}
          error={add.error}
          onSubmit={(given) => add.mutate(given, { onSuccess: () => setIsAdding(false) })}
          onCancel={() => setIsAdding(false)}
        />
      ) : null}
      {data === undefined && error === null ? <SkeletonRows count={2} /> : null}
      {data?.length === 0 ? (
        <div className="box">
          <Blankslate icon={KeyIcon} title="No SSH keys">
            Add the public key of this device to clone with ssh://.
          </Blankslate>
        </div>
      ) : null}
      {data === undefined || data.length === 0 ? null : (
        <ul className="box" aria-label="SSH keys">
          {data.map((entry) => (
            <SshKeyRow
              key={entry.id}
              entry={entry}
              facts={<LastUse time={entry.last_used} />}
              warning="Whatever uses it is let in no more, at every node."
              removal={remove}
            />
          ))}
        </ul>
      )}
    </section>
  );
}
