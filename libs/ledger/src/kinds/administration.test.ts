import { describe, expect, test } from "vitest";
import { accountBudgetRule, smallestBudgetRule, type BudgetRule } from "@guts/governance";
import type { AccountId, NodeId } from "@guts/primitives";
import { Scenario, silentProfile } from "../../test/scenario.ts";
import { auditOf } from "../audit.ts";
import type { PayloadOf } from "./index.ts";

describe("a suspended account", () => {
  test("acts no more from that transaction on, by key, credential or delegation, and as before once it is let go", () => {
    const scenario = new Scenario();
    const [founder, ada] = [scenario.administrator(), scenario.signUp()];
    const token = scenario.token(ada);
    const authorities = [scenario.root(ada), scenario.device(ada), token, scenario.delegated(ada)];
    const act = () => authorities.map((by) => scenario.code("credential.revoke", { id: token.id }, by));
    const suspend = { account: ada.id, reason: "spam" };
    expect(scenario.code("account.suspend", suspend, scenario.root(founder))).toBe("applied");
    expect(scenario.last.events[0]?.scope).toEqual({ type: "network", id: 0 });
    expect(scenario.forge.suspension(ada.id)).toMatchObject({ by: founder.id, reason: "spam" });
    expect(scenario.forge.credential(token.id)).toBeUndefined();
    expect(act()).toEqual(authorities.map(() => "account-suspended"));
    expect(scenario.code("account.suspend", suspend, scenario.root(founder))).toBe("already-so");
    expect(scenario.code("account.unsuspend", { account: ada.id }, scenario.root(founder))).toBe("applied");
    expect(scenario.code("account.update", silentProfile, token)).toBe("applied");
    expect(scenario.code("account.unsuspend", { account: ada.id }, scenario.root(founder))).toBe("already-so");
  });

  test("is let go with a reason, which is a text that may be erased", () => {
    const scenario = new Scenario();
    const [founder, ada, eve] = [scenario.administrator(), scenario.signUp(), scenario.signUp()];
    const reinstate = (by = scenario.root(founder)) =>
      scenario.code("account.reinstate", { account: ada.id, reason: scenario.ledger.offerText("a mistake") }, by);
    expect(reinstate()).toBe("already-so");
    scenario.mustApply("account.suspend", { account: ada.id, reason: "spam" }, scenario.root(founder));
    expect(reinstate(scenario.root(eve))).toBe("forbidden");
    expect(reinstate()).toBe("applied");
    const [event] = scenario.last.events;
    expect(auditOf(event!)).toMatchObject({ action: "user.unsuspend", target: ada.id, reason: { length: 9 } });
    expect(scenario.code("account.update", silentProfile, scenario.root(ada))).toBe("applied");
  });

  test("is suspended by administrators only, who cannot suspend themselves", () => {
    const scenario = new Scenario();
    const [founder, ada, eve] = [scenario.administrator(), scenario.signUp(), scenario.signUp()];
    const code = (by: Parameters<Scenario["code"]>[2], account = ada.id) =>
      scenario.code("account.suspend", { account, reason: "" }, by);
    expect(code(scenario.root(eve))).toBe("forbidden");
    expect(code(scenario.root(founder), founder.id)).toBe("forbidden");
    expect(code(scenario.root(founder), 99 as AccountId)).toBe("account-unknown");
    expect(code(scenario.token(founder, ["repo"]))).toBe("scope-missing");
    expect(code(scenario.delegated(founder))).toBe("personal-signature-needed");
    expect(code(scenario.token(founder, ["site_admin"]))).toBe("applied");
    expect(scenario.code("account.unsuspend", { account: ada.id }, scenario.root(eve))).toBe("forbidden");
  });
});

describe("a budget", () => {
  const amounts = { transactions: 10, bytes: 65_536, accounts: 0, repositories: 1 };
  const small: BudgetRule = { capacity: amounts, refillPerMinute: { ...amounts, transactions: 1 } };

  test("of one account holds from the next transaction on, and is the usual one again without a rule", () => {
    const scenario = new Scenario();
    const [founder, ada, bob] = [scenario.administrator(), scenario.signUp(), scenario.signUp()];
    const subject = { type: "account", account: ada.id } as const;
    scenario.mustApply("budget.set", { subject, rule: small }, scenario.root(founder));
    const write = (person = ada) => scenario.code("account.update", silentProfile, scenario.root(person));
    // The bucket was full of the usual rule; from its next refill on it holds no more than the new one.
    scenario.wait(60_000);
    const verdicts = Array.from({ length: 11 }, () => write());
    expect(verdicts).toEqual([...Array.from({ length: 10 }, () => "applied"), "account-budget-spent"]);
    expect(write(bob)).toBe("applied");
    scenario.mustApply("budget.set", { subject, rule: undefined }, scenario.root(founder));
    expect(scenario.forge.accountBudgetRule(ada.id)).toBe(accountBudgetRule);
    scenario.wait(60_000);
    expect(write()).toBe("applied");
    expect(scenario.code("budget.set", { subject, rule: undefined }, scenario.root(founder))).toBe("already-so");
  });

  test("of one node holds for everything that it admits", () => {
    const scenario = new Scenario();
    const [founder, ada] = [scenario.administrator(), scenario.signUp()];
    const subject = { type: "node", node: scenario.away.id } as const;
    scenario.mustApply("budget.set", { subject, rule: small }, scenario.root(founder));
    scenario.wait(60_000);
    const write = (node = scenario.away) =>
      scenario.code("account.update", silentProfile, scenario.root(ada), { node });
    expect(Array.from({ length: 11 }, () => write()).at(-1)).toBe("node-budget-spent");
    expect(write(scenario.home)).toBe("applied");
    scenario.mustApply("budget.set", { subject, rule: undefined }, scenario.root(founder));
    expect(scenario.code("budget.set", { subject, rule: undefined }, scenario.root(founder))).toBe("already-so");
  });

  test("is set by administrators, for somebody, and never to nothing", () => {
    const scenario = new Scenario();
    const [founder, ada] = [scenario.administrator(), scenario.signUp()];
    const set = (changes: object, by = scenario.root(founder)) =>
      scenario.code(
        "budget.set",
        { subject: { type: "account", account: ada.id }, rule: small, ...changes } as never,
        by,
      );
    expect(set({}, scenario.root(ada))).toBe("forbidden");
    expect(set({ subject: { type: "account", account: 99 } })).toBe("account-unknown");
    expect(set({ subject: { type: "node", node: "ab".repeat(32) } })).toBe("node-unknown");
    const { capacity, refillPerMinute } = smallestBudgetRule;
    const smallest = { capacity: { ...amounts, ...capacity }, refillPerMinute: { ...amounts, ...refillPerMinute } };
    for (const part of ["capacity", "refillPerMinute"] as const)
      for (const name of ["transactions", "bytes"] as const) {
        const less = { ...smallest, [part]: { ...smallest[part], [name]: smallest[part][name] - 1 } };
        expect(set({ rule: less })).toBe("budget-too-small");
      }
    expect(set({ rule: smallest })).toBe("applied");
  });

  test("that is changed is full by the new rule at once, of an account and of a node", () => {
    const scenario = new Scenario();
    const [founder, ada] = [scenario.administrator(), scenario.signUp()];
    const change = (subject: PayloadOf<"budget.change">["subject"], changed: PayloadOf<"budget.change">["rule"]) =>
      scenario.code("budget.change", { subject, rule: changed, reason: undefined }, scenario.root(founder));
    const write = (node = scenario.home) =>
      scenario.code("account.update", silentProfile, scenario.root(ada), { node });
    const account = { type: "account", account: ada.id } as const;
    expect(write()).toBe("applied");
    const reason = scenario.ledger.offerText("a flood");
    scenario.mustApply("budget.change", { subject: account, rule: small, reason }, scenario.root(founder));
    expect(scenario.last.events[0]?.scope).toEqual({ type: "network", id: 0 });
    const spend = Array.from({ length: 11 }, () => write());
    expect(spend).toEqual([...Array.from({ length: 10 }, () => "applied"), "account-budget-spent"]);
    expect(change(account, small)).toBe("applied");
    expect(write()).toBe("applied");
    expect(change(account, undefined)).toBe("applied");
    expect(change(account, undefined)).toBe("already-so");
    const node = { type: "node", node: scenario.away.id } as const;
    expect(change(node, small)).toBe("applied");
    const away = Array.from({ length: 11 }, () => write(scenario.away));
    expect(away).toEqual([...Array.from({ length: 10 }, () => "applied"), "node-budget-spent"]);
    expect(change(node, undefined)).toBe("applied");
    expect(write(scenario.away)).toBe("applied");
    expect(change({ type: "node", node: "ab".repeat(32) as NodeId }, small)).toBe("node-unknown");
    const none = { ...small, capacity: { ...small.capacity, transactions: 0 } };
    expect(change(account, none)).toBe("budget-too-small");
    const byAda = { subject: account, rule: small, reason: undefined };
    expect(scenario.code("budget.change", byAda, scenario.root(ada))).toBe("forbidden");
  });
});
