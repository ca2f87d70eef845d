import { queryOptions, useQuery } from "@tanstack/react-query";
import { useState, type ReactElement } from "react";

import { useChange } from "../api/use-change.ts";
import { api } from "../api/client.ts";
import { FailureBanner } from "../components/banner.tsx";
import { sessionQuery } from "../api/queries.ts";
import { Button } from "../components/button.tsx";
import { CommandBlock } from "../components/copyable.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { SshKeyForm, type GivenSshKey } from "./ssh-key-form.tsx";
import { SshKeyRow } from "./ssh-key-row.tsx";

/** By which address a signed commit is known as the account's. */
function CommitAddress(): ReactElement | null {
  const address = useQuery(sessionQuery).data?.commitAddress ?? null;
  if (address === null) return null;
  return (
    <div className="stack tight">
      <p className="muted">
        Commits that you sign are shown as <strong>Verified</strong> at every node when they have this address, which
        gets no mail:
      </p>
      <CommandBlock label="Address of your commits" lines={[`git config --global user.email '${address}'`]} />
    </div>
  );
}

const signingKeysQuery = queryOptions({
  queryKey: ["own", "signing-keys"],
  queryFn: ({ signal }) => api.call("GET /api/v3/user/ssh_signing_keys", { query: { per_page: 100 }, signal }),
});

/** SSH keys with which git signs commits and tags. */
export function SigningKeys(): ReactElement {
  const { data, error } = useQuery(signingKeysQuery);
  const [isAdding, setIsAdding] = useState(false);
  const add = useChange(signingKeysQuery, "Added the signing key", (given: GivenSshKey) =>
    api.call("POST /api/v3/user/ssh_signing_keys", { body: given }),
  );
  const remove = useChange(signingKeysQuery, "Deleted the signing key", (id: number) =>
    api.call("DELETE /api/v3/user/ssh_signing_keys/{ssh_signing_key_id}", {
      path: { ssh_signing_key_id: String(id) },
    }),
  );
  return (
    <section className="stack" aria-labelledby="signing-keys">
      <div className="row apart wrap">
        <h2 id="signing-keys">SSH keys that sign</h2>
        {isAdding ? null : <Button onClick={() => setIsAdding(true)}>New signing key</Button>}
      </div>
      <p className="muted">
        They say whose the signature of a commit or tag is, and let nobody in. A key that does both is added to both
        lists.
      </p>
      <CommitAddress />
      <FailureBanner error={error} />
      {isAdding ? (
        <SshKeyForm
          name="New signing key"
          isPending={add.isPending}
          error={add.error}
          onSubmit={(given) => add.mutate(given, { onSuccess: () => setIsAdding(false) })}
          onCancel={() => setIsAdding(false)}
        />
      ) : null}
      {data === undefined && error === null ? <SkeletonRows count={1} /> : null}
      {data?.length === 0 ? <p className="box box-body muted">No signing keys.</p> : null}
      {data === undefined || data.length === 0 ? null : (
        <ul className="box" aria-label="SSH keys that sign">
          {data.map((entry) => (
            <SshKeyRow
              key={entry.id}
              entry={entry}
              warning="Signatures by this key are then nobody’s here, earlier ones too."
              removal={remove}
            />
          ))}
        </ul>
      )}
    </section>
  );
}
