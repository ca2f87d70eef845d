import type { CommitComparison } from "@guts/api";

import { notFound, Refusal } from "../../errors.ts";
import type { Call, RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { comparedCommitsMax, listNewCommits, resolveRange, type Relation } from "../../use-cases/compare.ts";
import { openAtPresentName, type OpenedRepository } from "../../use-cases/open-repository.ts";
import { requireCommit, type ResolvedCommit } from "../../use-cases/resolve-ref.ts";
import { pageLinks, pageOf } from "../paging.ts";
import { placeOf } from "./present-branch.ts";
import { patchFormatOf, presentCommit, presentDiff } from "./present-git.ts";
import { encodePath } from "./urls.ts";

type Name = "GET /api/v3/repos/{owner}/{repo}/compare/{+basehead}";

/** What one commit has that another has not. */
export function compareHandlers(services: Services): Pick<RouteHandlers, Name> {
  return {
    "GET /api/v3/repos/{owner}/{repo}/compare/{+basehead}": async (call) => {
      const opened = openAtPresentName(services.ledger, call, "read-contents");
      const { signal } = call;
      const { base, head } = await resolveRange(services, opened, { range: call.path.basehead, signal });
      const pair = { base: base.commit, head: head.commit, signal };
      const relation = await services.relations.of(opened.repository.id, pair);
      const format = patchFormatOf(call.accept);
      if (format !== undefined) {
        const bytes = await requirePatch(services, opened, { ...pair, base: relation.mergeBase, format });
        return { status: 200, type: `application/vnd.github.v3.${format}; charset=utf-8`, bytes };
      }
      const isPaged = call.query.page !== undefined || call.query.per_page !== undefined;
      const page = isPaged ? pageOf(call.query) : { page: 1, perPage: comparedCommitsMax };
      const total = relation.ahead;
      const commits = await listNewCommits(services, opened, pair, { ...page, total });
      const place = placeOf(services, opened, call.baseUrl);
      const body: CommitComparison = {
        ...linksOf(opened, call, base, head),
        base_commit: presentCommit(await requireCommit(services, opened, { commit: base.commit, signal }), place),
        merge_base_commit: presentCommit(
          await requireCommit(services, opened, { commit: relation.mergeBase, signal }),
          place,
        ),
        status: statusOf(relation),
        ahead_by: relation.ahead,
        behind_by: relation.behind,
        total_commits: total,
        commits: commits.map((commit) => presentCommit(commit, place)),
        ...(page.page === 1 && { files: await filesOf(services, opened, { pair, relation, call }) }),
      };
      return { status: 200, body, headers: pageLinks(page, total > page.page * page.perPage, call) };
    },
  };
}

/** Git's own text of a comparison. Throws `Refusal`. */
export async function requirePatch(
  { git }: Pick<Services, "git">,
  { repository }: OpenedRepository,
  options: Parameters<Services["git"]["patchText"]>[1],
): Promise<Uint8Array> {
  const text = await git.patchText(repository.id, options);
  if (text === undefined) throw notFound();
  if (text === "too-large")
    throw new Refusal(
      "too-large",
      "The diff is too large for one answer; fetch both commits and compare them with git.",
    );
  return text;
}

function statusOf({ ahead, behind }: Relation): CommitComparison["status"] {
  if (ahead > 0) return behind > 0 ? "diverged" : "ahead";
  return behind > 0 ? "behind" : "identical";
}

/** Names as they were asked for; the permanent link has ids. */
function linksOf(
  { fullName }: OpenedRepository,
  { baseUrl, path }: Call<Name>,
  base: ResolvedCommit,
  head: ResolvedCommit,
) {
  const page = `${baseUrl}/${fullName}/compare`;
  const range = encodePath(path.basehead);
  return {
    url: `${baseUrl}/api/v3/repos/${fullName}/compare/${range}`,
    html_url: `${page}/${range}`,
    permalink_url: `${page}/${base.commit}...${head.commit}`,
    diff_url: `${page}/${range}.diff`,
    patch_url: `${page}/${range}.patch`,
  };
}

async function filesOf(
  services: Services,
  opened: OpenedRepository,
  {
    pair,
    relation,
    call,
  }: {
    readonly pair: { readonly head: ResolvedCommit["commit"] };
    readonly relation: Relation;
    readonly call: Call<Name>;
  },
) {
  const range = { base: relation.mergeBase, head: pair.head, signal: call.signal };
  const diff = await services.git.diff(opened.repository.id, range);
  if (diff === undefined) throw notFound();
  const place = placeOf(services, opened, call.baseUrl);
  return diff.files.map((file) => presentDiff(file, pair.head, place));
}
