import { shortRefName } from "@guts/primitives";

import type { RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { personOf } from "../../use-cases/commit-person.ts";
import { commitSeveral } from "../../use-cases/commit-several.ts";

type Name = "POST /api/guts/repos/{owner}/{repo}/commits";

/** Commits that pages make. */
export function commitHandlers(services: Services): Pick<RouteHandlers, Name> {
  return {
    "POST /api/guts/repos/{owner}/{repo}/commits": async (call) => {
      const { path, body } = call;
      const { commit, branch, height } = await commitSeveral(services, call, {
        path,
        body,
        person: personOf(services, call),
      });
      return { status: 201, body: { commit, branch: shortRefName(branch) }, height };
    },
  };
}
