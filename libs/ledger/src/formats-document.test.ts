import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { domainNames } from "@guts/primitives";
import {
  accountBudgetRule,
  nodeBudgetRule,
  refuseAuthority,
  scopeBits,
  scopeNeeds,
  scopesAllow,
  type BudgetAmounts,
  type Scope,
} from "@guts/governance";
import { KINDS, ledgerLimits, rejectionNumbers, tables, type InadmissibleCode, type AddRefusal } from "./index.ts";
import type { Table } from "./table.ts";
import { counters, eventScopeCodec, tallyNames } from "./tables.ts";

const root = join(import.meta.dirname, "../../..");
const page = readFileSync(join(root, "docs/protocol/formats-v1.md"), "utf8");

/** The rows of the table whose header begins with these words, without back-quotes. */
function tableOf(...header: readonly string[]): readonly (readonly string[])[] {
  const lines = page.split("\n");
  const cellsOf = (line: string) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", ""));
  const start = lines.findIndex(
    (line) => line.startsWith("|") && header.every((word, index) => cellsOf(line)[index] === word),
  );
  if (start < 0) throw new RangeError(`the document has no table ${header.join(", ")}`);
  const rows = lines.slice(start + 2);
  return rows
    .slice(
      0,
      rows.findIndex((line) => !line.startsWith("|")),
    )
    .map(cellsOf);
}

const allTables = Object.values(tables).filter((value): value is Table<never, never> & typeof value => {
  return typeof value === "object" && "prefix" in value;
});

describe("the format document names, with the number that the code uses,", () => {
  test("every domain", () => {
    expect(Object.fromEntries(tableOf("Domain", "Text").map(([domain, text]) => [domain, text]))).toEqual(domainNames);
  });

  test("every kind, with its authority", () => {
    const named = tableOf("Tag", "Kind").map(([tag, kind, , , authority]) => [Number(tag), kind, authority]);
    const coded = Object.entries(KINDS).map(([kind, { tag, authority }]) => [tag, kind, authority]);
    const byTag = (left: readonly unknown[], right: readonly unknown[]) => Number(left[0]) - Number(right[0]);
    expect(named.toSorted(byTag)).toEqual(coded.toSorted(byTag));
    const told = tableOf("Kind", "Asked, in order").map(([kind]) => kind);
    expect(told.toSorted()).toEqual(Object.keys(KINDS).toSorted());
  });

  test("every rejection", () => {
    const named = tableOf("Number", "Code").map(([number, code]) => [code, Number(number)]);
    expect(Object.fromEntries(named)).toEqual(rejectionNumbers);
  });

  test("everything that keeps a transaction out of a block", () => {
    const codes: Record<Exclude<InadmissibleCode | AddRefusal, never>, true> = {
      "block-full": true,
      "malformed-envelope": true,
      "wrong-signature": true,
      "push-nonce-unknown": true,
      "content-missing": true,
      "content-inadmissible": true,
      "wrong-network": true,
      "wrong-rules": true,
      "unknown-kind": true,
      expired: true,
      "lives-too-long": true,
      "already-applied": true,
      "key-reused": true,
      "malformed-payload": true,
      "too-much-work": true,
      "push-certificate-malformed": true,
      "push-certificate-elsewhere": true,
      "push-certificate-mismatch": true,
      "node-not-admitted": true,
      "account-not-active": true,
      "account-suspended": true,
      "key-not-live": true,
      "credential-not-live": true,
      "credential-expired": true,
      "credential-wrong-node": true,
      "delegation-missing": true,
      "node-budget-spent": true,
      "account-budget-spent": true,
    };
    expect(tableOf("Code", "When").map(([code]) => code)).toEqual(Object.keys(codes));
  });

  test("every table, and no prefix twice", () => {
    const named = tableOf("Prefix", "Table").map(([prefix, name]) => [Number(prefix), name]);
    expect(named).toEqual(
      allTables.map(({ prefix, name }) => [prefix, name]).toSorted(([left], [right]) => Number(left) - Number(right)),
    );
    expect(new Set(named.map(([prefix]) => prefix)).size).toBe(named.length);
  });

  test("every counter and tally", () => {
    const rows = new Map(tableOf("Prefix", "Table").map(([, name, key]) => [name, key]));
    const list = (numbers: Readonly<Record<string, number>>) =>
      Object.entries(numbers)
        .map(([name, number]) => `${name} ${number}`)
        .join(", ");
    expect(rows.get("counter")).toContain(list(counters));
    expect(rows.get("tally")).toContain(list(tallyNames));
    expect(eventScopeCodec).toBeDefined();
  });

  test("every scope and what it covers", () => {
    const named = tableOf("Bit", "Scope").map(([bit, scope, covers]) => [
      scope,
      Number(bit),
      covers === "" ? [] : covers!.split(", "),
    ]);
    const coded = (Object.keys(scopeBits) as Scope[]).map((scope) => [
      scope,
      scopeBits[scope],
      scopeNeeds.filter((need) => scopesAllow(scopeBits[scope], need)),
    ]);
    expect(named).toEqual(coded);
    expect(refuseAuthority({ type: "key", role: "root" }, "credentials")).toBe("delegation-needed");
  });

  test("every limit and budget", () => {
    const { rulesVersion, ...limits } = ledgerLimits;
    expect(rulesVersion).toBe(1);
    expect(Object.fromEntries(tableOf("Limit", "Value").map(([name, value]) => [name, Number(value)]))).toEqual(limits);
    const rules = { account: accountBudgetRule, node: nodeBudgetRule };
    for (const [name, amount, capacity, refill] of tableOf("Budget", "Amount")) {
      const rule = rules[name as keyof typeof rules];
      const numbers = [rule.capacity, rule.refillPerMinute].map((amounts) => amounts[amount as keyof BudgetAmounts]);
      expect([name, amount, Number(capacity), Number(refill)]).toEqual([name, amount, ...numbers]);
    }
    expect(tableOf("Budget", "Amount")).toHaveLength(8);
  });
});

describe("tests and code use", () => {
  const filesBelow = (folder: string) =>
    readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).map((name) => join(root, folder, name));
  const sources = ["libs/ledger/src", "libs/governance/src"].flatMap(filesBelow).filter((name) => name.endsWith(".ts"));
  const textOf = (isTest: boolean) =>
    sources
      .filter((name) => name.endsWith(".test.ts") === isTest && !/(rejection|formats-document\.test)\.ts$/.test(name))
      .map((name) => readFileSync(name, "utf8"))
      .join("\n");
  const codes = [...Object.keys(rejectionNumbers), ...tableOf("Code", "When").map(([code]) => code!)];

  test("every code: none is dead, none is unproven", () => {
    const [tests, code] = [textOf(true), textOf(false)];
    expect(codes.filter((name) => !tests.includes(`"${name}"`))).toEqual([]);
    expect(codes.filter((name) => !code.includes(`"${name}"`))).toEqual([]);
  });
});
