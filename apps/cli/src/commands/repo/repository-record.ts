import type { Repository } from "@guts/api";
import type { HostUrl } from "../../config/host-name.ts";
import type { repositoryFields } from "../../tree/fields.ts";

/** A repository as `--json` prints it. */
export type RepositoryRecord = Readonly<Record<(typeof repositoryFields)[number], string | number | boolean | null>> & {
  readonly nameWithOwner: string;
  readonly url: string;
};

/** The record of an answer of the API; addresses are made from the node's own, whatever the node says that it is called. */
export function repositoryRecord(repository: Repository, host: HostUrl): RepositoryRecord {
  const { permissions } = repository;
  return {
    id: repository.id,
    name: repository.name,
    nameWithOwner: repository.full_name,
    owner: repository.owner.login,
    description: repository.description,
    visibility: repository.private ? "private" : "public",
    isPrivate: repository.private,
    isArchived: repository.archived,
    defaultBranch: repository.default_branch,
    stargazerCount: repository.stargazers_count,
    topics: repository.topics.join(", "),
    viewerPermission: permissions === undefined ? null : roleOf(permissions),
    url: webUrl(host, repository.full_name),
    cloneUrl: cloneUrl(host, repository.full_name),
    createdAt: repository.created_at,
    updatedAt: repository.updated_at,
    pushedAt: repository.pushed_at,
  };
}

/** The page of a repository. */
export function webUrl(host: HostUrl, nameWithOwner: string): string {
  return `${host}/${nameWithOwner}`;
}

/** Where git clones a repository from. */
export function cloneUrl(host: HostUrl, nameWithOwner: string): string {
  return `${host}/${nameWithOwner}.git`;
}

function roleOf(permissions: NonNullable<Repository["permissions"]>): string {
  if (permissions.admin) return "admin";
  if (permissions.maintain) return "maintain";
  if (permissions.push) return "write";
  return permissions.triage ? "triage" : "read";
}
