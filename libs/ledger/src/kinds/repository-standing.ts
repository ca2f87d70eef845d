/** Stars, watching and topics: what people make of a repository. */
import { bool, option, repositoryIdCodec, struct, type AccountId, type RepositoryId } from "@guts/primitives";
import { applied, defineKind, rejected, repositoryScope } from "../kind.ts";
import { starredMax, subscriptionsMax } from "../limits.ts";
import { openRepository } from "../repository-act.ts";
import type { Overlay } from "../state.ts";
import { readRow, removeRow, writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { addToTally, tallyOf } from "../tally.ts";

/** Stars a repository, or takes the star back. */
export const starSet = defineKind({
  tag: 185,
  payload: struct({ repository: repositoryIdCodec, isStarred: bool }),
  result: struct({}),
  authority: "any",
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository, isStarred }) => {
    const opened = openRepository(context, repository, "star");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const { state, forge, actor: account, time } = context;
    if (forge.standing.isStarred(repository, account) === isStarred) return rejected("already-so");
    if (!isStarred) {
      removeStar(state, { repository, account });
      return applied({});
    }
    if (tallyOf(state, "starred", account) >= starredMax) return rejected("star-limit");
    writeRow(state, tables.starTable, { repository, account }, { sinceTime: time });
    addToTally(state, "stars", repository, 1);
    addToTally(state, "starred", account, 1);
    return applied({});
  },
});

/** Watches a repository, ignores it, or neither. */
export const subscriptionSet = defineKind({
  tag: 186,
  payload: struct({ repository: repositoryIdCodec, subscription: option(tables.subscriptionStateCodec) }),
  result: struct({}),
  authority: "any",
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository, subscription: wanted }) => {
    const opened = openRepository(context, repository, "watch");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const { state, forge, actor: account, time } = context;
    if (forge.standing.subscription(repository, account)?.state === wanted) return rejected("already-so");
    removeSubscription(state, { repository, account });
    if (wanted === undefined) return applied({});
    if (tallyOf(state, "subscriptions", account) >= subscriptionsMax) return rejected("subscription-limit");
    writeRow(state, tables.subscriptionTable, { repository, account }, { state: wanted, sinceTime: time });
    addToTally(state, "subscriptions", account, 1);
    if (wanted === "subscribed") addToTally(state, "subscribers", repository, 1);
    return applied({});
  },
});

/** Says what a repository is about, in place of what was said before. */
export const topicsSet = defineKind({
  tag: 187,
  payload: struct({ repository: repositoryIdCodec, topics: tables.topicsCodec }),
  result: struct({}),
  authority: "any",
  scope: (_context, { repository }) => repositoryScope(repository),
  apply: (context, { repository, topics }) => {
    const opened = openRepository(context, repository, "update-settings");
    if (opened.refusal !== undefined) return rejected(opened.refusal);
    const { state, forge } = context;
    if (forge.standing.topics(repository).join(" ") === topics.join(" ")) return rejected("already-so");
    if (topics.length === 0) removeRow(state, tables.topicsTable, repository);
    else writeRow(state, tables.topicsTable, repository, topics);
    return applied({});
  },
});

interface OnRepository {
  readonly repository: RepositoryId;
  readonly account: AccountId;
}

/** Takes a star back that is there. */
export function removeStar(state: Overlay, { repository, account }: OnRepository): void {
  removeRow(state, tables.starTable, { repository, account });
  addToTally(state, "stars", repository, -1);
  addToTally(state, "starred", account, -1);
}

/** Ends what somebody said about hearing of a repository, if they said anything. */
export function removeSubscription(state: Overlay, { repository, account }: OnRepository): void {
  const row = readRow(state, tables.subscriptionTable, { repository, account });
  if (row === undefined) return;
  removeRow(state, tables.subscriptionTable, { repository, account });
  addToTally(state, "subscriptions", account, -1);
  if (row.state === "subscribed") addToTally(state, "subscribers", repository, -1);
}
