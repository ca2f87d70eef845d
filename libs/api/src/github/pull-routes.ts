import { Type } from "typebox";

import { PageQuery } from "../pagination.ts";
import { defineRoutes } from "../route.ts";
import { Commit, DiffEntry } from "./commits.ts";
import { BranchUpdateRequest, PullMergeRequest, PullMergeResult } from "./pulls.ts";

/** Pull requests: what they bring, and merging. */
export const pullRoutes = defineRoutes({
  "GET /api/v3/repos/{owner}/{repo}/pulls/{pull_number}/commits": {
    operationId: "pulls/list-commits",
    summary: "The commits of a pull request, oldest first",
    access: "anyone",
    query: PageQuery,
    responses: { 200: Type.Array(Commit) },
  },
  "GET /api/v3/repos/{owner}/{repo}/pulls/{pull_number}/files": {
    operationId: "pulls/list-files",
    summary: "The files that a pull request changes",
    access: "anyone",
    query: PageQuery,
    responses: { 200: Type.Array(DiffEntry) },
  },
  "GET /api/v3/repos/{owner}/{repo}/pulls/{pull_number}/merge": {
    operationId: "pulls/check-if-merged",
    summary: "Whether a pull request is merged",
    access: "anyone",
    responses: { 204: null },
  },
  "PUT /api/v3/repos/{owner}/{repo}/pulls/{pull_number}/merge": {
    operationId: "pulls/merge",
    summary: "Merge a pull request",
    access: "signed-in",
    body: PullMergeRequest,
    responses: { 200: PullMergeResult },
  },
  "PUT /api/v3/repos/{owner}/{repo}/pulls/{pull_number}/update-branch": {
    operationId: "pulls/update-branch",
    summary: "Merge the base into the head's branch",
    access: "signed-in",
    body: BranchUpdateRequest,
    responses: { 202: Type.Object({ message: Type.String(), url: Type.String() }) },
  },
});
