/** Whom the routes of pull requests serve, and a request that succeeds for them. */
import type { ApiRouteName } from "@guts/api";

import { readsContents, writes, type AccessCase } from "./access-case.fixture.ts";
import { mergedPullOf, openPullOf, spendablePull } from "./opened-pull.fixture.ts";

type One = "repos/{owner}/{repo}/pulls/{pull_number}";
type PullRoute = Extract<
  ApiRouteName,
  | `GET /api/v3/${One}/${"commits" | "files" | "merge"}`
  | `PUT /api/v3/${One}/${"merge" | "update-branch"}`
  | `GET /api/guts/${One}/merge-box`
>;

/** A line for each of them. */
export const pullCases: Readonly<Record<PullRoute, AccessCase>> = {
  "GET /api/v3/repos/{owner}/{repo}/pulls/{pull_number}/commits": readsContents("read", openPullOf),
  "GET /api/v3/repos/{owner}/{repo}/pulls/{pull_number}/files": readsContents("read", openPullOf),
  "GET /api/v3/repos/{owner}/{repo}/pulls/{pull_number}/merge": readsContents("read", mergedPullOf),
  "GET /api/guts/repos/{owner}/{repo}/pulls/{pull_number}/merge-box": readsContents("read", openPullOf),
  "PUT /api/v3/repos/{owner}/{repo}/pulls/{pull_number}/merge": writes("write", async (at) => ({
    ...(await spendablePull(at)),
    body: {},
  })),
  "PUT /api/v3/repos/{owner}/{repo}/pulls/{pull_number}/update-branch": writes("write", async (at) => ({
    ...(await spendablePull(at)),
    body: {},
  })),
};
