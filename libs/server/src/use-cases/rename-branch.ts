import { shortRefName, type Height, type RefName } from "@guts/primitives";

import { Refusal } from "../errors.ts";
import type { SubmitOutcome } from "../ports/index.ts";
import type { Services } from "../services.ts";
import { optionsOf, type ChangeRequest } from "./change-repositories.ts";
import type { OpenedRepository } from "./open-repository.ts";
import { refusalOfOutcome, requireApplied } from "./rejection.ts";

/**
 * Gives a branch another name, in one transaction: a default branch stays the default one, and a rule of exactly the old name goes
 * along. Throws `Refusal`. Returns the height at which it is so.
 */
export async function renameBranch(
  { transactions }: Pick<Services, "transactions">,
  request: ChangeRequest,
  { opened, from, to }: { readonly opened: OpenedRepository; readonly from: RefName; readonly to: RefName },
): Promise<Height> {
  const { state, repository } = opened;
  const id = state.ref(repository.id, from);
  if (id === undefined) throw new Refusal("not-found", "Branch not found");
  const payload = { repository: repository.id, from, to, id };
  const outcome = await transactions.submit({ kind: "branch.rename", payload }, optionsOf(request));
  if (outcome.outcome === "applied" || outcome.outcome === "unknown") return requireApplied(outcome).height;
  const { rejection } = outcome;
  if (rejection === "forbidden") throw new Refusal("forbidden", forAdministrators, { reason: rejection });
  const message = wordsOf(shortRefName(from), shortRefName(to))[rejection];
  throw message === undefined ? refusalOfOutcome(outcome) : new Refusal("invalid", message, { reason: rejection });
}

type NotApplied = Extract<SubmitOutcome<unknown>, { outcome: "refused" | "rejected" }>;

const forAdministrators =
  "Only administrators of the repository rename its default branch, or a branch that has a protection rule of its own.";

function wordsOf(from: string, to: string): Partial<Record<NotApplied["rejection"], string>> {
  return {
    "ref-protected": `A rule with wildcards governs ${from} or ${to} and stays with the names: it does not let the one be deleted or the other be made.`,
    "ref-stale": `${from} has moved meanwhile; try again.`,
    "ref-conflict": `${to} cannot exist beside a branch that is a directory of it.`,
    "ref-unchanged": `${from} is called so already.`,
  };
}
