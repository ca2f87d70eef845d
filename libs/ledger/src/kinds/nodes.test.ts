import { nodeIdOf, publicKeyOf, type NodeId } from "@guts/primitives";
import { describe, expect, test } from "vitest";
import { Scenario, silentProfile, type Person } from "../../test/scenario.ts";
import { auditOf } from "../audit.ts";
import { admittedNodesMax } from "../limits.ts";
import { addToTally, tallyOf } from "../tally.ts";

/** A network with an administrator, somebody else, and a node that nobody has admitted yet. */
function arrange() {
  const scenario = new Scenario();
  const [founder, ada] = [scenario.administrator(), scenario.signUp()];
  const seed = scenario.ledger.newSeed();
  const guest = { id: nodeIdOf(publicKeyOf(seed)), seed };
  const admit = (by = scenario.root(founder)) => scenario.code("node.admit", { node: guest.id, name: "guest" }, by);
  const remove = (by = scenario.root(founder), node: NodeId = guest.id) => scenario.code("node.remove", { node }, by);
  const grant = (person: Person) => scenario.code("delegation.grant", { node: guest.id }, scenario.root(person));
  return { scenario, founder, ada, guest, admit, remove, grant };
}

describe("node.admit", () => {
  test("lets a node admit transactions from the next block on", () => {
    const { scenario, ada, guest, admit } = arrange();
    const create = () =>
      scenario.code("repository.create", scenario.repositoryPayload(ada, "one"), {
        ...scenario.root(ada),
        node: guest,
      });
    expect(create()).toBe("node-not-admitted");
    expect(admit()).toBe("applied");
    expect(scenario.forge.node(guest.id)).toEqual({ name: "guest", sinceHeight: scenario.last.header.height });
    expect(scenario.forge.isAdmitted(guest.id, scenario.last.header.height)).toBe(false);
    expect(create()).toBe("applied");
    expect([...scenario.forge.nodes()].map(([id]) => id)).toContain(guest.id);
  });

  test("is for administrators, with a key or a token that manages credentials", () => {
    const { scenario, founder, ada, admit } = arrange();
    expect(admit(scenario.root(ada))).toBe("forbidden");
    expect(admit(scenario.token(founder, ["repo"]))).toBe("scope-missing");
    expect(admit(scenario.token(founder, ["admin:credentials"]))).toBe("applied");
    expect(admit()).toBe("already-so");
  });

  test("refuses a key that anybody could sign for, and a name that is none", () => {
    const { scenario, founder, guest } = arrange();
    const code = (node: NodeId, name: string) => scenario.code("node.admit", { node, name }, scenario.root(founder));
    expect(code("00".repeat(32) as NodeId, "weak")).toBe("key-unsound");
    for (const name of ["", "two words", "é"]) expect(code(guest.id, name)).toBe("malformed-payload");
  });

  test("ends at the limit of nodes, and a removal makes room", () => {
    const { scenario, admit, remove } = arrange();
    scenario.arrange((state) => {
      for (let count = 1; count < admittedNodesMax; count++) addToTally(state, "nodes", 0, 1);
    });
    expect(admit()).toBe("applied");
    expect(tallyOf(scenario.ledger.state, "nodes", 0)).toBe(admittedNodesMax);
    expect(admit()).toBe("already-so");
    expect(remove()).toBe("applied");
    scenario.arrange((state) => addToTally(state, "nodes", 0, 1));
    expect(admit()).toBe("node-limit");
  });
});

describe("node.remove", () => {
  test("is for administrators, and for nodes that are there and do not vote", () => {
    const { scenario, ada, admit, remove } = arrange();
    expect(remove()).toBe("node-unknown");
    admit();
    expect(remove(scenario.root(ada))).toBe("forbidden");
    expect(remove(undefined, scenario.home.id)).toBe("node-is-validator");
    expect(remove()).toBe("applied");
    expect(remove()).toBe("node-unknown");
  });

  test("may give a reason, as who decides about accounts does", () => {
    const { scenario, founder, ada, guest, admit } = arrange();
    admit();
    const dismiss = (by = scenario.root(founder), node: NodeId = guest.id) =>
      scenario.code("node.dismiss", { node, reason: scenario.ledger.offerText("it lags") }, by);
    expect(dismiss(scenario.root(ada))).toBe("forbidden");
    expect(dismiss(undefined, scenario.home.id)).toBe("node-is-validator");
    expect(dismiss(scenario.token(founder, ["admin:credentials"]))).toBe("scope-missing");
    expect(dismiss(scenario.token(founder, ["site_admin"]))).toBe("applied");
    expect(auditOf(scenario.last.events[0]!)).toMatchObject({ action: "node.remove", node: guest.id });
    expect(dismiss()).toBe("node-unknown");
  });

  test("ends delegations and credentials of everybody at once, and for ever", () => {
    const { scenario, ada, guest, admit, remove, grant } = arrange();
    expect(grant(ada)).toBe("node-unknown");
    admit();
    expect(grant(ada)).toBe("applied");
    const elsewhere = scenario.token(ada);
    const token = scenario.token(ada);
    scenario.mustApply("credential.share", { id: token.id, nodes: [guest.id] }, scenario.root(ada));
    const use = () => scenario.code("account.update", silentProfile, token);
    expect(use()).toBe("applied");

    expect(remove()).toBe("applied");
    expect(scenario.forge.isDelegated(ada.id, guest.id)).toBe(false);
    expect(scenario.forge.credential(token.id)).toBeUndefined();
    expect([...scenario.forge.credentials(ada.id)].map(({ id }) => id)).toEqual([elsewhere.id]);
    expect([...scenario.forge.delegations(ada.id)].map(({ node }) => node)).toEqual([scenario.home.id]);
    expect(use()).toBe("credential-not-live");

    expect(admit()).toBe("applied");
    expect(use()).toBe("credential-not-live");
    expect(
      scenario.code("credential.create", scenario.tokenPayload(), { ...scenario.delegated(ada), node: guest }),
    ).toBe("delegation-missing");
    expect(scenario.forge.storedCredential(token.id)).toBeDefined();
    expect(scenario.code("credential.revoke", { id: token.id }, scenario.root(ada))).toBe("applied");
    expect(scenario.forge.storedCredential(token.id)).toBeUndefined();
  });

  test("leaves people to choose the node again, or to clear what is left of it", () => {
    const { scenario, ada, guest, admit, remove, grant } = arrange();
    const revoke = () => scenario.code("delegation.revoke", { node: guest.id }, scenario.root(ada));
    admit();
    grant(ada);
    remove();
    admit();
    expect(grant(ada)).toBe("applied");
    expect(grant(ada)).toBe("already-so");
    expect(tallyOf(scenario.ledger.state, "delegations", ada.id)).toBe(2);
    remove();
    expect([...scenario.forge.storedDelegations(ada.id)]).toHaveLength(2);
    expect(revoke()).toBe("applied");
    expect(revoke()).toBe("not-found");
    expect(tallyOf(scenario.ledger.state, "delegations", ada.id)).toBe(1);
  });
});
