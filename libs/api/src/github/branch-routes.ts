import { Type, type Static } from "typebox";

import { defineRoutes } from "../route.ts";
import { BranchWithProtection } from "./commits.ts";
import { GitRef } from "./contents.ts";
import {
  BranchProtection,
  BranchProtectionUpdate,
  BranchRenaming,
  BranchRule,
  CodeownersErrors,
  Enforcement,
  PushRestrictions,
  RestrictedTeams,
  RestrictedUser,
  RestrictedUsers,
  ReviewProtection,
  ReviewProtectionUpdate,
  StatusCheckPolicy,
  StatusChecksUpdate,
} from "./protection.ts";
import { Team } from "./teams.ts";

/** The body of `POST .../git/refs`. */
export const RefCreation = Type.Object({
  ref: Type.String({ minLength: 1, maxLength: 255 }),
  sha: Type.String({ minLength: 40, maxLength: 64 }),
});
export type RefCreation = Static<typeof RefCreation>;

/** The body of `PATCH .../git/refs/{ref}`. */
export const RefUpdateBody = Type.Object({
  sha: Type.String({ minLength: 40, maxLength: 64 }),
  force: Type.Optional(Type.Boolean()),
});
export type RefUpdateBody = Static<typeof RefUpdateBody>;

/** Protection of branches, and changes to refs. A branch whose name has slashes has them encoded (`%2F`) in these paths. */
export const branchRoutes = defineRoutes({
  "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection": {
    operationId: "repos/get-branch-protection",
    summary: "The rule that governs a branch",
    access: "anyone",
    responses: { 200: BranchProtection },
  },
  "PUT /api/v3/repos/{owner}/{repo}/branches/{branch}/protection": {
    operationId: "repos/update-branch-protection",
    summary: "Set the rule of exactly this branch",
    access: "signed-in",
    body: BranchProtectionUpdate,
    responses: { 200: BranchProtection },
  },
  "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection": {
    operationId: "repos/delete-branch-protection",
    summary: "Remove the rule of exactly this branch",
    access: "signed-in",
    responses: { 204: null },
  },
  "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_status_checks": {
    operationId: "repos/get-status-checks-protection",
    summary: "The checks that a branch asks for",
    access: "anyone",
    responses: { 200: StatusCheckPolicy },
  },
  "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_pull_request_reviews": {
    operationId: "repos/get-pull-request-review-protection",
    summary: "The reviews that a branch asks for",
    access: "anyone",
    responses: { 200: ReviewProtection },
  },
  "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/enforce_admins": {
    operationId: "repos/get-admin-branch-protection",
    summary: "Whether a branch's rule includes administrators",
    access: "anyone",
    responses: { 200: Enforcement },
  },
  "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_signatures": {
    operationId: "repos/get-commit-signature-protection",
    summary: "Whether pushes to a branch must be signed by the pusher's own key",
    access: "anyone",
    responses: { 200: Enforcement },
  },
  "POST /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_signatures": {
    operationId: "repos/create-commit-signature-protection",
    summary: "Ask for signed pushes",
    access: "signed-in",
    responses: { 200: Enforcement },
  },
  "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_signatures": {
    operationId: "repos/delete-commit-signature-protection",
    summary: "Ask for signed pushes no longer",
    access: "signed-in",
    responses: { 204: null },
  },
  "PATCH /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_status_checks": {
    operationId: "repos/update-status-check-protection",
    summary: "Change the checks that a branch asks for",
    access: "signed-in",
    body: StatusChecksUpdate,
    responses: { 200: StatusCheckPolicy },
  },
  "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_status_checks": {
    operationId: "repos/remove-status-check-protection",
    summary: "Ask for no checks",
    access: "signed-in",
    responses: { 204: null },
  },
  "PATCH /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_pull_request_reviews": {
    operationId: "repos/update-pull-request-review-protection",
    summary: "Change the reviews that a branch asks for",
    access: "signed-in",
    body: ReviewProtectionUpdate,
    responses: { 200: ReviewProtection },
  },
  "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/required_pull_request_reviews": {
    operationId: "repos/delete-pull-request-review-protection",
    summary: "Ask for no pull requests",
    access: "signed-in",
    responses: { 204: null },
  },
  "POST /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/enforce_admins": {
    operationId: "repos/set-admin-branch-protection",
    summary: "Include administrators",
    access: "signed-in",
    responses: { 200: Enforcement },
  },
  "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/enforce_admins": {
    operationId: "repos/delete-admin-branch-protection",
    summary: "Include administrators no longer",
    access: "signed-in",
    responses: { 204: null },
  },
  "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions": {
    operationId: "repos/get-access-restrictions",
    summary: "Who alone may push",
    access: "anyone",
    responses: { 200: PushRestrictions },
  },
  "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions": {
    operationId: "repos/delete-access-restrictions",
    summary: "Let everybody push who may write",
    access: "signed-in",
    responses: { 204: null },
  },
  "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/users": {
    operationId: "repos/get-users-with-access-to-protected-branch",
    summary: "The people who alone may push",
    access: "anyone",
    responses: { 200: Type.Array(RestrictedUser) },
  },
  "POST /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/users": {
    operationId: "repos/add-user-access-restrictions",
    summary: "Add people to those who alone may push",
    access: "signed-in",
    body: RestrictedUsers,
    responses: { 200: Type.Array(RestrictedUser) },
  },
  "PUT /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/users": {
    operationId: "repos/set-user-access-restrictions",
    summary: "Say which people alone may push",
    access: "signed-in",
    body: RestrictedUsers,
    responses: { 200: Type.Array(RestrictedUser) },
  },
  "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/users": {
    operationId: "repos/remove-user-access-restrictions",
    summary: "Take people from those who alone may push",
    access: "signed-in",
    body: RestrictedUsers,
    responses: { 200: Type.Array(RestrictedUser) },
  },
  "GET /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/teams": {
    operationId: "repos/get-teams-with-access-to-protected-branch",
    summary: "The teams who alone may push",
    access: "anyone",
    responses: { 200: Type.Array(Team) },
  },
  "POST /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/teams": {
    operationId: "repos/add-team-access-restrictions",
    summary: "Add teams to those who alone may push",
    access: "signed-in",
    body: RestrictedTeams,
    responses: { 200: Type.Array(Team) },
  },
  "PUT /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/teams": {
    operationId: "repos/set-team-access-restrictions",
    summary: "Say which teams alone may push",
    access: "signed-in",
    body: RestrictedTeams,
    responses: { 200: Type.Array(Team) },
  },
  "DELETE /api/v3/repos/{owner}/{repo}/branches/{branch}/protection/restrictions/teams": {
    operationId: "repos/remove-team-access-restrictions",
    summary: "Take teams from those who alone may push",
    access: "signed-in",
    body: RestrictedTeams,
    responses: { 200: Type.Array(Team) },
  },
  "POST /api/v3/repos/{owner}/{repo}/branches/{branch}/rename": {
    operationId: "repos/rename-branch",
    summary: "Give a branch another name",
    access: "signed-in",
    body: BranchRenaming,
    responses: { 201: BranchWithProtection },
  },
  "GET /api/v3/repos/{owner}/{repo}/rules/branches/{+branch}": {
    operationId: "repos/get-branch-rules",
    summary: "What holds for a branch, there or not, as a list of rules",
    access: "anyone",
    responses: { 200: Type.Array(BranchRule) },
  },
  "GET /api/v3/repos/{owner}/{repo}/codeowners/errors": {
    operationId: "repos/codeowners-errors",
    summary: "The lines of CODEOWNERS that say nothing",
    access: "anyone",
    query: Type.Object({ ref: Type.Optional(Type.String({ maxLength: 255 })) }),
    responses: { 200: CodeownersErrors },
  },
  "POST /api/v3/repos/{owner}/{repo}/git/refs": {
    operationId: "git/create-ref",
    summary: "Make a branch or tag at an object that the repository has",
    access: "signed-in",
    body: RefCreation,
    responses: { 201: GitRef },
  },
  "PATCH /api/v3/repos/{owner}/{repo}/git/refs/{+ref}": {
    operationId: "git/update-ref",
    summary: "Move a branch or tag; only forward unless `force` is true",
    access: "signed-in",
    body: RefUpdateBody,
    responses: { 200: GitRef },
  },
  "DELETE /api/v3/repos/{owner}/{repo}/git/refs/{+ref}": {
    operationId: "git/delete-ref",
    summary: "Delete a branch or tag",
    access: "signed-in",
    responses: { 204: null },
  },
});
