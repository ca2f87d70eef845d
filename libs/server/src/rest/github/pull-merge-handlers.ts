import type { Commit } from "@guts/api";

import { notFound } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { comparedCommitsMax, listNewCommits } from "../../use-cases/compare.ts";
import { mergePull } from "../../use-cases/merge-pull.ts";
import { openPull, sidesOf, type OpenedPull } from "../../use-cases/open-pull.ts";
import { updatePullBranch } from "../../use-cases/update-pull-branch.ts";
import { pageLinks, pageOf, slicePage } from "../paging.ts";
import { placeOf } from "./present-branch.ts";
import { presentCommit, presentDiff } from "./present-git.ts";
import { Urls } from "./urls.ts";

type One = "/api/v3/repos/{owner}/{repo}/pulls/{pull_number}";
type Name = `GET ${One}/${"commits" | "files" | "merge"}` | `PUT ${One}/${"merge" | "update-branch"}`;

/** What a pull request brings, and merging it. */
export function pullMergeHandlers(services: Services): Pick<RouteHandlers, Name> {
  const { ledger } = services;
  return {
    "GET /api/v3/repos/{owner}/{repo}/pulls/{pull_number}/commits": async (call) => {
      const opened = openPull(ledger, call.actor, call.path);
      const page = pageOf(call.query);
      const { commits, total } = await newCommits(services, opened, call);
      const headers = pageLinks(page, total > page.page * page.perPage, call);
      return { status: 200, body: commits, headers };
    },
    "GET /api/v3/repos/{owner}/{repo}/pulls/{pull_number}/files": async (call) => {
      const opened = openPull(ledger, call.actor, call.path);
      const { head, mergeBase } = await rangeOf(services, opened, call);
      const diff = await services.git.diff(opened.repository.id, { base: mergeBase, head, signal: call.signal });
      if (diff === undefined) throw notFound();
      const page = pageOf(call.query);
      const { items, hasMore } = slicePage(diff.files, page);
      const place = placeOf(services, opened, call.baseUrl);
      const body = items.map((file) => presentDiff(file, head, place));
      return { status: 200, body, headers: pageLinks(page, hasMore, call) };
    },
    "GET /api/v3/repos/{owner}/{repo}/pulls/{pull_number}/merge": (call) => {
      if (openPull(ledger, call.actor, call.path).pull.merged === undefined) throw notFound();
      return { status: 204, body: undefined };
    },
    "PUT /api/v3/repos/{owner}/{repo}/pulls/{pull_number}/merge": async (call) => {
      const opened = openPull(ledger, call.actor, call.path, "push");
      const { merge_method: method = "merge", commit_title: title, commit_message: message, sha } = call.body;
      const wish = { method, title, message, expectedHead: sha?.toLowerCase() };
      const { commit, height } = await mergePull(services, call, { opened, wish });
      return { status: 200, body: { sha: commit, merged: true, message: "Pull Request successfully merged" }, height };
    },
    "PUT /api/v3/repos/{owner}/{repo}/pulls/{pull_number}/update-branch": async (call) => {
      const opened = openPull(ledger, call.actor, call.path, "push");
      const expectedHead = call.body.expected_head_sha?.toLowerCase();
      const { height } = await updatePullBranch(services, call, { opened, expectedHead });
      const url = `${new Urls(call.baseUrl).repository(opened.fullName)}/pulls/${opened.pull.number}`;
      return { status: 202, body: { message: "Updated the pull request branch.", url }, height };
    },
  };
}

type Asked = Pick<Call<`GET ${One}/commits`>, "signal" | "baseUrl" | "query">;

/** Where the two sides parted. Throws `Refusal`. */
async function rangeOf(services: Services, opened: OpenedPull, { signal }: Pick<Asked, "signal">) {
  const { base, head } = sidesOf(opened);
  if (base === undefined) throw notFound();
  const relation = await services.relations.of(opened.repository.id, { base, head, signal });
  return { base, head, ...relation };
}

/** GitHub shows 250 commits at most; so do we. */
async function newCommits(
  services: Services,
  opened: OpenedPull,
  call: Asked,
): Promise<{ readonly commits: Commit[]; readonly total: number }> {
  const { base, head, ahead } = await rangeOf(services, opened, call);
  const total = Math.min(ahead, comparedCommitsMax);
  const range = { base, head, signal: call.signal };
  const commits = await listNewCommits(services, opened, range, { ...pageOf(call.query), total });
  const place = placeOf(services, opened, call.baseUrl);
  return { commits: commits.map((commit) => presentCommit(commit, place)), total };
}
