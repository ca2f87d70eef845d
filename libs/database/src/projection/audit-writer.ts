/** Lists administrative acts in the logs that they belong to: the network's, those of accounts, those of repositories. */
import { auditOf, type AuditEntry, type LedgerEvent } from "@guts/ledger";
import type { AccountId, RepositoryId } from "@guts/primitives";
import type { DatabaseTransaction } from "../connection/database-transaction.ts";
import { auditLogs, repositoryOwners } from "../schema/tables.ts";
import { arrayOf } from "./array-parameter.ts";
import { rowTable } from "./row-table.ts";
import { writeRows, type RefusedRow, type RowSink } from "./row-writer.ts";

interface Act {
  readonly event: LedgerEvent;
  readonly entry: AuditEntry;
}

interface Owner {
  readonly ownerId: AccountId;
  readonly offeredTo: AccountId | null;
}

type LogRow = Required<typeof auditLogs.$inferInsert>;

const logRows = rowTable(auditLogs);
const ownerRows = rowTable(repositoryOwners);

/** Writes the rows of these events, which follow those of earlier calls. */
export async function writeAudit(
  sink: RowSink,
  events: readonly LedgerEvent[],
): Promise<readonly RefusedRow<LogRow>[]> {
  const acts = events.flatMap((event): readonly Act[] => {
    const entry = auditOf(event);
    return entry === undefined ? [] : [{ event, entry }];
  });
  if (acts.length === 0) return [];
  const owners = await readOwners(sink.transaction, acts);
  const changed = new Set<RepositoryId>();
  const rows = acts.flatMap((act) => rowsOf(act, ownersAt(act, owners, changed)));
  await writeRows(sink, ownerRows.upsert, [...changed], (repositoryId) => ({
    repositoryId,
    ...owners.get(repositoryId),
  }));
  return writeRows(sink, logRows.upsert, rows, (row) => row);
}

/** Whose the acts' repositories were before the first of them. */
async function readOwners(transaction: DatabaseTransaction, acts: readonly Act[]): Promise<Map<RepositoryId, Owner>> {
  const ids = [...new Set(acts.flatMap((act) => repositoryOf(act) ?? []))];
  if (ids.length === 0) return new Map();
  // The driver gives numbers of eight bytes as text.
  const rows = await transaction.query<{ id: string; owner: string; offered: string | null }>(
    `select repository_id as id, owner_id as owner, offered_to as offered from repository_owners
     where repository_id = any ($1::bigint[])`,
    [arrayOf(ids)],
  );
  return new Map(
    rows.map(({ id, owner, offered }) => [
      Number(id) as RepositoryId,
      { ownerId: Number(owner) as AccountId, offeredTo: offered === null ? null : (Number(offered) as AccountId) },
    ]),
  );
}

/** Whose logs an act on a repository belongs to: its owner's, and who it came from's; keeps what it says about that. */
function ownersAt(act: Act, owners: Map<RepositoryId, Owner>, changed: Set<RepositoryId>): readonly AccountId[] {
  const repository = repositoryOf(act);
  if (repository === undefined) return [];
  const before = owners.get(repository);
  const after = ownerAfter(act, before);
  if (after !== undefined && after !== before) {
    owners.set(repository, after);
    changed.add(repository);
  }
  return [before, after].flatMap((owner) => owner?.ownerId ?? []);
}

function ownerAfter({ event, entry }: Act, before: Owner | undefined): Owner | undefined {
  if (entry.owner !== undefined) return { ownerId: entry.owner, offeredTo: null };
  if (before === undefined) return undefined;
  if (entry.offeredTo !== undefined) return { ...before, offeredTo: entry.offeredTo };
  const isTaken = event.kind === "transfer.accept" && before.offeredTo !== null;
  return isTaken ? { ownerId: before.offeredTo, offeredTo: null } : before;
}

/** One row for each log. */
function rowsOf({ event, entry }: Act, owners: readonly AccountId[]): readonly LogRow[] {
  const { sequence, actor: actorId, scope } = event;
  const repository = repositoryOf({ event, entry });
  const accounts = new Set<number>([actorId, ...owners]);
  if (entry.target !== undefined) accounts.add(entry.target);
  if (scope.type === "account") accounts.add(scope.id);
  const row = { sequence, action: entry.action, actorId };
  return [
    ...Array.from(accounts, (logId) => ({ ...row, logType: "account", logId }) as const),
    ...(repository === undefined ? [] : [{ ...row, logType: "repository", logId: repository } as const]),
    ...(entry.isOfNetwork ? [{ ...row, logType: "network", logId: 0 } as const] : []),
  ];
}

function repositoryOf({ event: { scope }, entry }: Act): RepositoryId | undefined {
  return scope.type === "repository" ? (scope.id as RepositoryId) : entry.repository;
}
