/** State entries, blocks and snapshots made by hand, for tests that look at single rows. */
import {
  encode,
  toHex,
  type AccountId,
  type Digest,
  type Handle,
  type Height,
  type RepositoryId,
  type RepositoryName,
  type TeamId,
  type TimeMs,
} from "@guts/primitives";
import { rowKey, type StateChange, type Table, type tables } from "@guts/ledger";
import type { AppliedBlock, LedgerSnapshot } from "../src/read-model.ts";

/** 32 bytes of one value. */
export function digest(byte: number): Digest {
  return new Uint8Array(32).fill(byte) as Digest;
}

export const account = (id: number): AccountId => id as AccountId;
export const repository = (id: number): RepositoryId => id as RepositoryId;
export const team = (id: number): TeamId => id as TeamId;
export const height = (value: number): Height => value as Height;
export const time = (value: number): TimeMs => value as TimeMs;

/** The network that these entries belong to. */
export const networkId = digest(0xaa);

/** A state entry; an undefined value removes it. */
export function entry<Key, Value>(table: Table<Key, Value>, key: Key, value: Value | undefined): StateChange {
  return { key: rowKey(table, key), value: value === undefined ? undefined : encode(table.value, value) };
}

export function accountRow(handle: string, fields: Partial<tables.AccountRow> = {}): tables.AccountRow {
  return {
    handle: handle as Handle,
    status: "active",
    isAdministrator: "no",
    createdTime: time(1),
    createdHeight: height(1),
    updatedTime: time(1),
    displayName: undefined,
    bio: undefined,
    location: undefined,
    website: undefined,
    ...fields,
  };
}

export function repositoryRow(
  owner: number,
  name: string,
  fields: Partial<tables.RepositoryRow> = {},
): tables.RepositoryRow {
  return {
    owner: account(owner),
    name: name as RepositoryName,
    visibility: "public",
    objectFormat: "sha1",
    defaultBranch: "refs/heads/main" as tables.RepositoryRow["defaultBranch"],
    defaultBranchIs: "assumed",
    state: "active",
    description: undefined,
    homepage: undefined,
    createdTime: time(1),
    createdHeight: height(1),
    updatedTime: time(1),
    pushedTime: undefined,
    refCount: 0,
    ...fields,
  };
}

/** A block with these changes. */
export function block(at: number, changes: readonly StateChange[], fields: Partial<AppliedBlock> = {}): AppliedBlock {
  return {
    height: height(at),
    headerHash: digest(at),
    time: time(at),
    transactionCount: 0,
    changes,
    contents: new Map(),
    events: [],
    ...fields,
  };
}

/** A snapshot that holds exactly these blocks' changes, contents and events, the last of each key. */
export function snapshot(blocks: readonly AppliedBlock[], fields: Partial<LedgerSnapshot> = {}): LedgerSnapshot {
  const newest = blocks.at(-1);
  const changes = new Map(blocks.flatMap((one) => one.changes.map((change) => [toHex(change.key), change] as const)));
  return {
    height: newest?.height ?? height(0),
    headerHash: newest?.headerHash ?? digest(0),
    whole: () => ({
      blocks: () => blocks,
      changes: () => [...changes.values()].filter(({ value }) => value !== undefined),
      contents: () => blocks.flatMap(({ contents }) => [...contents]),
      events: () => blocks.flatMap(({ events }) => events),
    }),
    since: () => undefined,
    ...fields,
  };
}
