/** Pull requests for tests: what to open them with, and merges that a quorum has certified. */
import type { IssueNumber, RepositoryId } from "@guts/primitives";
import { mergeFactsVersion, type MergedUpdate, type PayloadOf } from "../src/index.ts";
import { branch, objectId, update, type Scenario } from "./scenario.ts";

/** Effects of a text that has none. */
export const silent = { mentions: [], teams: [], references: [], closes: [] };

/** `topic` at object 2, asked into `main`, unless changed. */
export function pullOpening(
  scenario: Scenario,
  repository: RepositoryId,
  changes: Partial<PayloadOf<"pull.open">> = {},
): PayloadOf<"pull.open"> {
  return {
    repository,
    title: scenario.ledger.offerText("Change it"),
    body: undefined,
    head: { repository, name: branch("topic") },
    headId: objectId(2),
    base: branch("main"),
    isDraft: false,
    effects: silent,
    ...changes,
  };
}

/** A merge of object 2 into `main`, from object 1 to 3, unless changed. */
export function pullMerging(
  scenario: Scenario,
  pull: { readonly repository: RepositoryId; readonly number: IssueNumber },
  changes: Partial<MergedUpdate> & { readonly closes?: PayloadOf<"pull.merge">["closes"] } = {},
): PayloadOf<"pull.merge"> {
  const { closes = [], ...changed } = changes;
  const merge = { strategy: 1, method: "squash", head: objectId(2), isUpToDate: false } as const;
  const merged = { ...update("main", 1, 3), merge, ...changed };
  const terms = { factsVersion: mergeFactsVersion } as PayloadOf<"refs.change">["receipt"];
  const { receipt, packs } = scenario.push(pull.repository, [merged], { receipt: terms });
  return { pull, update: merged, packs, receipt, closes };
}
