import type { RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { readinessOf } from "../../use-cases/merge-box.ts";
import { openPull } from "../../use-cases/open-pull.ts";

type Name = "GET /api/guts/repos/{owner}/{repo}/pulls/{pull_number}/merge-box";

/** What the merge box of a pull request says. */
export function mergeBoxHandlers(services: Services): Pick<RouteHandlers, Name> {
  return {
    "GET /api/guts/repos/{owner}/{repo}/pulls/{pull_number}/merge-box": async (call) => {
      const opened = openPull(services.ledger, call.actor, call.path);
      const { base, head, mergeable, missing } = await readinessOf(services, call.actor, opened);
      const isClean = mergeable?.outcome === "clean";
      const conflicts = mergeable?.outcome === "conflicts" ? mergeable : { conflicts: [], conflictCount: 0 };
      const body = {
        isMergeable: mergeable === undefined ? null : isClean,
        head,
        base: base ?? null,
        conflicts: conflicts.conflicts.map(({ path, reasons }) => ({ path, reasons: [...reasons] })),
        conflictCount: conflicts.conflictCount,
        problem: mergeable?.outcome === "refused" ? mergeable.code : null,
        mayMerge: isClean && missing.length === 0,
        unmet: [...missing],
      };
      return { status: 200, body };
    },
  };
}
