/** Entries that stand beside a repository's own: who stars and watches it, what it is about. Version 1. */
import {
  accountIdCodec,
  bool,
  list,
  mapped,
  oneOf,
  parseTopic,
  repositoryIdCodec,
  struct,
  text,
  timeCodec,
  topicLengthMax,
  type Codec,
  type Decoded,
  type Topic,
} from "@guts/primitives";
import { topicsPerRepositoryMax } from "./limits.ts";
import { defineTable } from "./table.ts";

const onRepository = struct({ repository: repositoryIdCodec, account: accountIdCodec });

/** Who has starred a repository. */
export const starTable = defineTable("star", 0x8a, { key: onRepository, value: struct({ sinceTime: timeCodec }) });

/** What somebody who said so wants to hear of a repository: everything, or nothing at all. */
export const subscriptionStateCodec = oneOf({ subscribed: 1, ignored: 2 });
/** Everything, or nothing at all. */
export type SubscriptionState = Decoded<typeof subscriptionStateCodec>;

/** Who watches a repository, or ignores it. Who has no row hears of what they take part in. */
export const subscriptionTable = defineTable("subscription", 0x8b, {
  key: onRepository,
  value: struct({ state: subscriptionStateCodec, sinceTime: timeCodec }),
});
/** Such a row. */
export type SubscriptionRow = Decoded<(typeof subscriptionTable)["value"]>;

/** The topics of a repository in ascending order, each once. */
export const topicsCodec: Codec<readonly Topic[]> = mapped(
  list(
    mapped(text(topicLengthMax), parseTopic, (topic: Topic) => topic),
    topicsPerRepositoryMax,
  ),
  (topics) => (isAscending(topics) ? topics : undefined),
  (topics) => topics,
);

/** What a repository is about; no row where it has no topics. */
export const topicsTable = defineTable("topics", 0x8c, { key: repositoryIdCodec, value: topicsCodec });

/**
 * What a repository was forked from. The parent may be gone, or have another visibility by now: then it is nobody's business. What
 * was forked of a private repository stays private.
 */
export const forkTable = defineTable("fork", 0x8d, {
  key: repositoryIdCodec,
  value: struct({
    parent: repositoryIdCodec,
    /** The first of the network of forks. */
    root: repositoryIdCodec,
    forkedTime: timeCodec,
    isOfPrivate: bool,
  }),
});
/** Such a row. */
export type ForkRow = Decoded<(typeof forkTable)["value"]>;

function isAscending(topics: readonly Topic[]): boolean {
  return topics.every((topic, index) => index === 0 || topics[index - 1]! < topic);
}
