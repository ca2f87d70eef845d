/** Stars, watching, topics and statuses: few of each, so that they are so already. */
import { parseRepositoryName, parseTopic, type AccountId, type ObjectId, type RepositoryId } from "@guts/primitives";
import { ledgerLimits, type ContentRef, type PayloadOf, type Repository } from "@guts/ledger";
import type { Random } from "./random.ts";

const topics = ["0-day", "forge", "git", "raft", "x"].map((topic) => parseTopic(topic)!);

/** Kinds by how often they are tried. */
export const standingWeights = {
  "repository.fork": 4,
  "status.set": 4,
  "star.set": 4,
  "subscription.set": 4,
  "topics.set": 3,
} as const;

interface Subject {
  readonly account: AccountId;
  readonly repository: RepositoryId;
  readonly on: Repository | undefined;
  /** A new text of at most so many bytes. */
  readonly text: (bytesMax: number) => ContentRef;
}

/** Payloads by kind, for a repository. */
export function randomStandings(
  random: Random,
  { account, repository, on, text }: Subject,
): { readonly [Kind in keyof typeof standingWeights]: () => PayloadOf<Kind> } {
  return {
    "repository.fork": () => ({
      parent: repository,
      owner: account,
      name: parseRepositoryName(random.pick(["fork", "a-fork", "Fork2"]))!,
      isDefaultOnly: random.oneIn(3),
      refsMax: random.pick([0, 3, 20, ledgerLimits.forkRefsMax]),
    }),
    "status.set": () => ({
      repository,
      commit: random.pick(["1", "2"]).repeat(on?.objectFormat === "sha256" ? 64 : 40) as ObjectId,
      context: random.pick(["ci", "ci/lint", "e2e"]),
      state: random.pick(["success", "pending", "failure", "error"]),
      description: random.oneIn(2) ? undefined : text(ledgerLimits.statusTextBytesMax),
      targetUrl: random.oneIn(2) ? undefined : text(ledgerLimits.statusTextBytesMax),
    }),
    "star.set": () => ({ repository, isStarred: !random.oneIn(3) }),
    "subscription.set": () => ({
      repository,
      subscription: random.pick(["subscribed", "subscribed", "ignored", undefined] as const),
    }),
    "topics.set": () => ({ repository, topics: topics.filter(() => random.oneIn(2)) }),
  };
}
