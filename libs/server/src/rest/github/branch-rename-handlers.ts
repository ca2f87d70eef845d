import { parseBranchName } from "@guts/primitives";

import { invalidField, Refusal } from "../../errors.ts";
import type { RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { openAtPresentName } from "../../use-cases/open-repository.ts";
import { renameBranch } from "../../use-cases/rename-branch.ts";
import { presentBranch } from "./present-branch.ts";

type Name = "POST /api/v3/repos/{owner}/{repo}/branches/{branch}/rename";

/** Another name for a branch. */
export function branchRenameHandlers(services: Services): Pick<RouteHandlers, Name> {
  const { ledger } = services;
  return {
    "POST /api/v3/repos/{owner}/{repo}/branches/{branch}/rename": async (call) => {
      const opened = openAtPresentName(ledger, call, "push");
      const from = parseBranchName(call.path.branch);
      const to = parseBranchName(call.body.new_name);
      if (from === undefined) throw new Refusal("not-found", "Branch not found");
      if (to === undefined)
        throw invalidField({ resource: "Branch", field: "new_name", message: "is no name of a branch" });
      const height = await renameBranch(services, call, { opened, from, to });
      const after = openAtPresentName(ledger, call);
      return { status: 201, body: await presentBranch(services, after, { name: to, call }), height };
    },
  };
}
