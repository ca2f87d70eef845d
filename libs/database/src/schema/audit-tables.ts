/** Rows of audit logs: which administrative act stands in which log. What the act was is in its event. */
import { index, pgTable, primaryKey } from "drizzle-orm/pg-core";
import type { AccountId, RepositoryId } from "@guts/primitives";
import { integer, text } from "./columns.ts";

/** One row for each log that lists an act. `action` and `actorId` repeat what the event says, so that filters have an index. */
export const auditLogs = pgTable(
  "audit_logs",
  {
    logType: text("log_type").$type<"network" | "account" | "repository">().notNull(),
    logId: integer("log_id").notNull(),
    sequence: integer("sequence").notNull(),
    action: text("action").notNull(),
    actorId: integer("actor_id").$type<AccountId>().notNull(),
  },
  (row) => [
    primaryKey({ columns: [row.logType, row.logId, row.sequence] }),
    index("audit_logs_action").on(row.logType, row.logId, row.action, row.sequence),
    index("audit_logs_actor").on(row.logType, row.logId, row.actorId, row.sequence),
    index("audit_logs_sequence").on(row.sequence),
  ],
);

/** Whose each repository is, or was when it was deleted, as the acts so far say: an act belongs to the owner's log of its time. */
export const repositoryOwners = pgTable("repository_owners", {
  repositoryId: integer("repository_id").$type<RepositoryId>().primaryKey(),
  ownerId: integer("owner_id").$type<AccountId>().notNull(),
  offeredTo: integer("offered_to").$type<AccountId>(),
});
