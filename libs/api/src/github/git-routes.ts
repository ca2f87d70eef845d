import { Type } from "typebox";

import { PageQuery } from "../pagination.ts";
import { defineRoutes } from "../route.ts";
import { BranchWithProtection, Commit, ShortBranch, Tag } from "./commits.ts";
import { CommitComparison } from "./comparisons.ts";
import { Content, ContentFile, GitBlob, GitRef, GitTree } from "./contents.ts";
import { GitCommit, GitTag } from "./git-data.ts";

const RefQuery = Type.Object({ ref: Type.Optional(Type.String({ maxLength: 255 })) });
const personText = Type.Optional(Type.String({ minLength: 1, maxLength: 255 }));
const timeText = Type.Optional(Type.String({ maxLength: 64 }));
const CommitsQuery = Type.Object({
  ...PageQuery.properties,
  sha: Type.Optional(Type.String({ maxLength: 255 })),
  path: Type.Optional(Type.String({ maxLength: 4096 })),
  author: personText,
  committer: personText,
  since: timeText,
  until: timeText,
});

/** Without either, the first 250 commits. */
const CompareQuery = Type.Object({
  page: Type.Optional(Type.Integer({ minimum: 1, maximum: 1_000_000 })),
  per_page: Type.Optional(Type.Integer({ minimum: 1 })),
});

/** Branches, history, files and objects of a repository. */
export const gitRoutes = defineRoutes({
  "GET /api/v3/repos/{owner}/{repo}/branches": {
    operationId: "repos/list-branches",
    summary: "Branches in order of name",
    access: "anyone",
    query: PageQuery,
    responses: { 200: Type.Array(ShortBranch) },
  },
  "GET /api/v3/repos/{owner}/{repo}/branches/{+branch}": {
    operationId: "repos/get-branch",
    summary: "A branch with its newest commit",
    access: "anyone",
    responses: { 200: BranchWithProtection },
  },
  "GET /api/v3/repos/{owner}/{repo}/tags": {
    operationId: "repos/list-tags",
    summary: "Tags in order of name",
    access: "anyone",
    query: PageQuery,
    responses: { 200: Type.Array(Tag) },
  },
  "GET /api/v3/repos/{owner}/{repo}/commits": {
    operationId: "repos/list-commits",
    summary: "History, newest first",
    access: "anyone",
    query: CommitsQuery,
    responses: { 200: Type.Array(Commit) },
  },
  "GET /api/v3/repos/{owner}/{repo}/commits/{+ref}": {
    operationId: "repos/get-commit",
    summary: "A commit with its files; `application/vnd.github.diff` and `.patch` answer text",
    access: "anyone",
    responses: { 200: Commit },
  },
  "GET /api/v3/repos/{owner}/{repo}/contents": {
    operationId: "repos/get-root-content",
    summary: "The root directory",
    access: "anyone",
    query: RefQuery,
    responses: { 200: Content },
  },
  "GET /api/v3/repos/{owner}/{repo}/contents/{+path}": {
    operationId: "repos/get-content",
    summary: "A file or directory; `application/vnd.github.raw` answers a file's bytes",
    access: "anyone",
    query: RefQuery,
    responses: { 200: Content },
  },
  "GET /api/v3/repos/{owner}/{repo}/readme": {
    operationId: "repos/get-readme",
    summary: "The README of the root directory",
    access: "anyone",
    query: RefQuery,
    responses: { 200: ContentFile },
  },
  "GET /api/v3/repos/{owner}/{repo}/readme/{+dir}": {
    operationId: "repos/get-readme-in-directory",
    summary: "The README of a directory",
    access: "anyone",
    query: RefQuery,
    responses: { 200: ContentFile },
  },
  "GET /api/v3/repos/{owner}/{repo}/compare/{+basehead}": {
    operationId: "repos/compare-commits-with-basehead",
    summary:
      "What HEAD has that BASE has not, as `BASE...HEAD`; `application/vnd.github.diff` and `.patch` answer text",
    access: "anyone",
    query: CompareQuery,
    responses: { 200: CommitComparison },
  },
  "GET /api/v3/repos/{owner}/{repo}/tarball": {
    operationId: "repos/download-tarball-archive-of-head",
    summary: "Where the default branch's files are as a gzipped tar file",
    access: "anyone",
    responses: { 302: null },
  },
  "GET /api/v3/repos/{owner}/{repo}/tarball/{+ref}": {
    operationId: "repos/download-tarball-archive",
    summary: "Where the files of a branch, tag or commit are as a gzipped tar file",
    access: "anyone",
    responses: { 302: null },
  },
  "GET /api/v3/repos/{owner}/{repo}/zipball": {
    operationId: "repos/download-zipball-archive-of-head",
    summary: "Where the default branch's files are as a zip file",
    access: "anyone",
    responses: { 302: null },
  },
  "GET /api/v3/repos/{owner}/{repo}/zipball/{+ref}": {
    operationId: "repos/download-zipball-archive",
    summary: "Where the files of a branch, tag or commit are as a zip file",
    access: "anyone",
    responses: { 302: null },
  },
  "GET /api/v3/repos/{owner}/{repo}/git/ref/{+ref}": {
    operationId: "git/get-ref",
    summary: "One ref by its full name without `refs/`",
    access: "anyone",
    responses: { 200: GitRef },
  },
  "GET /api/v3/repos/{owner}/{repo}/git/matching-refs/{+ref}": {
    operationId: "git/list-matching-refs",
    summary: "Refs whose names start with a prefix",
    access: "anyone",
    responses: { 200: Type.Array(GitRef) },
  },
  "GET /api/v3/repos/{owner}/{repo}/git/trees/{+tree_sha}": {
    operationId: "git/get-tree",
    summary: "A tree by its id, or that of a commit or ref",
    access: "anyone",
    query: Type.Object({ recursive: Type.Optional(Type.String({ maxLength: 5 })) }),
    responses: { 200: GitTree },
  },
  "GET /api/v3/repos/{owner}/{repo}/git/blobs/{file_sha}": {
    operationId: "git/get-blob",
    summary: "A blob by its id",
    access: "anyone",
    responses: { 200: GitBlob },
  },
  "GET /api/v3/repos/{owner}/{repo}/git/commits/{commit_sha}": {
    operationId: "git/get-commit",
    summary: "A commit object",
    access: "anyone",
    responses: { 200: GitCommit },
  },
  "GET /api/v3/repos/{owner}/{repo}/git/tags/{tag_sha}": {
    operationId: "git/get-tag",
    summary: "An annotated tag object",
    access: "anyone",
    responses: { 200: GitTag },
  },
});
