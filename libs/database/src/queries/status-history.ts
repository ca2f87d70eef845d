import { and, desc, eq, sql } from "drizzle-orm";
import { encode, repositoryIdCodec, struct } from "@guts/primitives";
import { tables } from "@guts/ledger";
import type { Executor } from "../connection/connection.ts";
import type { Page, StatusEventListing, StatusQuery } from "../listings.ts";
import { events, isStatus, statusSubjectOf } from "../schema/tables.ts";
import { pageOf, rowsOf } from "./paging.ts";

const subject = struct({ repository: repositoryIdCodec, commit: tables.objectIdCodec });
/** What of a subject the index holds. */
const indexedBytes = 32;

/** The events by which a commit got statuses, newest first. */
export async function listStatusHistory(executor: Executor, query: StatusQuery): Promise<Page<StatusEventListing>> {
  const { limit, offset } = rowsOf(query);
  const wanted = encode(subject, query);
  const isWhole =
    wanted.length === indexedBytes
      ? undefined
      : eq(sql<Uint8Array>`substring(${events.payload} from 1 for ${sql.raw(String(wanted.length))})`, wanted);
  const rows = await executor
    .select({ payload: events.payload, result: events.result, actor: events.actorId, time: events.time })
    .from(events)
    .where(and(isStatus, eq(statusSubjectOf(events.payload), wanted.slice(0, indexedBytes)), isWhole))
    .orderBy(desc(events.sequence))
    .limit(limit)
    .offset(offset);
  return pageOf(rows, query);
}
