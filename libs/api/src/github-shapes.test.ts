import type { components } from "@octokit/openapi-types";
import { expect, test } from "vitest";

import type {
  BranchProtection,
  BranchRule,
  BranchWithProtection,
  CodeownersErrors,
  Collaborator,
  CollaboratorPermission,
  Commit,
  DeployKey,
  ContentEntry,
  ContentFile,
  ContentSubmodule,
  ContentSymlink,
  GitBlob,
  GitCommit,
  GitRef,
  GitTag,
  GitTree,
  GpgKey,
  Meta,
  Organization,
  OrganizationInvitation,
  OrganizationMembership,
  OrganizationSimple,
  PrivateUser,
  PublicUser,
  RateLimitOverview,
  Repository,
  RepositoryInvitation,
  ReviewProtection,
  Root,
  ShortBranch,
  SimpleSshKey,
  SimpleUser,
  SshKey,
  SshSigningKey,
  StatusCheckPolicy,
  Tag,
  Team,
  TeamFull,
  TeamMembership,
  TeamRepository,
} from "./index.ts";

type GitHub = components["schemas"];
type Fits<Ours extends Theirs, Theirs> = [Ours, Theirs];

/** Compiles only while each of our shapes is assignable to GitHub's shape of the same resource. */
export type Checked = [
  Fits<BranchProtection, GitHub["branch-protection"]>,
  Fits<BranchProtection, GitHub["protected-branch"]>,
  Fits<BranchRule, GitHub["repository-rule-detailed"]>,
  Fits<BranchWithProtection, GitHub["branch-with-protection"]>,
  Fits<Collaborator, GitHub["collaborator"]>,
  Fits<CollaboratorPermission, GitHub["repository-collaborator-permission"]>,
  Fits<Commit, GitHub["commit"]>,
  Fits<DeployKey, GitHub["deploy-key"]>,
  Fits<SimpleSshKey, GitHub["key-simple"]>,
  Fits<SshKey, GitHub["key"]>,
  Fits<SshSigningKey, GitHub["ssh-signing-key"]>,
  Fits<GpgKey, GitHub["gpg-key"]>,
  Fits<ContentEntry[], GitHub["content-directory"]>,
  Fits<ContentFile, GitHub["content-file"]>,
  Fits<ContentSubmodule, GitHub["content-submodule"]>,
  Fits<ContentSymlink, GitHub["content-symlink"]>,
  Fits<CodeownersErrors, GitHub["codeowners-errors"]>,
  Fits<GitBlob, GitHub["blob"]>,
  Fits<GitCommit, GitHub["git-commit"]>,
  Fits<GitRef, GitHub["git-ref"]>,
  Fits<GitTag, GitHub["git-tag"]>,
  Fits<GitTree, GitHub["git-tree"]>,
  Fits<Organization, GitHub["organization-full"]>,
  Fits<OrganizationInvitation, GitHub["organization-invitation"]>,
  Fits<OrganizationMembership, GitHub["org-membership"]>,
  Fits<OrganizationSimple, GitHub["organization-simple"]>,
  Fits<Team, GitHub["team"]>,
  Fits<TeamFull, GitHub["team-full"]>,
  Fits<TeamMembership, GitHub["team-membership"]>,
  Fits<TeamRepository, GitHub["team-repository"]>,
  Fits<TeamRepository, GitHub["minimal-repository"]>,
  Fits<Meta, GitHub["api-overview"]>,
  Fits<PrivateUser, GitHub["private-user"]>,
  Fits<PublicUser, GitHub["public-user"]>,
  Fits<RateLimitOverview, GitHub["rate-limit-overview"]>,
  Fits<Repository, GitHub["full-repository"]>,
  Fits<Repository, GitHub["repository"]>,
  Fits<Repository, GitHub["minimal-repository"]>,
  Fits<RepositoryInvitation, GitHub["repository-invitation"]>,
  Fits<Root, GitHub["root"]>,
  Fits<ReviewProtection, GitHub["protected-branch-pull-request-review"]>,
  Fits<ShortBranch, GitHub["short-branch"]>,
  Fits<SimpleUser, GitHub["simple-user"]>,
  Fits<StatusCheckPolicy, GitHub["status-check-policy"]>,
  Fits<Tag, GitHub["tag"]>,
];

/** The check can fail: a shape without a required field does not fit. */
// @ts-expect-error -- `full_name` is missing
export type Unfit = Fits<Omit<Repository, "full_name">, GitHub["repository"]>;

test("the shapes above are checked by the compiler", () => {
  const checked = undefined as unknown as Checked | undefined;
  expect(checked).toBeUndefined();
});
