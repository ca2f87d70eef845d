import { Type, type Static } from "typebox";

import { Nullable, Strings, Timestamp } from "../schema.ts";
import { SimpleUser } from "./users.ts";

/** What the viewer may do with a repository, in GitHub's five levels. */
export const RepositoryPermissions = Type.Object({
  admin: Type.Boolean(),
  maintain: Type.Boolean(),
  push: Type.Boolean(),
  triage: Type.Boolean(),
  pull: Type.Boolean(),
});
export type RepositoryPermissions = Static<typeof RepositoryPermissions>;

/** GitHub's `full-repository`. Lists use it too: it satisfies `repository` and `minimal-repository`. */
export const Repository = Type.Object(
  {
    id: Type.Integer(),
    owner: SimpleUser,
    private: Type.Boolean(),
    visibility: Type.String(),
    fork: Type.Boolean(),
    description: Nullable(Type.String()),
    homepage: Nullable(Type.String()),
    language: Nullable(Type.String()),
    mirror_url: Nullable(Type.String()),
    license: Type.Null(),
    ...Strings(
      ...(["node_id", "name", "full_name", "default_branch", "html_url", "url"] as const),
      ...(["archive_url", "assignees_url", "blobs_url", "branches_url", "collaborators_url"] as const),
      ...(["comments_url", "commits_url", "compare_url", "contents_url", "contributors_url"] as const),
      ...(["deployments_url", "downloads_url", "events_url", "forks_url", "git_commits_url"] as const),
      ...(["git_refs_url", "git_tags_url", "git_url", "hooks_url", "issue_comment_url"] as const),
      ...(["issue_events_url", "issues_url", "keys_url", "labels_url", "languages_url"] as const),
      ...(["merges_url", "milestones_url", "notifications_url", "pulls_url", "releases_url"] as const),
      ...(["ssh_url", "clone_url", "svn_url", "stargazers_url", "statuses_url"] as const),
      ...(["subscribers_url", "subscription_url", "tags_url", "teams_url", "trees_url"] as const),
    ).properties,
    forks_count: Type.Integer(),
    forks: Type.Integer(),
    stargazers_count: Type.Integer(),
    watchers_count: Type.Integer(),
    watchers: Type.Integer(),
    open_issues_count: Type.Integer(),
    open_issues: Type.Integer(),
    network_count: Type.Integer(),
    subscribers_count: Type.Integer(),
    size: Type.Integer(),
    is_template: Type.Boolean(),
    topics: Type.Array(Type.String()),
    has_issues: Type.Boolean(),
    has_projects: Type.Boolean(),
    has_wiki: Type.Boolean(),
    has_pages: Type.Boolean(),
    has_downloads: Type.Boolean(),
    has_discussions: Type.Boolean(),
    archived: Type.Boolean(),
    disabled: Type.Boolean(),
    pushed_at: Timestamp(),
    created_at: Timestamp(),
    updated_at: Timestamp(),
    permissions: Type.Optional(RepositoryPermissions),
  },
  { title: "Repository" },
);
export type Repository = Static<typeof Repository>;

/** The body of `POST /user/repos`. Fields of GitHub that Guts does not have yet are ignored. */
export const RepositoryCreation = Type.Object({
  name: Type.String({ minLength: 1, maxLength: 100 }),
  description: Type.Optional(Nullable(Type.String({ maxLength: 1024 }))),
  homepage: Type.Optional(Nullable(Type.String({ maxLength: 255 }))),
  private: Type.Optional(Type.Boolean()),
  visibility: Type.Optional(Type.Enum(["public", "private"])),
  default_branch: Type.Optional(Type.String({ maxLength: 244 })),
  object_format: Type.Optional(Type.Enum(["sha1", "sha256"])),
});
export type RepositoryCreation = Static<typeof RepositoryCreation>;

/** The body of `PATCH /repos/{owner}/{repo}`; absent fields stay as they are. */
export const RepositoryUpdate = Type.Object({
  name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
  description: Type.Optional(Nullable(Type.String({ maxLength: 1024 }))),
  homepage: Type.Optional(Nullable(Type.String({ maxLength: 255 }))),
  private: Type.Optional(Type.Boolean()),
  visibility: Type.Optional(Type.Enum(["public", "private"])),
  default_branch: Type.Optional(Type.String({ maxLength: 244 })),
  archived: Type.Optional(Type.Boolean()),
});
export type RepositoryUpdate = Static<typeof RepositoryUpdate>;

/** The body of `POST /repos/{owner}/{repo}/transfer`. */
export const RepositoryTransfer = Type.Object({
  new_owner: Type.String({ minLength: 1, maxLength: 39 }),
  new_name: Type.Optional(Type.String({ minLength: 1, maxLength: 100 })),
});
export type RepositoryTransfer = Static<typeof RepositoryTransfer>;
