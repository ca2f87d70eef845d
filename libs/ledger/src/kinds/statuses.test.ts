import { describe, expect, test } from "vitest";
import type { ObjectId } from "@guts/primitives";
import { plainProtection } from "@guts/governance";
import { objectId, Scenario, update, type Person } from "../../test/scenario.ts";
import { statusContextsPerCommitMax, statusesPerContextMax } from "../limits.ts";
import { scanRows, writeRow } from "../table.ts";
import * as tables from "../tables.ts";

function cast() {
  const scenario = new Scenario();
  const [ada, bob] = [scenario.signUp(), scenario.signUp()];
  const repository = scenario.repository(ada);
  const say = (person: Person, state: tables.StatusState, context = "ci", commit: ObjectId = objectId(2)) => {
    const payload = { repository, commit, context, state, description: undefined, targetUrl: undefined };
    return scenario.code("status.set", payload, scenario.root(person));
  };
  const said = (commit = objectId(2)) =>
    Array.from(scenario.forge.statuses.of(repository, commit), ({ context, state }) => `${context} ${state}`);
  const combined = (commit = objectId(2)) => scenario.forge.statuses.combined(repository, commit);
  return { scenario, ada, bob, repository, say, said, combined };
}

describe("a commit", () => {
  test("has the newest status of each context, and one word for all", () => {
    const { ada, say, said, combined } = cast();
    expect(combined()).toBeUndefined();
    say(ada, "pending");
    say(ada, "success", "lint");
    expect([said(), combined()]).toEqual([["ci pending", "lint success"], "pending"]);
    say(ada, "success");
    expect([said(), combined()]).toEqual([["ci success", "lint success"], "success"]);
    say(ada, "error", "lint");
    expect([said(), combined()]).toEqual([["ci success", "lint error"], "failure"]);
    expect(said(objectId(3))).toEqual([]);
  });

  test("gets statuses from who may push, with a number for each", () => {
    const { scenario, ada, bob, repository, say } = cast();
    expect(say(bob, "success")).toBe("forbidden");
    scenario.collaborator(ada, repository, bob, "write");
    expect([say(bob, "pending"), say(bob, "success")]).toEqual(["applied", "applied"]);
    const [status] = [...scenario.forge.statuses.of(repository, objectId(2))];
    expect(status).toMatchObject({ number: 2, creator: bob.id, count: 2 });
    expect(say(ada, "success", "ci", "a".repeat(64) as ObjectId)).toBe("object-format-mismatch");
    expect(say(ada, "success", "")).toBe("nothing-to-do");
  });

  test("has only so many contexts, and each so many statuses", () => {
    const { scenario, ada, repository, say } = cast();
    say(ada, "pending");
    const key = { repository, commit: objectId(2) };
    scenario.arrange((state) => writeRow(state, tables.statusContextsTable, key, statusContextsPerCommitMax));
    expect([say(ada, "success"), say(ada, "success", "lint")]).toEqual(["applied", "status-limit"]);
    const [status] = [...scenario.forge.statuses.of(repository, objectId(2))];
    const { context, ...row } = status!;
    scenario.arrange((state) =>
      writeRow(state, tables.commitStatusTable, { ...key, context }, { ...row, count: statusesPerContextMax }),
    );
    expect(say(ada, "success")).toBe("status-limit");
  });

  test("loses its statuses with the repository", () => {
    const { scenario, ada, repository, say } = cast();
    say(ada, "success");
    scenario.mustApply("repository.delete", { repository }, scenario.root(ada));
    scenario.signUp();
    expect([...scanRows(scenario.ledger.state, tables.commitStatusTable)]).toEqual([]);
    expect([...scanRows(scenario.ledger.state, tables.statusContextsTable)]).toEqual([]);
  });
});

test("a rule that asks for checks lets a branch move to a commit on which all of them succeeded", () => {
  const { scenario, ada, repository, say } = cast();
  const push = (...updates: Parameters<typeof scenario.push>[1]) =>
    scenario.code("refs.change", scenario.push(repository, updates), scenario.root(ada));
  push(update("main", 0, 1));
  const settings = {
    ...plainProtection,
    checks: { isStrict: true, names: ["ci", "lint"] },
    includesAdministrators: true,
  };
  const rule = { target: "branch", pattern: "main" } as const;
  scenario.mustApply("protection.set", { repository, rule, settings, reason: "" }, scenario.root(ada));
  const outcomes = [push(update("main", 1, 2))];
  say(ada, "success");
  outcomes.push(push(update("main", 1, 2)));
  say(ada, "failure", "lint");
  outcomes.push(push(update("main", 1, 2)));
  say(ada, "success", "lint", objectId(3));
  outcomes.push(push(update("main", 1, 2)));
  say(ada, "success", "lint");
  outcomes.push(push(update("main", 1, 2)));
  expect(outcomes).toEqual(["ref-protected", "ref-protected", "ref-protected", "ref-protected", "applied"]);
});
