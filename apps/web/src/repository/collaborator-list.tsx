import type { CollaboratorsView } from "@guts/api";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState, type ReactElement } from "react";

import { api } from "../api/client.ts";
import { explainFailure } from "../api/explain.ts";
import { collaboratorsQuery } from "../api/organization-queries.ts";
import { repositoryKey } from "../api/queries.ts";
import { Avatar } from "../components/avatar.tsx";
import { FailureBanner } from "../components/banner.tsx";
import { Button } from "../components/button.tsx";
import { SkeletonRows } from "../components/skeleton.tsx";
import { useToasts } from "../components/toast.tsx";
import { ConfirmDialog } from "../settings/confirm-dialog.tsx";
import { RoleSelect } from "./role-select.tsx";
import { roleName, type RoleChoice } from "./roles.ts";
import { useRepositoryName } from "./use-repository.ts";

interface CollaboratorListProps {
  /** The person who owns the repository; an organization's has none. */
  readonly owner: string | undefined;
  readonly onExplain: (username: string) => void;
}

/** Who has a role of their own now, the owner first. */
export function CollaboratorList({ owner, onExplain }: CollaboratorListProps): ReactElement {
  const [page, setPage] = useState(1);
  const { data, error } = useQuery(collaboratorsQuery(useRepositoryName(), page));
  const isEmpty = data?.collaborators.length === 0 && page === 1 && owner === undefined;
  return (
    <section className="stack tight" aria-labelledby="people-with-access">
      <h3 id="people-with-access">People with access</h3>
      <FailureBanner error={error} />
      {data === undefined ? <SkeletonRows count={2} /> : null}
      {isEmpty ? <p className="muted">Nobody has a role of their own on this repository.</p> : null}
      {data === undefined || isEmpty ? null : (
        <ul className="box">
          {owner === undefined || page > 1 ? null : <OwnerRow owner={owner} />}
          {data.collaborators.map((collaborator) => (
            <CollaboratorRow key={collaborator.handle} collaborator={collaborator} onExplain={onExplain} />
          ))}
        </ul>
      )}
      {page > 1 || data?.hasMore ? (
        <div className="form-actions">
          <Button small disabled={page === 1} onClick={() => setPage(page - 1)}>
            Previous
          </Button>
          <Button small disabled={data?.hasMore !== true} onClick={() => setPage(page + 1)}>
            More people
          </Button>
        </div>
      ) : null}
    </section>
  );
}

function OwnerRow({ owner }: { readonly owner: string }): ReactElement {
  return (
    <li className="box-row row">
      <Avatar handle={owner} size={28} />
      <Link to="/$owner" params={{ owner }}>
        {owner}
      </Link>
      <span className="label">Owner</span>
    </li>
  );
}

interface CollaboratorRowProps {
  readonly collaborator: CollaboratorsView["collaborators"][number];
  readonly onExplain: (username: string) => void;
}

function CollaboratorRow({ collaborator, onExplain }: CollaboratorRowProps): ReactElement {
  const { handle, role, permission } = collaborator;
  const [isAsking, setIsAsking] = useState(false);
  const change = useRoleChange();
  return (
    <li className="box-row setting-row">
      <div className="row wrap">
        <Avatar handle={handle} size={28} />
        <Link to="/$owner" params={{ owner: handle }}>
          {handle}
        </Link>
        {permission === role ? null : <span className="label accent">{roleName(permission)} in all</span>}
      </div>
      <div className="row">
        <RoleSelect
          label={`Role of ${handle}`}
          role={role}
          disabled={change.isPending}
          onChange={(wanted) => change.mutate({ username: handle, role: wanted })}
        />
        <Button small aria-label={`Why does ${handle} have access?`} onClick={() => onExplain(handle)}>
          Why?
        </Button>
        <Button small variant="danger" aria-label={`Remove ${handle}`} onClick={() => setIsAsking(true)}>
          Remove
        </Button>
      </div>
      {isAsking ? <RemoveDialog username={handle} onClose={() => setIsAsking(false)} /> : null}
    </li>
  );
}

function RemoveDialog({
  username,
  onClose,
}: {
  readonly username: string;
  readonly onClose: () => void;
}): ReactElement {
  const { owner, name } = useRepositoryName();
  const remove = useRemove();
  return (
    <ConfirmDialog
      title={`Remove ${username}?`}
      action="Remove"
      busy={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(username, { onSuccess: onClose })}
      onClose={onClose}
    >
      <p>
        They lose the role that they were invited with on {owner}/{name}. What a team or the organization gives them
        stays; without any of it they can no longer push, nor read it if it is private. What they cloned stays with
        them.
      </p>
    </ConfirmDialog>
  );
}

function useRoleChange() {
  const repository = useRepositoryName();
  const cache = useQueryClient();
  const toasts = useToasts();
  return useMutation({
    mutationFn: async ({ username, role }: { readonly username: string; readonly role: RoleChoice }) => {
      const path = { owner: repository.owner, repo: repository.name, username };
      await api.call("PUT /api/v3/repos/{owner}/{repo}/collaborators/{username}", { path, body: { permission: role } });
    },
    onSuccess: async (_, { username, role }) => {
      toasts.succeed(`${username} has the role ${roleName(role)} now`);
      await cache.invalidateQueries({ queryKey: repositoryKey(repository) });
    },
    onError: (error) => toasts.fail(explainFailure(error)),
  });
}

function useRemove() {
  const repository = useRepositoryName();
  const cache = useQueryClient();
  return useMutation({
    mutationFn: (username: string) =>
      api.call("DELETE /api/v3/repos/{owner}/{repo}/collaborators/{username}", {
        path: { owner: repository.owner, repo: repository.name, username },
      }),
    onSuccess: () => cache.invalidateQueries({ queryKey: repositoryKey(repository) }),
  });
}
