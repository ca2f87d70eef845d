/** Writes timelines, and what they go on naming after it is gone, from the events. */
import { decode, type LabelId } from "@guts/primitives";
import { issueEntriesOf, kindOf, type IssueEntry, type LedgerEvent, type PayloadOf, type ResultOf } from "@guts/ledger";
import type { LabelColor, LabelName } from "@guts/collaboration";
import type { DatabaseTransaction } from "../connection/database-transaction.ts";
import { issueEntries, issueMentions, labelNames, milestoneTitles } from "../schema/tables.ts";
import { arrayOf } from "./array-parameter.ts";
import { rowTable } from "./row-table.ts";
import { writeRows, type RefusedRow, type RowSink } from "./row-writer.ts";

const entryRows = rowTable(issueEntries);
const mentionRows = rowTable(issueMentions);
const nameRows = rowTable(labelNames);
const titleRows = rowTable(milestoneTitles);

interface PlacedEntry {
  readonly event: LedgerEvent;
  readonly entry: IssueEntry;
  readonly ordinal: number;
}

/** Writes the rows of these events, which follow those of earlier calls. Refused are the events of which a row does not fit. */
export async function writeIssueEntries(
  sink: RowSink,
  events: readonly LedgerEvent[],
): Promise<readonly RefusedRow<LedgerEvent>[]> {
  const entries = events.flatMap((event) =>
    issueEntriesOf(event).map((entry, ordinal): PlacedEntry => ({ event, entry, ordinal })),
  );
  const terms = await writeTerms(sink, events);
  if (entries.length === 0) return terms;
  const fresh = await withoutRepeatedReferences(sink.transaction, entries);
  const refused = await writeRows(sink, entryRows.upsert, fresh, rowOf);
  const mentions = new Map(entries.flatMap(mentionOf).map((row) => [Object.values(row).join(), row]));
  await writeRows(sink, mentionRows.upsert, [...mentions.values()], (row) => row);
  return [...terms, ...refused.map(({ item, error }) => ({ item: item.event, error }))];
}

function rowOf({ event, entry, ordinal }: PlacedEntry) {
  const { issue, type, label, account, milestone, comment, title, reason, other } = entry;
  return {
    repositoryId: issue.repository,
    number: issue.number,
    sequence: event.sequence,
    ordinal,
    type,
    actorId: event.actor,
    time: event.time,
    labelId: label ?? null,
    accountId: account ?? null,
    milestone: milestone ?? null,
    commentId: comment ?? null,
    titleBefore: title?.before.digest ?? null,
    titleAfter: title?.after.digest ?? null,
    reason: reason ?? null,
    otherRepositoryId: other?.repository ?? null,
    otherNumber: other?.number ?? null,
  };
}

function mentionOf({ entry: { type, issue, account } }: PlacedEntry) {
  if (type !== "mentioned" || account === undefined) return [];
  return [{ repositoryId: issue.repository, number: issue.number, accountId: account }];
}

/** One issue refers to another once in its timeline, however often its texts do. */
async function withoutRepeatedReferences(
  transaction: DatabaseTransaction,
  entries: readonly PlacedEntry[],
): Promise<readonly PlacedEntry[]> {
  const references = entries.filter(isReference);
  const known = new Set(references.length === 0 ? [] : await readReferences(transaction, references));
  return entries.filter((placed) => {
    if (!isReference(placed)) return true;
    const key = referenceKey(placed.entry);
    const isFirst = !known.has(key);
    known.add(key);
    return isFirst;
  });
}

async function readReferences(
  transaction: DatabaseTransaction,
  references: readonly PlacedEntry[],
): Promise<readonly string[]> {
  const entries = references.map(({ entry }) => entry);
  const rows = await transaction.query<Record<"repository" | "number" | "other" | "other_number", string>>(
    `select e.repository_id as repository, e.number, e.other_repository_id as other, e.other_number
     from unnest ($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[]) as asked (repository, number, other, other_number)
     join issue_entries e on e.repository_id = asked.repository and e.number = asked.number
       and e.other_repository_id = asked.other and e.other_number = asked.other_number
     where e.type = 'cross-referenced'`,
    [
      arrayOf(entries.map(({ issue }) => issue.repository)),
      arrayOf(entries.map(({ issue }) => issue.number)),
      arrayOf(entries.map(({ other }) => other!.repository)),
      arrayOf(entries.map(({ other }) => other!.number)),
    ],
  );
  return rows.map((row) => [row.repository, row.number, row.other, row.other_number].join());
}

function isReference({ entry }: PlacedEntry): boolean {
  return entry.type === "cross-referenced";
}

function referenceKey({ issue, other }: IssueEntry): string {
  return [issue.repository, issue.number, other!.repository, other!.number].join();
}

type NameRow = Required<typeof labelNames.$inferInsert>;
type TitleRow = Required<typeof milestoneTitles.$inferInsert>;

/** What labels and milestones are called from then on. */
async function writeTerms(sink: RowSink, events: readonly LedgerEvent[]): Promise<readonly RefusedRow<LedgerEvent>[]> {
  const titles = new Map<string, { readonly event: LedgerEvent; readonly row: TitleRow }>();
  for (const event of events) {
    const row = titleIn(event);
    if (row !== undefined) titles.set(`${row.repositoryId},${row.milestone}`, { event, row });
  }
  const names = await foldNames(sink.transaction, events);
  const refused = [
    ...(await writeRows(sink, titleRows.upsert, [...titles.values()], ({ row }) => row)),
    ...(await writeRows(sink, nameRows.upsert, [...names.values()], ({ row }) => row)),
  ];
  return refused.map(({ item, error }) => ({ item: item.event, error }));
}

function titleIn(event: LedgerEvent): TitleRow | undefined {
  if (event.kind === "milestone.create") {
    const { payload, result } = decodedAs(event, "milestone.create");
    return { repositoryId: payload.repository, milestone: result.milestone, titleDigest: payload.title.digest };
  }
  if (event.kind !== "milestone.update") return undefined;
  const { repository, milestone, title } = decodedAs(event, "milestone.update").payload;
  return title && { repositoryId: repository, milestone, titleDigest: title.digest };
}

/** Labels as the events leave them; what an event does not say is as it was. */
async function foldNames(transaction: DatabaseTransaction, events: readonly LedgerEvent[]) {
  const updates = events.filter(({ kind }) => kind === "label.update").map((event) => decodedAs(event, "label.update"));
  const before = await readNames(
    transaction,
    updates.map(({ payload }) => payload.label),
  );
  const names = new Map<LabelId, { readonly event: LedgerEvent; readonly row: NameRow }>();
  for (const event of events) {
    if (event.kind === "labels.create") {
      const { payload, result } = decodedAs(event, "labels.create");
      payload.labels.forEach(({ name, color }, index) => {
        const labelId = result.labels[index]!;
        names.set(labelId, { event, row: { labelId, name, color } });
      });
    }
    if (event.kind !== "label.update") continue;
    const { label: labelId, name, color } = decodedAs(event, "label.update").payload;
    const known = names.get(labelId)?.row ?? before.get(labelId);
    if (known === undefined) continue;
    names.set(labelId, { event, row: { labelId, name: name ?? known.name, color: color ?? known.color } });
  }
  return names;
}

async function readNames(
  transaction: DatabaseTransaction,
  ids: readonly LabelId[],
): Promise<ReadonlyMap<LabelId, NameRow>> {
  if (ids.length === 0) return new Map();
  const rows = await transaction.query<Record<"id" | "name" | "color", string>>(
    `select label_id as id, name, color from label_names where label_id = any ($1::bigint[])`,
    [arrayOf([...new Set(ids)])],
  );
  return new Map(
    rows.map(({ id, name, color }) => {
      const labelId = Number(id) as LabelId;
      return [labelId, { labelId, name: name as LabelName, color: color as LabelColor }];
    }),
  );
}

function decodedAs<Kind extends "labels.create" | "label.update" | "milestone.create" | "milestone.update">(
  { payload, result }: LedgerEvent,
  kind: Kind,
): { readonly payload: PayloadOf<Kind>; readonly result: ResultOf<Kind> } {
  const codecs = kindOf(kind);
  return {
    payload: decode(codecs.payload, payload) as PayloadOf<Kind>,
    result: decode(codecs.result, result) as ResultOf<Kind>,
  };
}
