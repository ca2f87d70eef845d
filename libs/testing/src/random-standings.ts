/** Stars, watching and topics: few of each, so that they are so already. */
import { parseTopic, type RepositoryId } from "@guts/primitives";
import type { PayloadOf } from "@guts/ledger";
import type { Random } from "./random.ts";

const topics = ["0-day", "forge", "git", "raft", "x"].map((topic) => parseTopic(topic)!);

/** Kinds by how often they are tried. */
export const standingWeights = { "star.set": 4, "subscription.set": 4, "topics.set": 3 } as const;

/** Payloads by kind, for a repository. */
export function randomStandings(
  random: Random,
  repository: RepositoryId,
): { readonly [Kind in keyof typeof standingWeights]: () => PayloadOf<Kind> } {
  return {
    "star.set": () => ({ repository, isStarred: !random.oneIn(3) }),
    "subscription.set": () => ({
      repository,
      subscription: random.pick(["subscribed", "subscribed", "ignored", undefined] as const),
    }),
    "topics.set": () => ({ repository, topics: topics.filter(() => random.oneIn(2)) }),
  };
}
