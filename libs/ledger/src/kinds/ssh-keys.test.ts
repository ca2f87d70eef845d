import { parsePrivateSeed, publicKeyOf, sshBlobOf, utf8, concatBytes, type RepositoryId } from "@guts/primitives";
import { sshKeyPowers } from "@guts/governance";
import { describe, expect, test } from "vitest";
import { Scenario, update, type By, type Person } from "../../test/scenario.ts";
import { sshKeyIdOf, type PayloadOf } from "../index.ts";
import { addToTally, tallyOf } from "../tally.ts";

const blobOf = (fill: number): Uint8Array => sshBlobOf(publicKeyOf(parsePrivateSeed(new Uint8Array(32).fill(fill))!));
const string = (bytes: Uint8Array): Uint8Array => concatBytes(Uint8Array.of(0, 0, 0, bytes.length), bytes);

function people() {
  const scenario = new Scenario();
  const [ada, eve] = [scenario.signUp(), scenario.signUp()];
  const add = (changes: Partial<PayloadOf<"ssh-key.add">> = {}, by: By = scenario.root(ada)) =>
    scenario.code(
      "ssh-key.add",
      { blob: blobOf(1), title: "laptop", audience: [scenario.home.id], expiresTime: undefined, ...changes },
      by,
    );
  const byKey = (person: Person, blob: Uint8Array, node = scenario.home): By =>
    scenario.credential(person, sshKeyIdOf(blob), node);
  const push = (repository: RepositoryId, by: By) =>
    scenario.code("refs.change", scenario.push(repository, [update("main", 0, 1)]), by);
  return { scenario, ada, eve, add, byKey, push };
}

describe("ssh-key.add", () => {
  test("lets git push with the key, and nothing else be done with it", () => {
    const { scenario, ada, add, byKey, push } = people();
    const repository = scenario.repository(ada, "r", { visibility: "private" });
    expect(add()).toBe("applied");
    const by = byKey(ada, blobOf(1));
    expect(push(repository, by)).toBe("applied");
    expect(scenario.forge.powers(scenario.forge.sshKey(sshKeyIdOf(blobOf(1)))!)).toEqual(sshKeyPowers);
    expect(scenario.code("repository.archive", { repository, isArchived: true }, by)).toBe("scope-missing");
    expect(scenario.code("repository.delete", { repository }, by)).toBe("scope-missing");
    expect(scenario.code("repository.create", scenario.repositoryPayload(ada, "new"), by)).toBe("scope-missing");
    expect(add({ blob: blobOf(2) }, by)).toBe("scope-missing");
    expect(scenario.code("credential.create", scenario.tokenPayload({ scopes: 0 }), by)).toBe("scope-missing");
  });

  test("takes the word of the nodes that it names, and of no other", () => {
    const { scenario, ada, add, byKey, push } = people();
    const repository = scenario.repository(ada, "r");
    expect(add()).toBe("applied");
    expect(push(repository, byKey(ada, blobOf(1), scenario.away))).toBe("credential-wrong-node");
    expect(add({ blob: blobOf(2), audience: [] })).toBe("audience-invalid");
    expect(add({ blob: blobOf(2), audience: [scenario.home.id, scenario.home.id] })).toBe("audience-invalid");
    expect(add({ blob: blobOf(2), audience: ["ab".repeat(32) as never] })).toBe("node-unknown");
    expect(add({ blob: blobOf(2), audience: [scenario.home.id, scenario.away.id] })).toBe("applied");
    expect(push(repository, byKey(ada, blobOf(2), scenario.away))).toBe("applied");
  });

  test("refuses what is no key, a weak one and a type that nobody verifies", () => {
    const { add } = people();
    expect(add({ blob: new Uint8Array([1, 2, 3]) })).toBe("ssh-key-malformed");
    expect(add({ blob: string(utf8("ssh-dss")) })).toBe("ssh-key-weak");
    expect(add({ blob: string(utf8("sk-ssh-ed25519@openssh.com")) })).toBe("ssh-key-unsupported");
    const identity = new Uint8Array(32);
    identity[0] = 1;
    expect(add({ blob: sshBlobOf(identity as never) })).toBe("key-unsound");
  });

  test("gives a key to one account for ever", () => {
    const { scenario, ada, eve, add } = people();
    const id = sshKeyIdOf(blobOf(1));
    expect(add()).toBe("applied");
    expect(add()).toBe("ssh-key-taken");
    expect(add({}, scenario.root(eve))).toBe("ssh-key-taken");
    expect(scenario.code("ssh-key.remove", { id }, scenario.root(eve))).toBe("not-found");
    expect(scenario.code("ssh-key.remove", { id }, scenario.root(ada))).toBe("applied");
    expect(add({}, scenario.root(eve))).toBe("ssh-key-taken");
    expect(add()).toBe("applied");
    expect([...scenario.forge.sshKeys({ type: "account", id: ada.id })].map(({ label }) => label)).toEqual(["laptop"]);
  });

  test("ends at the limit of keys, and with its expiry", () => {
    const { scenario, ada, add, byKey, push } = people();
    const repository = scenario.repository(ada, "r");
    expect(add({ expiresTime: scenario.ledger.tip.time as never })).toBe("expiry-invalid");
    expect(add({ expiresTime: (scenario.ledger.tip.time + 20_000) as never })).toBe("applied");
    scenario.wait(30_000);
    expect(push(repository, byKey(ada, blobOf(1)))).toBe("credential-not-live");
    expect(tallyOf(scenario.ledger.state, "sshKeys", ada.id)).toBe(0);
    scenario.arrange((state) => {
      for (let count = 0; count < 100; count++) addToTally(state, "sshKeys", ada.id, 1);
    });
    expect(add({ blob: blobOf(3) })).toBe("ssh-key-limit");
  });
});

describe("undelegating a node", () => {
  test("ends the keys that only this node vouched for, and its word on the others", () => {
    const { scenario, ada, add, byKey, push } = people();
    const both = [scenario.home.id, scenario.away.id];
    expect(add({ blob: blobOf(1), audience: both }, scenario.token(ada))).toBe("applied");
    expect(add({ blob: blobOf(2), audience: both })).toBe("applied");
    expect(add({ blob: blobOf(3) })).toBe("applied");
    scenario.mustApply("delegation.revoke", { node: scenario.home.id }, scenario.root(ada));
    const kept = [...scenario.forge.sshKeys({ type: "account", id: ada.id })];
    expect(kept.map(({ id, audience }) => [id, audience])).toEqual([[sshKeyIdOf(blobOf(2)), [scenario.away.id]]]);
    const repository = scenario.repository(ada, "r");
    expect(push(repository, byKey(ada, blobOf(2)))).toBe("credential-wrong-node");
    expect(push(repository, byKey(ada, blobOf(2), scenario.away))).toBe("applied");
    const share = { id: sshKeyIdOf(blobOf(2)), nodes: [scenario.home.id] };
    expect(scenario.code("credential.share", share, scenario.root(ada))).toBe("applied");
    expect(scenario.code("credential.share", { ...share, nodes: ["ab".repeat(32) as never] }, scenario.root(ada))).toBe(
      "node-unknown",
    );
  });
});

describe("a deploy key", () => {
  const deploy = (world: ReturnType<typeof people>, repository: RepositoryId, isReadOnly: boolean, fill = 5) =>
    world.scenario.code(
      "deploy-key.add",
      { repository, blob: blobOf(fill), title: "ci", audience: [world.scenario.home.id], isReadOnly },
      world.scenario.root(world.ada),
    );

  test("pushes to its repository only, and only when it may write", () => {
    const world = people();
    const { scenario, ada, byKey, push } = world;
    const [one, other] = [scenario.repository(ada, "one"), scenario.repository(ada, "other")];
    expect(deploy(world, one, false)).toBe("applied");
    expect(push(one, byKey(ada, blobOf(5)))).toBe("applied");
    expect(push(other, byKey(ada, blobOf(5)))).toBe("scope-missing");
    const hidden = scenario.repository(ada, "hidden", { visibility: "private" });
    expect(push(hidden, byKey(ada, blobOf(5)))).toBe("not-found");
    expect(deploy(world, other, true, 6)).toBe("applied");
    expect(push(other, byKey(ada, blobOf(6)))).toBe("scope-missing");
  });

  test("is added and removed by who administers the repository", () => {
    const world = people();
    const { scenario, ada, eve } = world;
    const repository = scenario.repository(ada, "one");
    scenario.collaborator(ada, repository, eve, "admin");
    expect(deploy(world, repository, false)).toBe("applied");
    expect(deploy(world, scenario.repository(ada, "two"), false)).toBe("ssh-key-taken");
    const id = sshKeyIdOf(blobOf(5));
    const remove = (by: By) => scenario.code("deploy-key.remove", { repository, id }, by);
    expect(remove(scenario.root(scenario.signUp()))).toBe("forbidden");
    expect(scenario.code("ssh-key.remove", { id }, scenario.root(ada))).toBe("not-found");
    expect(remove(scenario.root(eve))).toBe("applied");
    expect(remove(scenario.root(eve))).toBe("not-found");
    expect([...scenario.forge.sshKeys({ type: "repository", id: repository })]).toEqual([]);
  });

  test("goes with its repository", () => {
    const world = people();
    const { scenario, ada } = world;
    const repository = scenario.repository(ada, "one");
    expect(deploy(world, repository, false)).toBe("applied");
    scenario.mustApply("repository.delete", { repository }, scenario.root(ada));
    scenario.wait(1_000);
    scenario.wait(1_000);
    expect(scenario.forge.storedCredential(sshKeyIdOf(blobOf(5)))).toBeUndefined();
    expect(tallyOf(scenario.ledger.state, "deployKeys", repository)).toBe(0);
  });
});
