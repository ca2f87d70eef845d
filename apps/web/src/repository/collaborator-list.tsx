import type { Collaborator } from "@guts/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";

import { api } from "../api/client.ts";
import { collaboratorsQuery } from "../api/queries.ts";
import { Avatar } from "../components/avatar.tsx";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { ConfirmDialog } from "../settings/confirm-dialog.tsx";
import { roleName } from "./roles.ts";
import { useRepositoryName } from "./use-repository.ts";

/** Who has access now, the owner first. */
export function CollaboratorList(): ReactElement {
  const { data, error } = useQuery(collaboratorsQuery(useRepositoryName()));
  return (
    <section className="stack tight" aria-labelledby="people-with-access">
      <h2 id="people-with-access">People with access</h2>
      <FailureBanner error={error} />
      {data === undefined ? (
        <SkeletonRows count={2} />
      ) : (
        <ul className="box">
          {data.map((collaborator) => (
            <CollaboratorRow key={collaborator.id} collaborator={collaborator} />
          ))}
        </ul>
      )}
    </section>
  );
}

function CollaboratorRow({ collaborator }: { readonly collaborator: Collaborator }): ReactElement {
  const { owner, name } = useRepositoryName();
  const [isAsking, setIsAsking] = useState(false);
  const remove = useRemove();
  const isOwner = collaborator.login.toLowerCase() === owner.toLowerCase();
  return (
    <li className="box-row row apart wrap">
      <div className="row wrap">
        <Avatar handle={collaborator.login} />
        <Link to="/$owner" params={{ owner: collaborator.login }}>
          {collaborator.login}
        </Link>
        <span className="label">{isOwner ? "Owner" : roleName(collaborator.role_name)}</span>
      </div>
      {isOwner ? null : (
        <Button small variant="danger" aria-label={`Remove ${collaborator.login}`} onClick={() => setIsAsking(true)}>
          Remove
        </Button>
      )}
      {isAsking ? (
        <ConfirmDialog
          title={`Remove ${collaborator.login}?`}
          action="Remove"
          busy={remove.isPending}
          error={remove.error}
          onConfirm={() => remove.mutate(collaborator.login, { onSuccess: () => setIsAsking(false) })}
          onClose={() => setIsAsking(false)}
        >
          <p>
            They can no longer push to {owner}/{name}, nor read it if it is private. What they cloned stays with them.
          </p>
        </ConfirmDialog>
      ) : null}
    </li>
  );
}

function useRemove() {
  const repository = useRepositoryName();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (username: string) =>
      api.call("DELETE /api/v3/repos/{owner}/{repo}/collaborators/{username}", {
        path: { owner: repository.owner, repo: repository.name, username },
      }),
    onSuccess: () => cache.invalidateQueries({ queryKey: collaboratorsQuery(repository).queryKey }),
  });
}
