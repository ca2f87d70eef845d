import { parseTopic, topicLengthMax, type Height, type Topic } from "@guts/primitives";
import { ledgerLimits, type LedgerCommand } from "@guts/ledger";

import { invalidField } from "../errors.ts";
import type { Services } from "../services.ts";
import { optionsOf, type ChangeRequest } from "./change-repositories.ts";
import { requireApplied } from "./rejection.ts";

/** Has somebody star, watch or describe a repository. As on GitHub, what is so already is no error: undefined. Throws `Refusal`. */
export async function changeStanding(
  { transactions }: Pick<Services, "transactions">,
  request: ChangeRequest,
  command: LedgerCommand<"star.set" | "subscription.set" | "topics.set">,
): Promise<Height | undefined> {
  const outcome = await transactions.submit(command, optionsOf(request));
  const isRefused = outcome.outcome === "refused" || outcome.outcome === "rejected";
  return isRefused && outcome.rejection === "already-so" ? undefined : requireApplied(outcome).height;
}

/** Topics as they are kept: in lower case, in order, each once. Throws `Refusal` for what is none, or for too many. */
export function requireTopics(names: readonly string[]): readonly Topic[] {
  const topics = names.map((name) => {
    const topic = parseTopic(name.toLowerCase());
    if (topic !== undefined) return topic;
    const message = `may hold letters, digits and '-', begin with a letter or digit, and have ${topicLengthMax} characters`;
    throw invalidField({ resource: "Repository", field: "names", message });
  });
  const distinct = [...new Set(topics)];
  if (distinct.length > ledgerLimits.topicsPerRepositoryMax) {
    const message = `may be ${ledgerLimits.topicsPerRepositoryMax} and no more`;
    throw invalidField({ resource: "Repository", field: "names", message });
  }
  return distinct.toSorted((left, right) => (left < right ? -1 : 1));
}
