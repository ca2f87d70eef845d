/** Why refs stay as they are, asked before anything is submitted, and in words that people can act on. */
import { refusalLine } from "@guts/governance";
import {
  RefChanges,
  type CertifiedUpdate,
  type ForgeState,
  type RefPusher,
  type RejectionCode,
  type Repository,
} from "@guts/ledger";
import type { RepositoryId } from "@guts/primitives";

/** The ledger's own rules about changes to the refs of one repository. */
export interface RefPolicy {
  /** Why the update would not apply, or undefined. */
  refuse(repository: Repository, update: CertifiedUpdate): RejectionCode | undefined;
}

/** What doors ask early. The ledger asks again, so a node that does not ask early changes nothing but the time of the answer. */
export type EarlyRefPolicy = (state: ForgeState, repository: RepositoryId, pusher: RefPusher) => RefPolicy;

/** The rules as the pusher meets them: what a node signs for a credential's holder is not signed by their own key. */
export const askLedgerRules: EarlyRefPolicy = (state, repository, pusher) => new RefChanges(state, repository, pusher);

/** Everything that the rule of a protected ref asks of an update and that it lacks, in one line. */
export function protectionLine(
  state: ForgeState,
  change: { readonly repository: RepositoryId; readonly pusher: RefPusher; readonly update: CertifiedUpdate },
): string {
  const repository = state.repository(change.repository);
  const unmet =
    repository === undefined
      ? []
      : new RefChanges(state, change.repository, change.pusher).unmet(repository, change.update);
  return unmet === "exhausted" || unmet.length === 0
    ? "protected by a rule that has changed meanwhile"
    : refusalLine(unmet);
}
