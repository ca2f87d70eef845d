import { and, desc, eq, inArray, lt, ne, or, type SQL } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import { KINDS } from "@guts/ledger";
import { assert, decode, toHex, type AccountId, type Digest, type Height } from "@guts/primitives";
import type { Executor } from "../connection/connection.ts";
import { textsMax } from "../limits.ts";
import type { BlockListing, CredentialHistory, DetachedText, EventListing, EventQuery } from "../listings.ts";
import type { QuarantinedEntry } from "../read-model.ts";
import {
  accounts,
  blocks,
  contents,
  credentialIdOf,
  events,
  isAboutCredential,
  quarantinedEntries,
  repositories,
} from "../schema/tables.ts";
import { checkedLimit } from "./paging.ts";
import { isVisibleTo } from "./visible.ts";

const actor = alias(accounts, "actor");
const scopeOwner = alias(accounts, "scope_owner");

/** Events of a scope, of an actor, of both or of all, newest first. */
export async function listEvents(executor: Executor, query: EventQuery): Promise<readonly EventListing[]> {
  const { scope, actor, before } = query;
  const rows = await selectEvents(
    executor,
    query.viewer,
    scope === undefined ? undefined : and(eq(events.scopeType, scope.type), eq(events.scopeId, scope.id)),
    actor === undefined ? undefined : eq(events.actorId, actor),
    before === undefined ? undefined : lt(events.sequence, before),
  )
    .orderBy(desc(events.sequence))
    .limit(checkedLimit(query.limit));
  return rows.map(eventOf);
}

/** The applied transactions of one block: their number is bounded by the ledger. */
export async function listEventsOfBlock(
  executor: Executor,
  height: Height,
  viewer: AccountId | undefined,
): Promise<readonly EventListing[]> {
  const rows = await selectEvents(executor, viewer, eq(events.height, height)).orderBy(events.index);
  return rows.map(eventOf);
}

/** One applied transaction. */
export async function findEventOfTransaction(
  executor: Executor,
  id: Digest,
  viewer: AccountId | undefined,
): Promise<EventListing | undefined> {
  const [row] = await selectEvents(executor, viewer, eq(events.transactionId, id)).limit(1);
  return row === undefined ? undefined : eventOf(row);
}

function selectEvents(executor: Executor, viewer: AccountId | undefined, ...conditions: (SQL | undefined)[]) {
  const isRepositoryEvent = eq(events.scopeType, "repository");
  return executor
    .select({
      sequence: events.sequence,
      height: events.height,
      index: events.index,
      transactionId: events.transactionId,
      time: events.time,
      actorId: events.actorId,
      actorHandle: actor.handle,
      kind: events.kind,
      scopeType: events.scopeType,
      scopeId: events.scopeId,
      repositoryName: repositories.name,
      ownerId: scopeOwner.id,
      ownerHandle: scopeOwner.handle,
      payload: events.payload,
      result: events.result,
    })
    .from(events)
    .leftJoin(actor, eq(actor.id, events.actorId))
    .leftJoin(repositories, and(isRepositoryEvent, eq(repositories.id, events.scopeId)))
    .leftJoin(scopeOwner, eq(scopeOwner.id, repositories.ownerId))
    .where(and(...conditions, or(ne(events.scopeType, "repository"), isVisibleTo(executor, viewer))))
    .$dynamic();
}

type EventRow = Awaited<ReturnType<typeof selectEvents>>[number];

function eventOf(row: EventRow): EventListing {
  const { actorId, actorHandle, scopeType, scopeId, repositoryName, ownerId, ownerHandle, ...rest } = row;
  const isNamed = repositoryName !== null && ownerId !== null && ownerHandle !== null;
  return {
    ...rest,
    actor: { id: actorId, handle: actorHandle ?? undefined },
    scope: {
      type: scopeType,
      id: scopeId,
      repository: isNamed ? { owner: { id: ownerId, handle: ownerHandle }, name: repositoryName } : undefined,
    },
  };
}

/** What the newest credential of this id was, and when it was revoked; undefined when there never was one. */
export async function findCredentialHistory(executor: Executor, id: Digest): Promise<CredentialHistory | undefined> {
  const rows = await executor
    .select({ kind: events.kind, time: events.time, payload: events.payload })
    .from(events)
    .where(and(isAboutCredential, eq(credentialIdOf(events.payload), id)))
    .orderBy(desc(events.sequence))
    .limit(2);
  const made = rows.find(({ kind }) => kind !== "credential.revoke");
  if (made === undefined) return undefined;
  const isRestricted = made.kind === "credential.create-restricted";
  const { expiresTime } = isRestricted
    ? decode(KINDS["credential.create-restricted"].payload, made.payload)
    : decode(KINDS["credential.create"].payload, made.payload);
  const [newest] = rows;
  return { expiresTime, revokedTime: newest === made ? undefined : newest?.time };
}

/** Blocks, newest first. */
export async function listBlocks(
  executor: Executor,
  before: Height | undefined,
  limit: number,
): Promise<readonly BlockListing[]> {
  return executor
    .select()
    .from(blocks)
    .where(before === undefined ? undefined : lt(blocks.height, before))
    .orderBy(desc(blocks.height))
    .limit(checkedLimit(limit));
}

/** One block. */
export async function findBlock(executor: Executor, height: Height): Promise<BlockListing | undefined> {
  const [row] = await executor.select().from(blocks).where(eq(blocks.height, height));
  return row;
}

/** What became of detached texts, by the hexadecimal of their digests. */
export async function findTexts(
  executor: Executor,
  digests: readonly Digest[],
): Promise<ReadonlyMap<string, DetachedText>> {
  assert(digests.length <= textsMax, "one look-up of texts has a limit");
  const found = new Map<string, DetachedText>(digests.map((digest) => [toHex(digest), { state: "missing" }]));
  if (digests.length === 0) return found;
  const rows = await executor
    .select()
    .from(contents)
    .where(inArray(contents.digest, [...digests]));
  for (const { digest, text, redactedBy, redactedHeight, redactionReason } of rows) {
    const isRedacted = redactedBy !== null && redactedHeight !== null;
    if (isRedacted) {
      const reason = redactionReason ?? "";
      found.set(toHex(digest), { state: "redacted", by: redactedBy, height: redactedHeight, reason });
    } else if (text !== null) found.set(toHex(digest), { state: "present", text });
  }
  return found;
}

/** Entries that gave no row. */
export async function listQuarantined(executor: Executor, limit: number): Promise<readonly QuarantinedEntry[]> {
  return executor
    .select()
    .from(quarantinedEntries)
    .orderBy(quarantinedEntries.source, quarantinedEntries.key)
    .limit(checkedLimit(limit));
}
