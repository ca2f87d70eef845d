import { describe, expect, test } from "vitest";
import { parseTopic, type RepositoryId } from "@guts/primitives";
import { Scenario, type Person } from "../../test/scenario.ts";
import { starredMax, subscriptionsMax } from "../limits.ts";
import { scanRows, writeRow } from "../table.ts";
import * as tables from "../tables.ts";

function cast() {
  const scenario = new Scenario();
  const [ada, bob] = [scenario.signUp(), scenario.signUp()];
  const repository = scenario.repository(ada);
  const star = (person: Person, isStarred = true, of = repository) =>
    scenario.code("star.set", { repository: of, isStarred }, scenario.root(person));
  const watch = (person: Person, subscription: tables.SubscriptionState | undefined, of = repository) =>
    scenario.code("subscription.set", { repository: of, subscription }, scenario.root(person));
  const counts = (of: RepositoryId = repository) => scenario.forge.standing.counts(of);
  return { scenario, ada, bob, repository, star, watch, counts };
}

describe("a repository", () => {
  test("is starred once by each, and counted", () => {
    const { scenario, ada, bob, repository, star, counts } = cast();
    expect([star(ada), star(ada), star(bob), counts().stars]).toEqual(["applied", "already-so", "applied", 2]);
    expect([star(ada, false), star(ada, false), counts().stars]).toEqual(["applied", "already-so", 1]);
    const { standing } = scenario.forge;
    expect([standing.isStarred(repository, ada.id), standing.isStarred(repository, bob.id)]).toEqual([false, true]);
    expect([standing.starred(ada.id), standing.starred(bob.id)]).toEqual([0, 1]);
  });

  test("is watched, ignored, or neither; only who watches is counted", () => {
    const { scenario, bob, repository, watch, counts } = cast();
    const state = () => scenario.forge.standing.subscription(repository, bob.id)?.state;
    expect([watch(bob, undefined), state()]).toEqual(["already-so", undefined]);
    expect([watch(bob, "subscribed"), state(), counts().subscribers]).toEqual(["applied", "subscribed", 1]);
    expect([watch(bob, "subscribed"), watch(bob, "ignored")]).toEqual(["already-so", "applied"]);
    expect([state(), counts().subscribers]).toEqual(["ignored", 0]);
    expect([watch(bob, undefined), state()]).toEqual(["applied", undefined]);
  });

  test("that is private is neither starred nor watched by a stranger, and is by a reader", () => {
    const { scenario, ada, bob, star, watch } = cast();
    const secret = scenario.repository(ada, "secret", { visibility: "private" });
    expect([star(bob, true, secret), watch(bob, "subscribed", secret)]).toEqual(["not-found", "not-found"]);
    scenario.collaborator(ada, secret, bob, "read");
    expect([star(bob, true, secret), watch(bob, "subscribed", secret)]).toEqual(["applied", "applied"]);
  });

  test("that is archived is starred and watched still", () => {
    const { scenario, ada, bob, repository, star, watch } = cast();
    scenario.mustApply("repository.archive", { repository, isArchived: true }, scenario.root(ada));
    expect([star(bob), watch(bob, "subscribed")]).toEqual(["applied", "applied"]);
  });

  test("takes its stars, watchers and topics with it when it is deleted", () => {
    const { scenario, ada, bob, repository, star, watch } = cast();
    star(bob);
    watch(bob, "subscribed");
    scenario.mustApply("topics.set", { repository, topics: [parseTopic("git")!] }, scenario.root(ada));
    scenario.mustApply("repository.delete", { repository }, scenario.root(ada));
    scenario.signUp();
    const { state } = scenario.ledger;
    expect([...scanRows(state, tables.starTable)]).toEqual([]);
    expect([...scanRows(state, tables.subscriptionTable)]).toEqual([]);
    expect([...scanRows(state, tables.topicsTable)]).toEqual([]);
    expect(scenario.forge.standing.starred(bob.id)).toBe(0);
  });

  test("has the topics that were set last, by who maintains it", () => {
    const { scenario, ada, bob, repository } = cast();
    const set = (person: Person, ...names: readonly string[]) => {
      const topics = names.map((name) => parseTopic(name)!);
      return scenario.code("topics.set", { repository, topics }, scenario.root(person));
    };
    expect([set(ada, "forge", "git"), set(ada, "forge", "git")]).toEqual(["applied", "already-so"]);
    expect(scenario.forge.standing.topics(repository)).toEqual(["forge", "git"]);
    expect([set(ada), scenario.forge.standing.topics(repository)]).toEqual(["applied", []]);
    expect(set(bob, "x")).toBe("forbidden");
    scenario.collaborator(ada, repository, bob, "write");
    expect(set(bob, "x")).toBe("forbidden");
    scenario.mustApply("collaborator.update", { repository, account: bob.id, role: "maintain" }, scenario.root(ada));
    expect(set(bob, "x")).toBe("applied");
  });
});

test("an account stars and watches only so many", () => {
  const { scenario, bob, star, watch } = cast();
  scenario.arrange((state) => {
    writeRow(state, tables.tallyTable, { of: "starred", id: bob.id }, starredMax);
    writeRow(state, tables.tallyTable, { of: "subscriptions", id: bob.id }, subscriptionsMax);
  });
  expect([star(bob), watch(bob, "ignored")]).toEqual(["star-limit", "subscription-limit"]);
});
