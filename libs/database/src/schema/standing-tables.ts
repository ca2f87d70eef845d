import { index, pgTable, primaryKey } from "drizzle-orm/pg-core";
import type { AccountId, RepositoryId, TimeMs } from "@guts/primitives";
import type { SubscriptionState } from "@guts/ledger";
import { integer, text } from "./columns.ts";

/** Who stars which repository. */
export const stars = pgTable(
  "stars",
  {
    repositoryId: integer("repository_id").$type<RepositoryId>().notNull(),
    accountId: integer("account_id").$type<AccountId>().notNull(),
    sinceTime: integer("since_time").$type<TimeMs>().notNull(),
  },
  (row) => [
    primaryKey({ columns: [row.repositoryId, row.accountId] }),
    index("stars_repository").on(row.repositoryId, row.sinceTime, row.accountId),
    index("stars_account").on(row.accountId, row.sinceTime, row.repositoryId),
  ],
);

/** Which repository was forked from which. */
export const forks = pgTable(
  "forks",
  {
    repositoryId: integer("repository_id").$type<RepositoryId>().primaryKey(),
    parentId: integer("parent_id").$type<RepositoryId>().notNull(),
    forkedTime: integer("forked_time").$type<TimeMs>().notNull(),
  },
  (row) => [index("forks_parent").on(row.parentId, row.forkedTime, row.repositoryId)],
);

/** Who watches which repository, or ignores it. */
export const subscriptions = pgTable(
  "subscriptions",
  {
    repositoryId: integer("repository_id").$type<RepositoryId>().notNull(),
    accountId: integer("account_id").$type<AccountId>().notNull(),
    state: text("state").$type<SubscriptionState>().notNull(),
    sinceTime: integer("since_time").$type<TimeMs>().notNull(),
  },
  (row) => [
    primaryKey({ columns: [row.repositoryId, row.accountId] }),
    index("subscriptions_repository").on(row.repositoryId, row.state, row.sinceTime, row.accountId),
    index("subscriptions_account").on(row.accountId, row.state, row.sinceTime, row.repositoryId),
  ],
);
