import { describe, expect, test } from "vitest";
import type { AccountId } from "@guts/primitives";
import { Scenario, type Person } from "../../test/scenario.ts";
import { followingMax } from "../limits.ts";
import { writeRow } from "../table.ts";
import * as tables from "../tables.ts";
import { tallyOf } from "../tally.ts";

function cast() {
  const scenario = new Scenario();
  const [ada, bob] = [scenario.signUp(), scenario.signUp()];
  const follow = (person: Person, account: AccountId) =>
    scenario.code("account.follow", { account }, scenario.root(person));
  const unfollow = (person: Person, account: AccountId) =>
    scenario.code("account.unfollow", { account }, scenario.root(person));
  const counts = (account: AccountId) =>
    (["following", "followers"] as const).map((of) => tallyOf(scenario.ledger.state, of, account));
  return { scenario, ada, bob, follow, unfollow, counts };
}

describe("an account", () => {
  test("follows others once, people and organizations, and is counted with them", () => {
    const { scenario, ada, bob, follow, unfollow, counts } = cast();
    const crew = scenario.organization(bob);
    expect([follow(ada, bob.id), follow(ada, bob.id), follow(ada, crew)]).toEqual(["applied", "already-so", "applied"]);
    expect([counts(ada.id), counts(bob.id), counts(crew)]).toEqual([
      [2, 0],
      [0, 1],
      [0, 1],
    ]);
    expect([unfollow(ada, bob.id), unfollow(ada, bob.id)]).toEqual(["applied", "already-so"]);
    expect([counts(ada.id), counts(bob.id)]).toEqual([
      [1, 0],
      [0, 0],
    ]);
  });

  test("follows neither itself nor nobody, nor who has closed their account, and still unfollows them", () => {
    const { scenario, ada, bob, follow, unfollow } = cast();
    expect([follow(ada, ada.id), follow(ada, 99 as AccountId)]).toEqual(["follows-self", "account-unknown"]);
    follow(ada, bob.id);
    scenario.mustApply("account.close", {}, scenario.root(bob));
    expect([unfollow(ada, bob.id), follow(ada, bob.id)]).toEqual(["applied", "account-unknown"]);
  });

  test("follows only so many", () => {
    const { scenario, ada, bob, follow } = cast();
    scenario.arrange((state) => writeRow(state, tables.tallyTable, { of: "following", id: ada.id }, followingMax));
    expect(follow(ada, bob.id)).toBe("follow-limit");
  });

  test("needs the scope for it in a token", () => {
    const { scenario, ada, bob } = cast();
    const by = (scopes: readonly ("user:follow" | "user" | "repo")[]) =>
      scenario.code("account.follow", { account: bob.id }, scenario.token(ada, scopes));
    expect([by(["repo"]), by(["user:follow"]), by(["user"])]).toEqual(["scope-missing", "applied", "already-so"]);
  });
});
