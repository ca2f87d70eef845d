import { shortRefName, type Height, type ObjectId } from "@guts/primitives";

import { Refusal } from "../errors.ts";
import type { Services } from "../services.ts";
import type { ChangeRequest } from "./change-repositories.ts";
import { changeRef } from "./change-refs.ts";
import { personFor } from "./commit-person.ts";
import { requireClean } from "./merge-pull.ts";
import { sidesOf, type OpenedPull } from "./open-pull.ts";
import { refusalOfRejection } from "./rejection.ts";

type Needs = Pick<Services, "ledger" | "transactions" | "git" | "refs" | "earlyRefPolicy" | "clock" | "privateStore">;

/** Merges the base into the head's branch, as a push of who asks. Throws `Refusal`. */
export async function updatePullBranch(
  needs: Needs,
  request: ChangeRequest,
  { opened, expectedHead }: { readonly opened: OpenedPull; readonly expectedHead: string | undefined },
): Promise<{ readonly commit: ObjectId; readonly height: Height }> {
  const { base, baseName, head } = sidesOf(opened);
  if (opened.issue.closed !== undefined) throw refusalOfRejection("pull-closed");
  if (base === undefined) throw refusalOfRejection("pull-base-missing");
  if (expectedHead !== undefined && expectedHead !== head)
    throw new Refusal("invalid", "expected head sha didn't match current head ref.", { reason: "pull-head-moved" });
  const person = personFor(needs, request.actor.account);
  const { name } = opened.pull.head;
  const message = `Merge branch '${shortRefName(baseName)}' into ${shortRefName(name)}\n`;
  const merge = { method: "merge", base: head, head: base, author: person, committer: person, message } as const;
  const outcome = await needs.git.mergeCommits(opened.repository.id, merge, request.signal);
  if (outcome.outcome === "refused" && outcome.code === "already-merged")
    throw new Refusal("invalid", "There are no new commits on the base branch.", { reason: outcome.code });
  await using merged = requireClean(outcome);
  const update = { name, oldId: head, newId: merged.result };
  const pack = merged.openPack?.(request.signal);
  const height = await changeRef(needs, request, { opened, update, mayForce: false, ...(pack && { pack }) });
  return { commit: merged.result, height };
}
