/** Whom the routes serve that make files and objects, and a request that succeeds for them. */
import type { ApiRouteName } from "@guts/api";

import { writes, type AccessCase } from "./access-case.fixture.ts";
import { drawName } from "./drawn.fixture.ts";

type Repo = "/api/v3/repos/{owner}/{repo}";
type ContentWriteRoute = Extract<
  ApiRouteName,
  | `${"PUT" | "DELETE"} ${Repo}/contents/{+path}`
  | `POST ${Repo}/git/${"blobs" | "trees" | "commits" | "tags"}`
  | "POST /api/guts/repos/{owner}/{repo}/commits"
>;

const put = "PUT /api/v3/repos/{owner}/{repo}/contents/{+path}" as const;
/** Other lines put rules on the default branch. */
const written = { message: "write", content: "YQ==", branch: "topic" };

/** A line for each of them. */
export const contentWriteCases: Readonly<Record<ContentWriteRoute, AccessCase>> = {
  [put]: writes("write", () => ({ path: { path: drawName() }, body: written })),
  "DELETE /api/v3/repos/{owner}/{repo}/contents/{+path}": writes(
    "write",
    async ({ world, target: { owner, repo } }) => {
      const path = drawName();
      const { content } = await world.owner.client.call(put, { path: { owner, repo, path }, body: written });
      return { path: { path }, body: { message: "delete", sha: content!.sha, branch: "topic" } };
    },
  ),
  "POST /api/v3/repos/{owner}/{repo}/git/blobs": writes("write", () => ({ body: { content: "a" } })),
  "POST /api/v3/repos/{owner}/{repo}/git/trees": writes("write", ({ ids }) => ({
    body: { tree: [{ path: "a", mode: "100644", sha: ids.blob }] },
  })),
  "POST /api/v3/repos/{owner}/{repo}/git/commits": writes("write", async ({ world, target: { owner, repo }, ids }) => {
    const path = { owner, repo, commit_sha: ids.commit };
    const show = "GET /api/v3/repos/{owner}/{repo}/git/commits/{commit_sha}" as const;
    const { tree } = await world.owner.client.call(show, { path });
    return { body: { message: "commit", tree: tree.sha, parents: [ids.commit] } };
  }),
  "POST /api/v3/repos/{owner}/{repo}/git/tags": writes("write", ({ ids }) => ({
    body: { tag: "v2", message: "tag", object: ids.commit, type: "commit" },
  })),
  "POST /api/guts/repos/{owner}/{repo}/commits": writes("write", ({ ids }) => ({
    body: {
      head: ids.commit,
      branch: "main",
      newBranch: drawName(),
      message: "several",
      files: [{ action: "write", path: "a", text: "a" }],
    },
  })),
};
