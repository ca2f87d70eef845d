import { describe, expect, test } from "vitest";
import { plainProtection } from "@guts/governance";
import { encode, repositoryIdCodec, type IssueNumber, type RepositoryId } from "@guts/primitives";
import { pullMerging, pullOpening, silent } from "../../test/pulling.ts";
import { branch, objectId, Scenario, update, type By, type Person } from "../../test/scenario.ts";
import { pullsFollowedPerPushMax, pullsPerHeadMax } from "../limits.ts";
import { pullHeadRef } from "../pull-state.ts";
import { pullHeadTable, pullRoundTable, pullTable } from "../pull-tables.ts";
import { scanRows } from "../table.ts";
import type { PayloadOf } from "./index.ts";

/** Ada's public repository with `main` at 1 and `topic` at 2; Cid writes, Eve only reads. */
class Cast {
  readonly scenario = new Scenario();
  readonly ada = this.scenario.signUp();
  readonly cid = this.scenario.signUp();
  readonly eve = this.scenario.signUp();
  readonly repository: RepositoryId = this.scenario.repository(this.ada, "tool");

  constructor() {
    this.scenario.collaborator(this.ada, this.repository, this.cid, "write");
    this.pushed("main", 0, 1);
    this.pushed("topic", 0, 2);
  }

  by = (person: Person): By => this.scenario.root(person);
  key = (number: number) => ({ repository: this.repository, number: number as IssueNumber });
  pull = (number: number) => this.scenario.forge.pulls.pull(this.key(number));
  issue = (number: number) => this.scenario.forge.issues.issue(this.key(number));
  ref = (name: string) => this.scenario.forge.ref(this.repository, name as never);
  heads = (number: number) => Array.from(this.scenario.forge.pulls.rounds(this.key(number)), (round) => round.headId);

  push(name: string, oldDigit: number, newDigit: number, person = this.ada): string {
    const payload = this.scenario.push(this.repository, [update(name, oldDigit, newDigit)]);
    return this.scenario.code("refs.change", payload, this.by(person));
  }

  pushed(name: string, oldDigit: number, newDigit: number): void {
    expect(this.push(name, oldDigit, newDigit)).toBe("applied");
  }

  open(person: Person, changes: Partial<PayloadOf<"pull.open">> = {}): string {
    return this.scenario.code("pull.open", pullOpening(this.scenario, this.repository, changes), this.by(person));
  }

  opened(changes: Partial<PayloadOf<"pull.open">> = {}): IssueNumber {
    const payload = pullOpening(this.scenario, this.repository, changes);
    return this.scenario.mustApply("pull.open", payload, this.by(this.cid)).number;
  }

  merge(person: Person, number: number, changes: Parameters<typeof pullMerging>[2] = {}): string {
    return this.scenario.code("pull.merge", pullMerging(this.scenario, this.key(number), changes), this.by(person));
  }

  update(person: Person, number: number, change: Partial<PayloadOf<"pull.update">>): string {
    const payload = { pull: this.key(number), base: undefined, isDraft: undefined, ...change };
    return this.scenario.code("pull.update", payload, this.by(person));
  }

  close(person: Person, number: number): string {
    const payload = { issue: this.key(number), reason: "not_planned", duplicateOf: undefined } as const;
    return this.scenario.code("issue.close", payload, this.by(person));
  }

  reopen(person: Person, number: number): string {
    return this.scenario.code("issue.reopen", { issue: this.key(number) }, this.by(person));
  }
}

describe("a pull request", () => {
  test("takes the next number of issues and pull requests, and has its head under a ref of its own", () => {
    const cast = new Cast();
    const { scenario } = cast;
    const plain = { title: scenario.ledger.offerText("It breaks"), body: undefined, labels: [], assignees: [] };
    const issue = { repository: cast.repository, ...plain, milestone: undefined, effects: silent };
    scenario.mustApply("issue.open", issue, cast.by(cast.eve));
    expect(cast.opened()).toBe(2);
    expect(cast.issue(2)).toMatchObject({ kind: "pull", author: cast.cid.id, closed: undefined });
    expect(cast.pull(2)).toMatchObject({ base: branch("main"), isDraft: false, roundCount: 1, merged: undefined });
    expect(cast.ref(pullHeadRef(2))).toBe(objectId(2));
    const [first] = scenario.forge.pulls.rounds(cast.key(2));
    expect(first).toMatchObject({ headId: objectId(2), baseId: objectId(1), by: cast.cid.id });
  });

  test("is opened by who may push the head, of two branches that are there and differ, once", () => {
    const cast = new Cast();
    expect(cast.open(cast.eve)).toBe("forbidden");
    expect(cast.open(cast.cid, { headId: objectId(3) })).toBe("ref-stale");
    expect(cast.open(cast.cid, { base: branch("nowhere") })).toBe("pull-base-missing");
    const gone = { repository: cast.repository, name: branch("gone") };
    expect(cast.open(cast.cid, { head: gone })).toBe("pull-head-missing");
    const elsewhere = cast.scenario.repository(cast.cid, "fork");
    cast.scenario.mustApply("refs.change", cast.scenario.push(elsewhere, [update("topic", 0, 2)]), cast.by(cast.cid));
    expect(cast.open(cast.cid, { head: { repository: elsewhere, name: branch("topic") } })).toBe("pull-head-foreign");
    cast.pushed("same", 0, 1);
    const same = { head: { repository: cast.repository, name: branch("same") }, headId: objectId(1) };
    expect(cast.open(cast.cid, same)).toBe("pull-without-change");
    expect(cast.open(cast.cid)).toBe("applied");
    expect(cast.open(cast.ada)).toBe("pull-exists");
    expect(cast.open(cast.ada, { base: branch("same") })).toBe("applied");
  });

  test("has one of so many places at its head's branch", () => {
    const cast = new Cast();
    for (let count = 0; count <= pullsPerHeadMax; count++) cast.pushed(`base-${count}`, 0, 1);
    for (let count = 0; count < pullsPerHeadMax; count++) cast.opened({ base: branch(`base-${count}`) });
    expect(cast.open(cast.cid, { base: branch(`base-${pullsPerHeadMax}`) })).toBe("pull-limit");
    expect(cast.close(cast.cid, 1)).toBe("applied");
    expect(cast.open(cast.cid, { base: branch(`base-${pullsPerHeadMax}`) })).toBe("applied");
    expect(cast.reopen(cast.cid, 1)).toBe("pull-limit");
  });

  test("becomes a draft, ready, and one for another base, by its author and by who may push", () => {
    const cast = new Cast();
    const number = cast.opened();
    expect(cast.update(cast.eve, number, { isDraft: true })).toBe("forbidden");
    expect(cast.update(cast.cid, number, { isDraft: true })).toBe("applied");
    expect(cast.update(cast.cid, number, { isDraft: true })).toBe("already-so");
    expect(cast.merge(cast.ada, number)).toBe("pull-draft");
    expect(cast.update(cast.ada, number, { isDraft: false })).toBe("applied");
    expect(cast.update(cast.ada, number, {})).toBe("nothing-to-do");
    expect(cast.update(cast.ada, number, { base: branch("topic") })).toBe("pull-without-change");
    cast.pushed("next", 0, 4);
    expect(cast.update(cast.ada, number, { base: branch("next") })).toBe("applied");
    expect(cast.pull(number)?.base).toBe(branch("next"));
    expect(cast.close(cast.cid, number)).toBe("applied");
    expect(cast.update(cast.ada, number, { base: branch("main") })).toBe("pull-closed");
  });
});

describe("the head", () => {
  test("follows its branch, a round for each push, also for a push that rewrites it", () => {
    const cast = new Cast();
    const number = cast.opened();
    cast.pushed("topic", 2, 3);
    const forced = { ...update("topic", 3, 4), isFastForward: false };
    cast.scenario.mustApply("refs.change", cast.scenario.push(cast.repository, [forced]), cast.by(cast.ada));
    expect(cast.heads(number)).toEqual([2, 3, 4].map((digit) => objectId(digit)));
    expect(cast.ref(pullHeadRef(number))).toBe(objectId(4));
    cast.pushed("main", 1, 5);
    expect(cast.heads(number)).toHaveLength(3);
  });

  test("is its own ref, which nobody pushes", () => {
    const cast = new Cast();
    const number = cast.opened();
    expect(cast.push(pullHeadRef(number), 2, 3)).toBe("ref-hidden");
  });

  test("that is deleted closes it, and brought back lets it be opened again, where the branch is then", () => {
    const cast = new Cast();
    const number = cast.opened();
    cast.pushed("topic", 2, 0);
    expect(cast.issue(number)?.closed).toMatchObject({ by: cast.ada.id, reason: "not_planned" });
    expect(cast.ref(pullHeadRef(number))).toBe(objectId(2));
    expect(cast.reopen(cast.ada, number)).toBe("pull-head-missing");
    cast.pushed("topic", 0, 6);
    expect(cast.heads(number)).toEqual([objectId(2)]);
    expect(cast.reopen(cast.ada, number)).toBe("applied");
    expect(cast.heads(number)).toEqual([objectId(2), objectId(6)]);
  });

  test("keeps following under its branch's other name; so does the base", () => {
    const cast = new Cast();
    const number = cast.opened();
    for (const [from, to, digit] of [
      ["topic", "subject", 2],
      ["main", "trunk", 1],
    ] as const) {
      const rename = { repository: cast.repository, from: branch(from), to: branch(to), id: objectId(digit) };
      cast.scenario.mustApply("branch.rename", rename, cast.by(cast.ada));
    }
    cast.pushed("subject", 2, 4);
    expect(cast.pull(number)?.head.name).toBe(branch("subject"));
    const merge = { strategy: 1, method: "merge", head: objectId(4), isUpToDate: true } as const;
    expect(cast.merge(cast.cid, number, { merge })).toBe("pull-base-missing");
    expect(cast.merge(cast.cid, number, { name: branch("trunk"), merge })).toBe("applied");
  });

  test("moves no more than so many in one push; the branches beyond stay", () => {
    const cast = new Cast();
    const { scenario, repository } = cast;
    const heads = Array.from({ length: pullsFollowedPerPushMax / 10 + 1 }, (_, index) => `head-${index}`);
    for (let count = 0; count < 10; count++) cast.pushed(`base-${count}`, 0, 1);
    for (const name of heads) {
      cast.pushed(name, 0, 2);
      const head = { repository, name: branch(name) };
      for (let count = 0; count < 10; count++) cast.opened({ head, base: branch(`base-${count}`) });
    }
    const payload = scenario.push(
      repository,
      heads.map((name) => update(name, 2, 3)),
    );
    const { refusals } = scenario.mustApply("refs.change", payload, cast.by(cast.ada));
    expect(refusals).toEqual([...heads.slice(1).map(() => undefined), "pull-follow-limit"]);
    expect(cast.ref(branch(heads.at(-1)!))).toBe(objectId(2));
  });
});

describe("a merge", () => {
  test("moves the base, closes the pull request and the issues that it closes, and stays", () => {
    const cast = new Cast();
    const { scenario } = cast;
    const plain = { title: scenario.ledger.offerText("It breaks"), body: undefined, labels: [], assignees: [] };
    const issue = { repository: cast.repository, ...plain, milestone: undefined, effects: silent };
    const bug = cast.key(scenario.mustApply("issue.open", issue, cast.by(cast.eve)).number);
    const number = cast.opened();
    expect(cast.merge(cast.cid, number, { closes: [bug, cast.key(99)] })).toBe("applied");
    expect(cast.ref(branch("main"))).toBe(objectId(3));
    const merged = { by: cast.cid.id, method: "squash", baseId: objectId(1), resultId: objectId(3) };
    expect(cast.pull(number)?.merged).toMatchObject(merged);
    expect(cast.issue(number)?.closed?.reason).toBe("completed");
    expect(cast.issue(bug.number)?.closed).toMatchObject({ reason: "completed", by: cast.cid.id });
    expect(cast.merge(cast.cid, number, { oldId: objectId(3), newId: objectId(4) })).toBe("pull-merged");
    expect(cast.close(cast.ada, number)).toBe("pull-merged");
    expect(cast.reopen(cast.ada, number)).toBe("pull-merged");
    expect(cast.update(cast.ada, number, { isDraft: true })).toBe("pull-merged");
    cast.pushed("topic", 2, 5);
    expect(cast.heads(number)).toEqual([objectId(2)]);
  });

  test("is made by who may push, of the head and base as they are, while it is open", () => {
    const cast = new Cast();
    const number = cast.opened();
    expect(cast.merge(cast.eve, number)).toBe("forbidden");
    expect(cast.merge(cast.cid, 99)).toBe("not-found");
    expect(cast.merge(cast.cid, number, { oldId: objectId(2), newId: objectId(3) })).toBe("ref-stale");
    cast.pushed("topic", 2, 6);
    expect(cast.merge(cast.cid, number)).toBe("pull-head-moved");
    expect(cast.close(cast.cid, number)).toBe("applied");
    expect(cast.merge(cast.cid, number)).toBe("pull-closed");
  });

  test("counts only as a quorum has certified it: with what was merged, and how", () => {
    const cast = new Cast();
    const number = cast.opened();
    const certified = pullMerging(cast.scenario, cast.key(number));
    const merge = { ...certified.update.merge, method: "merge" } as const;
    const forged = { ...certified, update: { ...certified.update, merge } };
    expect(cast.scenario.code("pull.merge", forged, cast.by(cast.cid))).toBe("receipt-insufficient");
    const pushed = cast.scenario.push(cast.repository, [update("main", 1, 3)]);
    const asPush = { ...certified, receipt: pushed.receipt };
    expect(cast.scenario.code("pull.merge", asPush, cast.by(cast.cid))).toBe("receipt-insufficient");
  });

  test("is what a rule means that takes changes by pull request only, and is refused for what else it asks", () => {
    const cast = new Cast();
    const number = cast.opened();
    const rule = { target: "branch", pattern: "main" } as const;
    const pullRequest = {
      approvals: 0,
      dismissesStale: false,
      codeOwners: false,
      lastPushApproval: false,
      resolvedConversations: false,
    };
    const protect = (settings: Partial<typeof plainProtection>) => {
      const payload = { repository: cast.repository, rule, settings: { ...plainProtection, ...settings }, reason: "" };
      cast.scenario.mustApply("protection.change", payload as never, cast.by(cast.ada));
    };
    protect({ pullRequest: { ...pullRequest, approvals: 1 } });
    expect(cast.push("main", 1, 3, cast.cid)).toBe("ref-protected");
    expect(cast.merge(cast.cid, number)).toBe("ref-protected");
    protect({ pullRequest, checks: { isStrict: true, names: [] } });
    expect(cast.push("main", 1, 3, cast.cid)).toBe("ref-protected");
    expect(cast.merge(cast.cid, number)).toBe("ref-protected");
    const merge = { strategy: 1, method: "squash", head: objectId(2), isUpToDate: true } as const;
    expect(cast.merge(cast.cid, number, { merge })).toBe("applied");
  });

  test("takes along pull requests whose head is the branch that it moves", () => {
    const cast = new Cast();
    cast.pushed("release", 0, 7);
    const stacked = cast.opened({
      head: { repository: cast.repository, name: branch("main") },
      headId: objectId(1),
      base: branch("release"),
    });
    expect(cast.merge(cast.cid, cast.opened())).toBe("applied");
    expect(cast.heads(stacked)).toEqual([objectId(1), objectId(3)]);
  });
});

test("a repository that is deleted leaves no pull request behind", () => {
  const cast = new Cast();
  cast.opened();
  const { repository, scenario } = cast;
  scenario.mustApply("repository.delete", { repository }, cast.by(cast.ada));
  scenario.wait(1_000);
  const within = encode(repositoryIdCodec, repository);
  const { reader } = scenario.forge;
  const left = [pullTable, pullRoundTable, pullHeadTable].map((table) => [
    ...scanRows(reader, table as typeof pullTable, { within }),
  ]);
  expect(left).toEqual([[], [], []]);
});
