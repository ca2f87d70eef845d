import { and, desc, eq, exists, gt, gte, inArray, lt, sql, type SQL } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Digest, TimeMs } from "@guts/primitives";
import type { Executor } from "../connection/connection.ts";
import type { AuditListing, AuditLog, AuditQuery } from "../listings.ts";
import { auditLogs, blocks, events } from "../schema/tables.ts";
import { checkedLimit } from "./paging.ts";

const other = alias(auditLogs, "other");

/** Acts of a log, newest first. Who may read the log is not asked here. */
export async function listAudit(executor: Executor, query: AuditQuery): Promise<readonly AuditListing[]> {
  const { log, within, actions, actor, from, until, before } = query;
  const rows = await executor
    .select({ event: events })
    .from(auditLogs)
    .innerJoin(events, eq(events.sequence, auditLogs.sequence))
    .where(
      and(
        eq(auditLogs.logType, log.type),
        eq(auditLogs.logId, log.id),
        before === undefined ? undefined : lt(auditLogs.sequence, before),
        actions === undefined ? undefined : inArray(auditLogs.action, [...actions]),
        actor === undefined ? undefined : eq(auditLogs.actorId, actor),
        from === undefined ? undefined : gte(auditLogs.sequence, firstSince(executor, from, gte)),
        until === undefined ? undefined : lt(auditLogs.sequence, orEndless(firstSince(executor, until, gt))),
        within === undefined ? undefined : exists(listedIn(executor, within)),
      ),
    )
    .orderBy(desc(auditLogs.sequence))
    .limit(checkedLimit(query.limit));
  return rows.map(({ event }) => listingOf(event));
}

/** The act that a transaction was, and every log that lists it; undefined for a transaction that is no act. */
export async function findAct(
  executor: Executor,
  transactionId: Digest,
): Promise<{ readonly act: AuditListing; readonly logs: readonly AuditLog[] } | undefined> {
  const rows = await executor
    .select({ event: events, type: auditLogs.logType, id: auditLogs.logId })
    .from(events)
    .innerJoin(auditLogs, eq(auditLogs.sequence, events.sequence))
    .where(eq(events.transactionId, transactionId));
  const [first] = rows;
  return first && { act: listingOf(first.event), logs: rows.map(({ type, id }) => ({ type, id })) };
}

/** The sequence of the first event of the first block whose time is as compared; null when there is none yet. */
function firstSince(executor: Executor, time: TimeMs, compare: typeof gte): SQL {
  const height = executor
    .select({ height: blocks.height })
    .from(blocks)
    .where(compare(blocks.time, time))
    .orderBy(blocks.time)
    .limit(1);
  const first = executor
    .select({ sequence: events.sequence })
    .from(events)
    .where(gte(events.height, sql`(${height})`))
    .orderBy(events.height, events.index)
    .limit(1);
  return sql`(${first})`;
}

function orEndless(sequence: SQL): SQL {
  return sql`coalesce(${sequence}, ${Number.MAX_SAFE_INTEGER}::bigint)`;
}

function listedIn(executor: Executor, log: AuditLog) {
  return executor
    .select({ one: sql`1` })
    .from(other)
    .where(and(eq(other.logType, log.type), eq(other.logId, log.id), eq(other.sequence, auditLogs.sequence)));
}

function listingOf({ actorId, scopeType, scopeId, ...event }: typeof events.$inferSelect): AuditListing {
  return { ...event, actor: actorId, scope: { type: scopeType, id: scopeId } };
}
