import { describe, expect, test } from "vitest";
import { parseRepositoryName, type RepositoryId } from "@guts/primitives";
import { branch, objectId, Scenario, update, type Person } from "../../test/scenario.ts";
import { forkRefsMax } from "../limits.ts";

function cast(visibility: "public" | "private" = "public") {
  const scenario = new Scenario();
  const [ada, bob] = [scenario.signUp(), scenario.signUp()];
  const parent = scenario.repository(ada, "engine", { visibility });
  const push = (...updates: Parameters<typeof scenario.push>[1]) =>
    scenario.mustApply("refs.change", scenario.push(parent, updates), scenario.root(ada));
  const payload = (person: Person, changes = {}) => {
    const terms = { parent, owner: person.id, name: parseRepositoryName("engine")!, isDefaultOnly: false, refsMax: 10 };
    return { ...terms, ...changes };
  };
  const code = (person: Person, changes = {}) =>
    scenario.code("repository.fork", payload(person, changes), scenario.root(person));
  const fork = (person: Person, changes = {}): RepositoryId =>
    scenario.mustApply("repository.fork", payload(person, changes), scenario.root(person)).repository;
  return { scenario, ada, bob, parent, push, code, fork };
}

describe("a fork", () => {
  test("begins with the branches and tags of its parent, and counts there", () => {
    const { scenario, bob, parent, push, fork } = cast();
    push(update("main", 0, 1), update("topic", 0, 2));
    const id = fork(bob);
    const { forge } = scenario;
    expect(Object.fromEntries(forge.refs(id))).toEqual(Object.fromEntries(forge.refs(parent)));
    expect(forge.repository(id)).toMatchObject({ owner: bob.id, refCount: 2, defaultBranch: branch("main") });
    expect([forge.standing.parentOf(id), forge.standing.counts(parent).forks]).toEqual([parent, 1]);
    expect(forge.standing.fork(fork(bob, { parent: id, name: parseRepositoryName("again") }))).toMatchObject({
      parent: id,
      root: parent,
    });
  });

  test("of the default branch has that alone, and moves without its parent", () => {
    const { scenario, bob, parent, push, fork } = cast();
    push(update("main", 0, 1), update("topic", 0, 2));
    const id = fork(bob, { isDefaultOnly: true, refsMax: 1 });
    expect([...scenario.forge.refs(id)]).toEqual([[branch("main"), objectId(1)]]);
    scenario.mustApply("refs.change", scenario.push(id, [update("main", 1, 3)]), scenario.root(bob));
    expect(scenario.forge.ref(parent, branch("main"))).toBe(objectId(1));
  });

  test("is made of what is there, may be read and is not too large", () => {
    const { scenario, ada, bob, push, code } = cast("private");
    expect([code(ada, { name: parseRepositoryName("copy") }), code(bob)]).toEqual(["fork-empty", "not-found"]);
    push(update("main", 0, 1), update("topic", 0, 2));
    expect([code(ada), code(ada, { name: parseRepositoryName("copy"), refsMax: 1 })]).toEqual([
      "repository-name-taken",
      "fork-too-large",
    ]);
    expect(code(ada, { name: parseRepositoryName("copy"), refsMax: forkRefsMax + 1 })).toBe("fork-too-large");
    expect(scenario.forge.findRepository(bob.id, parseRepositoryName("engine")!)).toBeUndefined();
  });

  test("of a private repository is private, and stays so", () => {
    const { scenario, ada, bob, parent, push, fork } = cast("private");
    push(update("main", 0, 1));
    scenario.collaborator(ada, parent, bob, "read");
    const id = fork(bob);
    expect(scenario.forge.repository(id)?.visibility).toBe("private");
    const change = { repository: id, description: undefined, homepage: undefined, defaultBranch: undefined };
    const publish = () => scenario.code("repository.update", { ...change, visibility: "public" }, scenario.root(bob));
    expect(publish()).toBe("fork-of-private");
    scenario.mustApply("repository.delete", { repository: parent }, scenario.root(ada));
    expect([publish(), scenario.forge.standing.parentOf(id)]).toEqual(["fork-of-private", undefined]);
    expect(scenario.forge.ref(id, branch("main"))).toBe(objectId(1));
  });

  test("is not told of once one of the two has another visibility, and not counted once it is gone", () => {
    const { scenario, ada, bob, parent, push, fork } = cast();
    push(update("main", 0, 1));
    const id = fork(bob);
    const change = { repository: parent, description: undefined, homepage: undefined, defaultBranch: undefined };
    scenario.mustApply("repository.update", { ...change, visibility: "private" }, scenario.root(ada));
    expect(scenario.forge.standing.parentOf(id)).toBeUndefined();
    scenario.mustApply("repository.delete", { repository: id }, scenario.root(bob));
    expect(scenario.forge.standing.counts(parent).forks).toBe(0);
  });
});
