/**
 * Every transaction that the ledger accepts is applied by both databases, with the same rows and the same lists in the
 * same order; and projecting everything anew gives these rows again.
 *
 * `GUTS_FUZZ_SEED` repeats a run; `GUTS_FUZZ_SECONDS` lengthens it with one seed after the other.
 */
import { resolvePermission } from "@guts/governance";
import { scanRows, tables } from "@guts/ledger";
import { parseAccountId, toHex, type AccountId, type Digest, type Height, type TimeMs } from "@guts/primitives";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RandomUsers, SimulatedLedger } from "@guts/testing";
import { dumpRows, embeddedDatabases, serverDatabases, type DatabaseKind } from "../../test/databases.ts";
import { snapshotOf } from "../../test/ledger-snapshot.ts";
import { expectListsOfState } from "../../test/organization-lists.ts";
import { appliedBlockOf } from "../applied-block.ts";
import { openReadModel } from "../open-read-model.ts";
import type { DatabaseLocation, ReadModel } from "../read-model.ts";

const isLong = process.env["GUTS_TEST_TIER"] === "long";
const seconds = Number(process.env["GUTS_FUZZ_SECONDS"] ?? (isLong ? 300 : 0));
const firstSeed = Number(process.env["GUTS_FUZZ_SEED"] ?? Date.now() % 1_000_000);
const blocksPerSeed = 60;
const signal = new AbortController().signal;

let kinds: readonly DatabaseKind[] = [];

beforeAll(async () => {
  kinds = [embeddedDatabases(), await serverDatabases()];
}, 60_000);

afterAll(async () => {
  for (const kind of kinds) await kind[Symbol.asyncDispose]();
}, 120_000);

describe("the ledger and both databases", () => {
  test(
    "agree on every row and every list",
    async () => {
      const deadline = performance.now() + seconds * 1000;
      let seed = firstSeed;
      let count = 0;
      do {
        await expectAgreement(seed).catch((cause: unknown) => {
          throw new Error(`repeat with GUTS_FUZZ_SEED=${seed}`, { cause });
        });
        seed++;
        count++;
      } while (performance.now() < deadline);
      process.stdout.write(`compared ${count} histories, seeds ${firstSeed} to ${seed - 1}\n`);
    },
    (seconds + 240) * 1000,
  );
});

interface Opened {
  readonly location: DatabaseLocation;
  readonly model: ReadModel;
}

async function expectAgreement(seed: number): Promise<void> {
  const ledger = new SimulatedLedger(seed);
  const users = new RandomUsers(ledger);
  const opened = await Promise.all(kinds.map(async (kind) => openFor(ledger, kind)));
  try {
    const blocks = Array.from({ length: blocksPerSeed }, () =>
      appliedBlockOf(users.appendBlock(1 + ledger.random.below(10))),
    );
    for (const [index, { model }] of opened.entries())
      for (const together of groupsOf(blocks, index)) expect(await model.project(together, signal)).toBe("projected");
    const [rows, otherRows] = await Promise.all(opened.map(({ location }) => dumpRows(location)));
    expect(otherRows).toEqual(rows);
    expect(rows!["quarantined_entries"]).toEqual([]);
    expectEveryFact(ledger, rows!);
    const [lists, otherLists] = await Promise.all(opened.map(({ model }) => everyList(ledger, users, model)));
    expect(otherLists).toEqual(lists);
    await expectVisibilityOfGovernance(ledger, users, opened[0]!.model);
    for (const { model } of opened) await expectListsOfState(ledger, users, model.organizations);
    for (const { location, model } of opened) {
      await model.rebuild(snapshotOf(ledger), signal);
      expect(await dumpRows(location)).toEqual(rows);
    }
  } finally {
    for (const [index, { location, model }] of opened.entries()) {
      await model.close();
      await kinds[index]!.drop(location);
    }
  }
}

/** Each block alone for the first database, for the others groups of one block, two, three and so on up to eight. */
function* groupsOf<Item>(items: readonly Item[], database: number): Generator<readonly Item[]> {
  for (let at = 0, count = 1; at < items.length; at += count, count = database === 0 ? 1 : (count % 8) + 1)
    yield items.slice(at, at + count);
}

async function openFor(ledger: SimulatedLedger, kind: DatabaseKind): Promise<Opened> {
  const location = await kind.fresh();
  const onQuarantine = (): void => {};
  const model = await openReadModel({ location, networkId: ledger.networkId, onQuarantine });
  await model.rebuild(snapshotOf(ledger), signal);
  return { location, model };
}

/** That rows came out at all: as many as the ledger has things. */
function expectEveryFact(ledger: SimulatedLedger, rows: Readonly<Record<string, readonly string[]>>): void {
  expect(rows["events"]).toHaveLength(ledger.events.length);
  expect(rows["blocks"]).toHaveLength(ledger.blocks.length);
  expect(rows["contents"]).toHaveLength(ledger.texts.size);
  expect(rows["accounts"]).toHaveLength([...scanRows(ledger.state, tables.accountTable)].length);
  expect(rows["repositories"]).toHaveLength([...scanRows(ledger.state, tables.repositoryTable)].length);
  expect(rows["issues"]).toHaveLength([...scanRows(ledger.state, tables.issueTable)].length);
  expect(rows["accounts"]!.length).toBeGreaterThan(2);
}

/** What each list answers, by its name and arguments. */
async function everyList(ledger: SimulatedLedger, users: RandomUsers, model: ReadModel): Promise<unknown> {
  const lists: Record<string, unknown> = {};
  const accounts = users.accounts;
  const viewers = [undefined, ...accounts.slice(0, 4)];
  const page = { page: 1, perPage: 100 };
  const now = ledger.tip.time;
  for (const account of accounts) {
    const of = `account ${account}`;
    lists[`${of}: itself`] = await model.account(account, signal);
    lists[`${of}: counts`] = await model.accountCounts(account, now as TimeMs, signal);
    for (const list of ["followers", "following"] as const)
      lists[`${of}: ${list}`] = await model.follows({ account, list, ...page }, signal);
    for (const list of ["starred", "watched"] as const)
      lists[`${of}: ${list}`] = await model.standings(
        { account, viewer: account, list, direction: "desc", ...page },
        signal,
      );
    lists[`${of}: keys`] = await model.keys(account, signal);
    lists[`${of}: credentials`] = await model.credentials(account, signal);
    lists[`${of}: delegations`] = await model.delegations(account, signal);
    lists[`${of}: invitations`] = await model.repositoryInvitations({ invitee: account }, page, signal);
    lists[`${of}: invitations to organizations`] = await model.organizationInvitations(account, now as TimeMs, signal);
    lists[`${of}: offers`] = await model.transferOffers(account, page, signal);
    const log = { type: "account", id: account } as const;
    lists[`${of}: audit`] = await model.audit({ log, limit: 100 }, signal);
    const filtered = {
      log,
      actions: ["repo.create", "user.login"],
      from: (now - 60_000) as TimeMs,
      until: now as TimeMs,
    };
    lists[`${of}: audit, filtered`] = await model.audit({ ...filtered, actor: account, limit: 5 }, signal);
    lists[`${of}: events`] = await model.events({ actor: account, viewer: account, limit: 100 }, signal);
    for (const sort of ["created", "updated", "pushed", "full_name"] as const) {
      for (const direction of ["asc", "desc"] as const) {
        const query = { account, affiliation: "any", viewer: account, sort, direction, page: 1, perPage: 7 } as const;
        lists[`${of}: repositories by ${sort} ${direction}`] = await model.listRepositories(query, signal);
      }
    }
  }
  for (const viewer of viewers) {
    for (const prefix of ["", "a", "A_", "_", "web", "ada/", "b/a", "%"]) {
      lists[`${viewer} finds ${prefix}`] = await model.findRepositories({ prefix, viewer, limit: 20 }, signal);
    }
    lists[`${viewer} sees events`] = await model.events({ viewer, limit: 100 }, signal);
    lists[`${viewer} sees a block`] = await model.eventsOfBlock(ledger.tip.height, viewer, signal);
    const { transactionId } = ledger.events[0]!;
    for (const { kind, payload } of ledger.events.filter(({ kind: each }) => each === "credential.revoke").slice(0, 3))
      lists[`${kind} ${toHex(payload)}`] = await model.credentialHistory(payload as Digest, signal);
    lists[`${viewer} sees a transaction`] = await model.eventOfTransaction(transactionId, viewer, signal);
  }
  for (const sort of ["created", "updated", "pushed"] as const) {
    lists[`public by ${sort}`] = await model.listPublicRepositories({ ...page, sort, direction: "desc" }, signal);
  }
  const repositories = await model.publicRepositoriesSince(0, 100, signal);
  lists["public since"] = repositories;
  for (const { id } of repositories) {
    lists[`invitations of ${id}`] = await model.repositoryInvitations({ repository: id }, page, signal);
    const scope = { type: "repository", id } as const;
    lists[`events of ${id}`] = await model.events({ scope, viewer: undefined, limit: 100 }, signal);
  }
  lists["audit of the network"] = await model.audit({ log: { type: "network", id: 0 }, limit: 100 }, signal);
  for (const { id } of repositories)
    lists[`audit of ${id}`] = await model.audit({ log: { type: "repository", id }, limit: 100 }, signal);
  lists["an act"] = await model.auditAct(ledger.events[0]!.transactionId, signal);
  lists["accounts since"] = await model.accountsSince(0, 100, signal);
  for (const prefix of ["", "a", "A-", "b", "z"])
    lists[`accounts ${prefix}`] = await model.findAccounts(prefix, 50, signal);
  lists["nodes"] = await model.nodes(signal);
  lists["blocks"] = await model.blocks(undefined, 100, signal);
  lists["earlier blocks"] = await model.blocks(10 as Height, 100, signal);
  lists["block"] = await model.block(ledger.tip.height, signal);
  for (let number = 1; number < 10; number++)
    lists[`invitation ${number}`] = await model.repositoryInvitation(number, signal);
  return lists;
}

/** The rule in SQL is the rule of governance: compared for every repository and viewer. */
async function expectVisibilityOfGovernance(
  ledger: SimulatedLedger,
  users: RandomUsers,
  model: ReadModel,
): Promise<void> {
  const owners = [...users.accounts, ...users.organizations];
  for (const viewer of [undefined, ...users.accounts]) {
    const seen: number[] = [];
    const permitted: number[] = [];
    for (const account of owners) {
      const affiliation = "owner" as const;
      const query = { account, affiliation, viewer, sort: "created", direction: "asc", page: 1, perPage: 100 } as const;
      seen.push(...(await model.listRepositories(query, signal)).items.map(({ id }) => id));
      permitted.push(...ownedAndReadable(ledger, account, viewer));
    }
    expect(seen).toEqual(permitted);
  }
}

function ownedAndReadable(ledger: SimulatedLedger, owner: AccountId, viewer: AccountId | undefined): readonly number[] {
  const { forge } = ledger;
  const ids = Array.from(scanRows(ledger.state, tables.repositoryTable), ([id]) => id);
  return ids.filter((id) => {
    const repository = forge.repository(id);
    if (repository?.owner !== owner) return false;
    return resolvePermission(forge.grants(repository, parseAccountId(viewer ?? 0))).permission !== "none";
  });
}
