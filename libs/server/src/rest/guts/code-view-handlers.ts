import { notFound } from "../../errors.ts";
import type { RouteHandlers } from "../../http/call.ts";
import { renderLimits } from "../../limits.ts";
import type { Services } from "../../services.ts";
import { findEntry, highlightBlob, type Spot } from "../../use-cases/browse.ts";
import { comparedCommitsMax, resolveRange } from "../../use-cases/compare.ts";
import { highlightPatch } from "../../use-cases/highlight-patch.ts";
import { openRepository } from "../../use-cases/open-repository.ts";
import { resolveRefPath } from "../../use-cases/resolve-ref.ts";
import { commitPresenter, presentRef } from "./present-views.ts";

type Repo = "GET /api/guts/view/repos/{owner}/{repo}";
type Name = `${Repo}/${"blame/{+ref_path}" | "compare/{+range}"}`;

/** Pages that look at code from further away than one commit. */
export function codeViewHandlers(services: Services): Pick<RouteHandlers, Name> {
  const { ledger, git } = services;
  return {
    "GET /api/guts/view/repos/{owner}/{repo}/blame/{+ref_path}": async ({ actor, path, query, signal }) => {
      const opened = openRepository(ledger, actor, path, "read-contents");
      const at = await resolveRefPath(services, opened, { refPath: path.ref_path, signal });
      const spot = { opened, at, signal };
      const lines = await linesOf(services, spot);
      const { ranges, commits, ignoring } =
        lines === null
          ? { ranges: [], commits: [], ignoring: "none" as const }
          : await services.blames.of(spot, { ignoresListed: query.ignore !== "off" });
      const body = {
        ref: presentRef(at),
        path: at.path,
        lines,
        ranges: ranges.map(({ commit, firstLine, lineCount, previous }) => ({
          commit,
          firstLine,
          lineCount,
          previous: previous ?? null,
        })),
        commits: commits.map(commitPresenter(services, opened.state)),
        ignoring,
      };
      return { status: 200, body };
    },
    "GET /api/guts/view/repos/{owner}/{repo}/compare/{+range}": async ({ actor, path, signal }) => {
      const opened = openRepository(ledger, actor, path, "read-contents");
      const { base, head } = await resolveRange(services, opened, { range: path.range, signal });
      const { id } = opened.repository;
      const pair = { base: base.commit, head: head.commit, signal };
      const relation = await services.relations.of(id, pair);
      const isDirect = !path.range.includes("...") && path.range.includes("..");
      const from = isDirect ? base.commit : relation.mergeBase;
      const [commits, diff] = await Promise.all([
        git.log(id, { from: head.commit, exclude: base.commit, skip: 0, limit: comparedCommitsMax, signal }),
        git.diff(id, { base: from, head: head.commit, signal }),
      ]);
      if (diff === undefined) throw notFound();
      const { additions, deletions, isTruncated } = diff;
      const body = {
        base: presentRef(base),
        head: presentRef(head),
        mergeBase: relation.mergeBase,
        isDirect,
        aheadBy: relation.ahead,
        behindBy: relation.behind,
        commits: commits.map(commitPresenter(services, opened.state)),
        files: await Promise.all(diff.files.map((file) => highlightPatch(services, file))),
        additions,
        deletions,
        isTruncated,
      };
      return { status: 200, body };
    },
  };
}

/** The lines of a file as HTML; null for what is no text that is shown. */
async function linesOf(services: Services, spot: Spot): Promise<string[] | null> {
  const entry = await findEntry(services, spot);
  if (entry === undefined || entry.type !== "blob") throw notFound();
  const { opened, at, signal } = spot;
  const options = { blob: entry.id, bytesMax: renderLimits.textBytesMax, signal };
  const blob = await services.git.readBlob(opened.repository.id, options);
  if (blob === undefined) throw notFound();
  if (blob.isBinary || blob.isTruncated || entry.mode === "120000") return null;
  return [...(await highlightBlob(services, { blob, path: at.path })).lines];
}
