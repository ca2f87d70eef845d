import { describe, expect, test } from "vitest";
import { encode, toHex, type Digest, type Height, type TimeMs } from "@guts/primitives";
import { accountBudgetRule, allScopes, nodeBudgetRule, type BudgetAmounts } from "@guts/governance";
import {
  branch,
  codeOf,
  Scenario,
  silentProfile,
  update,
  type By,
  type Changes,
  type Person,
} from "../test/scenario.ts";
import { decideCommand } from "./execute-transaction.ts";
import { kindOf } from "./kinds/index.ts";
import { blockWorkMax, transactionWork, transactionLifeBlocksMax, transactionLifeMsMax } from "./limits.ts";
import { Overlay } from "./state.ts";
import { decodeRowKey, readRow, scanRows, writeRow } from "./table.ts";
import * as tables from "./tables.ts";
import type { TransactionBody } from "./transaction.ts";

const key = (byte: number) => new Uint8Array(16).fill(byte);

function create(scenario: Scenario, person: Person, changes: Changes = {}, by: By = scenario.root(person)): string {
  const payload = scenario.repositoryPayload(person, `r${scenario.ledger.tip.height}`);
  return scenario.code("repository.create", payload, by, changes);
}

/** Every entry of the state, in hexadecimal. */
function snapshot(scenario: Scenario): ReadonlyMap<string, string> {
  return new Map(scenario.ledger.state.entries().map(([name, value]) => [toHex(name), toHex(value)]));
}

describe("a transaction is inadmissible", () => {
  test.each<[string, (scenario: Scenario) => Partial<TransactionBody>, string]>([
    ["on another network", () => ({ networkId: new Uint8Array(32) as Digest }), "wrong-network"],
    ["under other rules", () => ({ rulesVersion: 2 }), "wrong-rules"],
    ["of no kind", () => ({ kind: 999 }), "unknown-kind"],
    ["with surplus bytes", ({ ledger }) => ({ payload: ledger.random.bytes(200) }), "malformed-payload"],
    ["with no payload", () => ({ payload: new Uint8Array() }), "malformed-payload"],
    ["of an account that is none", () => ({ account: 999 }), "account-not-active"],
    ["of another account than the key's", () => ({ account: 2 }), "key-not-live"],
  ])("%s", (_what, change, code) => {
    const scenario = new Scenario();
    const [ada] = [scenario.signUp(), scenario.signUp()];
    const before = snapshot(scenario);
    expect(create(scenario, ada, { body: change(scenario) })).toBe(code);
    expect(snapshot(scenario)).toEqual(before);
  });

  test("through a node that is none", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const seed = scenario.ledger.newSeed();
    expect(create(scenario, ada, { node: { ...scenario.away, seed } })).toBe("wrong-signature");
    const other = new Scenario({}, 2);
    expect(create(scenario, ada, { node: other.home })).toBe("node-not-admitted");
  });

  test("when its work alone exceeds a block's", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const repository = scenario.repository(ada);
    const deep = (count: number) =>
      scenario.push(
        repository,
        Array.from({ length: count }, (_, index) => update(`${index}${"/x".repeat(100)}`, 0, 1)),
      );
    const work = (count: number) => kindOf("refs.change").work!(deep(count)) + transactionWork;
    const most = Math.floor((blockWorkMax - work(0)) / (work(1) - work(0)));
    expect([work(most) <= blockWorkMax, work(most + 1) > blockWorkMax]).toEqual([true, true]);
    expect(scenario.code("refs.change", deep(most + 1), scenario.root(ada))).toBe("too-much-work");
    expect(scenario.code("refs.change", deep(most), scenario.root(ada))).toBe("applied");
  });
});

describe("expiry", () => {
  const at =
    (ms: number, blocks: number) =>
    (scenario: Scenario): Changes => ({
      body: {
        expiresTime: (scenario.ledger.tip.time + 1_000 + ms) as TimeMs,
        expiresHeight: (scenario.ledger.tip.height + 1 + blocks) as Height,
      },
    });

  test.each([
    ["at its last time and height", at(0, 0), "applied"],
    ["a millisecond later", at(-1, 0), "expired"],
    ["a block later", at(0, -1), "expired"],
    ["with the longest life", at(transactionLifeMsMax, transactionLifeBlocksMax), "applied"],
    ["with a millisecond more", at(transactionLifeMsMax + 1, 0), "lives-too-long"],
    ["with a block more", at(0, transactionLifeBlocksMax + 1), "lives-too-long"],
  ])("%s", (_what, changes, code) => {
    const scenario = new Scenario();
    expect(create(scenario, scenario.signUp(), changes(scenario))).toBe(code);
  });
});

describe("an idempotency key", () => {
  test("is applied once: the same command is known, another is refused", () => {
    const scenario = new Scenario();
    const [ada, eve] = [scenario.signUp(), scenario.signUp()];
    const payload = scenario.repositoryPayload(ada, "once");
    const changes = { body: { idempotencyKey: key(7) } };
    expect(scenario.code("repository.create", payload, scenario.root(ada), changes)).toBe("applied");
    expect(scenario.code("repository.create", payload, scenario.root(ada), changes)).toBe("already-applied");
    expect(scenario.code("repository.create", payload, scenario.device(ada), changes)).toBe("already-applied");
    const other = scenario.repositoryPayload(ada, "twice");
    expect(scenario.code("repository.create", other, scenario.root(ada), changes)).toBe("key-reused");
    expect(create(scenario, eve, changes)).toBe("applied");
  });

  test("is remembered for rejected transactions too", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const changes = { body: { idempotencyKey: key(8) } };
    const rename = { handle: ada.handle as never };
    expect(scenario.code("account.rename", rename, scenario.root(ada), changes)).toBe("already-so");
    expect(scenario.code("account.rename", rename, scenario.root(ada), changes)).toBe("already-applied");
  });

  test("is forgotten once the transaction could not be applied anyway", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const body = { idempotencyKey: key(9) };
    const rows = () =>
      [...scanRows(scenario.ledger.state, tables.idempotencyTable)].filter(([{ account }]) => account === ada.id);
    expect(create(scenario, ada, { body })).toBe("applied"); // Good for a minute.
    scenario.wait(60_000);
    expect(rows()).toHaveLength(1);
    expect(create(scenario, ada, { body: { ...body, expiresTime: scenario.ledger.tip.time } })).toBe("expired");
    scenario.wait(1);
    expect(rows()).toHaveLength(0);
    expect(create(scenario, ada, { body })).toBe("applied");
  });

  test("of one sign-up bars another of the same key, not the accounts' own", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const changes = { body: { idempotencyKey: key(3) } };
    const [first, second] = [scenario.ledger.newSeed(), scenario.ledger.newSeed()];
    const signUp = (handle: string, seed: typeof first) =>
      scenario.code("account.create", scenario.signUpPayload(handle, seed), scenario.newcomer(seed), changes);
    expect(signUp("one", first)).toBe("applied");
    expect(signUp("two", second)).toBe("key-reused");
    expect(create(scenario, ada, changes)).toBe("applied");
  });
});

describe("account 0", () => {
  test("does nothing but open accounts", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    for (const seed of [ada.rootSeed, scenario.ledger.newSeed()]) {
      const by = scenario.newcomer(seed);
      expect(scenario.code("account.close", {}, by)).toBe("account-unknown");
      expect(scenario.code("repository.create", { ...scenario.repositoryPayload(ada, "x"), owner: 0 }, by)).toBe(
        "account-unknown",
      );
      expect(scenario.code("delegation.grant", { node: scenario.home.id }, by)).toBe("account-unknown");
    }
  });
});

describe("a rejected transaction", () => {
  test("leaves its charge and its idempotency record and nothing else", () => {
    const scenario = new Scenario();
    const [ada, bob] = [scenario.signUp(), scenario.signUp()];
    const repository = scenario.repository(ada);
    scenario.mustApply("refs.change", scenario.push(repository, [update("main", 0, 1)]), scenario.root(ada));
    const description = scenario.ledger.offerText("known");
    const contents = new Map(scenario.ledger.offered);
    scenario.mustApply(
      "repository.create",
      { ...scenario.repositoryPayload(ada, "d"), description },
      scenario.root(ada),
    );
    const rejectedOnes: readonly (() => string)[] = [
      // Writes rows before it finds the reason:
      () =>
        scenario.code(
          "repository.create",
          { ...scenario.repositoryPayload(bob, "e"), description },
          scenario.root(bob),
          { contents },
        ),
      () =>
        scenario.code(
          "refs.change",
          scenario.push(repository, [update("new", 0, 1), update("main", 9, 2)], { isAtomic: true }),
          scenario.root(ada),
        ),
      () => scenario.code("account.rename", { handle: bob.handle as never }, scenario.root(ada)),
      () => scenario.code("collaborator.invite", { repository, account: ada.id, role: "read" }, scenario.root(ada)),
    ];
    for (const attempt of rejectedOnes) {
      const before = snapshot(scenario);
      const headers = toHex(Uint8Array.of(tables.headersTable.prefix));
      expect(["content-taken", "ref-stale", "handle-taken", "collaborator-is-owner"]).toContain(attempt());
      const after = snapshot(scenario);
      const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
        (name) => before.get(name) !== after.get(name),
      );
      const prefixes = changed.map((name) => Number.parseInt(name.slice(0, 2), 16));
      const bookkeeping = [
        tables.accountBudgetTable,
        tables.nodeBudgetTable,
        tables.idempotencyTable,
        tables.expiryTable,
      ];
      expect(prefixes.filter((prefix) => prefix !== Number.parseInt(headers, 16)).toSorted((a, b) => a - b)).toEqual(
        bookkeeping.map(({ prefix }) => prefix),
      );
      expect(scenario.last.events).toEqual([]);
      expect(scenario.last.results).toMatchObject([{ verdict: { type: "rejected" } }]);
      expect(scenario.last.contents.size).toBe(0);
    }
  });
});

describe("budgets", () => {
  const left = (scenario: Scenario, person: Person) =>
    readRow(scenario.ledger.state, tables.accountBudgetTable, person.id)!;
  const setBudget = (scenario: Scenario, person: Person, amounts: Partial<BudgetAmounts>) =>
    scenario.arrange((state) => {
      const budget = { ...accountBudgetRule.capacity, ...amounts, refilledTime: scenario.ledger.tip.time };
      writeRow(state, tables.accountBudgetTable, person.id, budget);
    });
  const setNodeBudget = (scenario: Scenario, amounts: Partial<BudgetAmounts>) =>
    scenario.arrange((state) => {
      const budget = { ...nodeBudgetRule.capacity, ...amounts, refilledTime: scenario.ledger.tip.time };
      writeRow(state, tables.nodeBudgetTable, scenario.home.id, budget);
    });

  test("are charged for what is applied and for what is rejected", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const size = encode(kindOf("repository.create").payload, scenario.repositoryPayload(ada, "one")).length;
    create(scenario, ada);
    const { transactions, bytes, repositories } = accountBudgetRule.capacity;
    expect(left(scenario, ada)).toMatchObject({ transactions: transactions - 1, repositories: repositories - 1 });
    const before = left(scenario, ada);
    const rejectedPayload = { ...scenario.repositoryPayload(ada, "one"), owner: 99 };
    expect(scenario.code("repository.create", rejectedPayload, scenario.root(ada))).toBe("forbidden");
    expect(left(scenario, ada)).toMatchObject({
      transactions: before.transactions - 1,
      bytes: before.bytes - size,
      repositories: before.repositories - 1,
    });
    expect(before.bytes).toBeLessThan(bytes);
  });

  test("pay for the texts that a transaction refers to", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const bio = scenario.ledger.offerText("x".repeat(1_000));
    const payload = { ...silentProfile, bio: { value: bio } };
    scenario.mustApply("account.update", payload, scenario.root(ada));
    const size = encode(kindOf("account.update").payload, payload).length;
    expect(left(scenario, ada).bytes).toBe(accountBudgetRule.capacity.bytes - size - 1_000);
  });

  test.each(["transactions", "bytes", "repositories"] as const)(
    "that are out of %s admit nothing until time refills them",
    (amount) => {
      const scenario = new Scenario();
      const ada = scenario.signUp();
      setBudget(scenario, ada, { [amount]: 0 });
      expect(create(scenario, ada)).toBe("account-budget-spent");
      expect(create(scenario, ada, { stepMs: 59_999 })).toBe("account-budget-spent");
      expect(create(scenario, ada, { stepMs: 60_000 })).toBe("applied");
      expect(left(scenario, ada)[amount]).toBeLessThan(accountBudgetRule.refillPerMinute[amount]);
    },
  );

  test("of a node bound what it admits, sign-ups too, and charge nobody when they are spent", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    setNodeBudget(scenario, { accounts: 0 });
    const seed = scenario.ledger.newSeed();
    expect(scenario.code("account.create", scenario.signUpPayload("new-1", seed), scenario.newcomer(seed))).toBe(
      "node-budget-spent",
    );
    setNodeBudget(scenario, { transactions: 0 });
    const before = snapshot(scenario);
    expect(create(scenario, ada)).toBe("node-budget-spent");
    expect(snapshot(scenario)).toEqual(before);
    expect(create(scenario, ada, { node: scenario.away })).toBe("applied");
  });
});

describe("events", () => {
  test("are numbered over the network and chained in the log of their scope", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const repository = scenario.repository(ada);
    scenario.mustApply("refs.change", scenario.push(repository, [update("main", 0, 1)]), scenario.root(ada));
    const [signedUp, created, pushed] = scenario.ledger.events;
    expect([signedUp, created, pushed].map((event) => event?.sequence)).toEqual([1, 2, 3]);
    expect([created?.scope, pushed?.scope]).toEqual([
      { type: "repository", id: repository },
      { type: "repository", id: repository },
    ]);
    const log = readRow(scenario.ledger.state, tables.eventLogTable, { type: "repository", id: repository });
    expect([log?.count, log?.peaks.length]).toEqual([2, 1]);
  });
});

describe("decideCommand", () => {
  test("says what execution would say, without leaving a trace", () => {
    const scenario = new Scenario();
    const [ada, eve] = [scenario.signUp(), scenario.signUp()];
    const repository = scenario.repository(ada, "r", { visibility: "private" });
    const reader = scenario.token(ada, ["repo:read"]);
    const position = scenario.ledger.placeAfter(1_000);
    const decide = (
      command: Parameters<typeof decideCommand>[1],
      actor: Omit<Parameters<typeof decideCommand>[2], "admittedBy">,
    ) => {
      const at = { networkId: position.networkId, time: position.time, height: (position.parent.height + 1) as Height };
      const verdict = decideCommand(
        new Overlay(scenario.ledger.state),
        command,
        { ...actor, admittedBy: scenario.home.id },
        at,
      );
      return verdict.outcome === "applied" ? "applied" : verdict.code;
    };
    const before = snapshot(scenario);
    const byToken = { account: ada.id, authorization: { type: "credential", credential: reader.id } } as const;
    const remove = { kind: "repository.delete", payload: { repository } } as const;
    expect(decide(remove, byToken)).toBe("scope-missing");
    expect(decide(remove, { ...byToken, account: eve.id })).toBe("credential-not-live");
    expect(decide(remove, { account: eve.id, authorization: { type: "delegation" } })).toBe(
      "personal-signature-needed",
    );
    const tooLong = {
      id: new Uint8Array(32) as Digest,
      kind: "token",
      scopes: allScopes,
      label: "x".repeat(101),
    } as const;
    const token = {
      kind: "credential.create",
      payload: { ...tooLong, expiresTime: undefined, audience: [scenario.home.id] },
    } as const;
    expect(decide(token, { account: ada.id, authorization: { type: "delegation" } })).toBe("malformed-payload");
    scenario.arrange((state) => {
      const budget = { ...accountBudgetRule.capacity, transactions: 0, refilledTime: position.time };
      writeRow(state, tables.accountBudgetTable, eve.id, budget);
    });
    expect(decide(remove, { account: eve.id, authorization: { type: "delegation" } })).toBe("account-budget-spent");
    expect(before.size).toBe(snapshot(scenario).size - 1);
  });
});

test("state keys are read back as the rows that wrote them", () => {
  const scenario = new Scenario();
  const ada = scenario.signUp();
  const repository = scenario.repository(ada);
  scenario.mustApply("refs.change", scenario.push(repository, [update("main", 0, 1)]), scenario.root(ada));
  const all = Object.values(tables).filter(
    (table): table is typeof tables.refTable => typeof table === "object" && "prefix" in table,
  );
  const prefixes = all.map(({ prefix }) => prefix);
  expect(new Set(prefixes).size).toBe(prefixes.length);
  for (const [name, value] of scenario.ledger.state.entries()) {
    const table = all.find(({ prefix }) => prefix === name[0])!;
    expect(encode(table.key, decodeRowKey(table, name))).toEqual(name.subarray(1));
    expect(value.length).toBeGreaterThanOrEqual(0);
  }
  expect(scenario.forge.ref(repository, branch("main"))).toBeDefined();
  expect(codeOf({ outcome: "rejected", code: "forbidden" })).toBe("forbidden");
});
