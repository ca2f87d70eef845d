import { Type } from "typebox";

import { defineRoutes } from "../route.ts";
import { GitRef } from "./contents.ts";
import {
  BranchProtection,
  BranchProtectionUpdate,
  BranchRule,
  CodeownersErrors,
  Enforcement,
  RefCreation,
  RefUpdateBody,
  ReviewProtection,
  StatusCheckPolicy,
} from "./protection.ts";

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
