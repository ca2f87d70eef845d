import { describe, expect, test } from "vitest";
import { nodeIdOf, publicKeyOf, type Digest, type TimeMs } from "@guts/primitives";
import { allScopes, scopeSet, type Scope } from "@guts/governance";
import { Scenario, silentProfile, type By, type Person } from "../../test/scenario.ts";
import { credentialsPerAccountMax, sessionLifeMsMax } from "../limits.ts";
import { addToTally, tallyOf } from "../tally.ts";

function expiresIn(scenario: Scenario, ms: number): TimeMs {
  return (scenario.ledger.tip.time + ms) as TimeMs;
}

function create(scenario: Scenario, by: By, changes: Parameters<Scenario["tokenPayload"]>[0] = {}): string {
  return scenario.code("credential.create", scenario.tokenPayload(changes), by);
}

describe("credential.create", () => {
  test("records what a delegated node issued", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const payload = scenario.tokenPayload({ scopes: scopeSet(["repo"]) });
    scenario.mustApply("credential.create", payload, scenario.delegated(ada));
    expect(scenario.forge.credential(payload.id)).toMatchObject({ account: ada.id, kind: "token", scopes: 1 });
    expect([...scenario.forge.credentials(ada.id)].map(({ id }) => id)).toEqual([payload.id]);
    expect(tallyOf(scenario.ledger.state, "credentials", ada.id)).toBe(1);
  });

  test("is for nodes alone: who holds a key could take over the digest of another's former token", () => {
    const scenario = new Scenario();
    const [ada, eve] = [scenario.signUp(), scenario.signUp()];
    const token = scenario.token(ada);
    scenario.mustApply("credential.revoke", { id: token.id }, token);
    expect(create(scenario, scenario.root(eve), { id: token.id })).toBe("delegation-needed");
    expect(create(scenario, scenario.device(eve), { id: token.id })).toBe("delegation-needed");
  });

  test("by a node that is not delegated is inadmissible", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    expect(create(scenario, scenario.delegated(ada, scenario.away))).toBe("delegation-missing");
  });

  test("by delegation is for that node alone", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const by = scenario.delegated(ada);
    expect(create(scenario, by, { audience: [scenario.home.id, scenario.away.id] })).toBe("audience-not-delegated");
    scenario.mustApply("delegation.grant", { node: scenario.away.id }, scenario.root(ada));
    expect(create(scenario, by, { audience: [scenario.away.id] })).toBe("audience-not-delegated");
    expect(create(scenario, scenario.delegated(ada, scenario.away), { audience: [scenario.away.id] })).toBe("applied");
  });

  test("by a credential makes none that may more, or elsewhere", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    scenario.mustApply("delegation.grant", { node: scenario.away.id }, scenario.root(ada));
    const maker = scenario.token(ada, ["admin:credentials", "repo"]);
    const by = (scopes: readonly Scope[]) => create(scenario, maker, { scopes: scopeSet(scopes) });
    expect(by(["repo", "admin:credentials"])).toBe("applied");
    expect(by(["repo"])).toBe("applied");
    expect(by(["user"])).toBe("credential-scope-exceeded");
    expect(create(scenario, maker)).toBe("credential-scope-exceeded");
    expect(create(scenario, maker, { scopes: 1, audience: [scenario.away.id] })).toBe("audience-not-delegated");
    expect(create(scenario, scenario.token(ada, ["repo", "user"]), { scopes: 1 })).toBe("scope-missing");
  });

  test("refuses ids that are taken, scopes that are none, and audiences of nobody", () => {
    const scenario = new Scenario();
    const [ada, eve] = [scenario.signUp(), scenario.signUp()];
    const { id } = scenario.token(ada);
    expect(create(scenario, scenario.delegated(eve), { id })).toBe("credential-taken");
    expect(create(scenario, scenario.delegated(ada), { scopes: allScopes + 1 })).toBe("credential-scope-exceeded");
    expect(create(scenario, scenario.delegated(ada), { scopes: 2 ** 32 - 1 })).toBe("credential-scope-exceeded");
    expect(create(scenario, scenario.delegated(ada), { scopes: 0 })).toBe("applied");
    const home = scenario.home.id;
    expect(create(scenario, scenario.delegated(ada), { audience: [] })).toBe("audience-invalid");
    expect(create(scenario, scenario.delegated(ada), { audience: [home, home] })).toBe("audience-invalid");
  });

  test("ends at the limit of live credentials", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    scenario.arrange((state) => {
      for (let count = 1; count < credentialsPerAccountMax; count++) addToTally(state, "credentials", ada.id, 1);
    });
    expect(create(scenario, scenario.delegated(ada))).toBe("applied");
    expect(create(scenario, scenario.delegated(ada))).toBe("credential-limit");
  });

  test("bounds the life of sessions, and refuses what is over before it begins", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const session = (expiresTime: TimeMs | undefined) =>
      create(scenario, scenario.delegated(ada), { kind: "session", expiresTime });
    const token = (expiresTime: TimeMs) => create(scenario, scenario.delegated(ada), { expiresTime });
    expect(session(undefined)).toBe("expiry-invalid");
    expect(session(expiresIn(scenario, 1_000 + sessionLifeMsMax + 1))).toBe("expiry-invalid");
    expect(session(expiresIn(scenario, 1_000 + sessionLifeMsMax))).toBe("applied");
    expect(token(expiresIn(scenario, 1_000))).toBe("expiry-invalid");
    expect(token(expiresIn(scenario, 1_001))).toBe("applied");
  });
});

describe("credential.share", () => {
  const arrange = () => {
    const scenario = new Scenario();
    const [ada, eve] = [scenario.signUp(), scenario.signUp()];
    const share = (id: Digest, nodes = [scenario.away.id], by = scenario.root(ada)) =>
      scenario.code("credential.share", { id, nodes }, by);
    return { scenario, ada, eve, token: scenario.token(ada), share };
  };

  test("makes a credential good at another home of its account, by the root key's word", () => {
    const { scenario, ada, eve, token, share } = arrange();
    expect(share(token.id)).toBe("audience-not-delegated");
    scenario.mustApply("delegation.grant", { node: scenario.away.id }, scenario.root(ada));
    for (const by of [scenario.device(ada), token, scenario.delegated(ada)])
      expect(share(token.id, undefined, by)).toBe("personal-signature-needed");
    expect(share(token.id, undefined, scenario.root(eve))).toBe("not-found");
    expect(share(token.id)).toBe("applied");
    const used = scenario.code("account.update", silentProfile, { ...token, node: scenario.away });
    expect(used).toBe("applied");
    scenario.mustApply("delegation.revoke", { node: scenario.away.id }, scenario.root(ada));
    expect(scenario.forge.credential(token.id)).toBeUndefined();
  });

  test("refuses no node, a node twice, one that is there, and one that was admitted after the credential was made", () => {
    const { scenario, ada, token, share } = arrange();
    expect(share(token.id, [])).toBe("audience-invalid");
    expect(share(token.id, [scenario.home.id])).toBe("audience-invalid");
    expect(share(token.id, [scenario.away.id, scenario.away.id])).toBe("audience-invalid");
    const late = nodeIdOf(publicKeyOf(scenario.ledger.newSeed()));
    const founder = scenario.administrator();
    scenario.mustApply("node.admit", { node: late, name: "late" }, scenario.root(founder));
    scenario.mustApply("delegation.grant", { node: late }, scenario.root(ada));
    expect(share(token.id, [late])).toBe("node-unknown");
    expect(share(scenario.token(ada).id, [late])).toBe("applied");
  });
});

describe("a credential", () => {
  const act = (scenario: Scenario, person: Person, by: By, ms = 1_000) =>
    scenario.code("repository.create", scenario.repositoryPayload(person, `r${scenario.ledger.tip.height}`), by, {
      stepMs: ms,
    });

  test("acts for its account alone, at nodes of its audience", () => {
    const scenario = new Scenario();
    const [ada, eve] = [scenario.signUp(), scenario.signUp()];
    const token = scenario.token(ada);
    expect(act(scenario, ada, token)).toBe("applied");
    expect(act(scenario, eve, { ...token, account: eve.id })).toBe("credential-not-live");
    expect(act(scenario, ada, { ...token, node: scenario.away })).toBe("credential-wrong-node");
    expect(act(scenario, ada, scenario.credential(ada, new Uint8Array(32) as Digest))).toBe("credential-not-live");
  });

  test("ends at its expiry, and is then removed", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const payload = scenario.tokenPayload({ expiresTime: expiresIn(scenario, 10_000) });
    scenario.mustApply("credential.create", payload, scenario.delegated(ada));
    const by = scenario.credential(ada, payload.id);
    expect(act(scenario, ada, by, 9_000)).toBe("credential-expired");
    expect(act(scenario, ada, by, 8_999)).toBe("applied");
    expect(act(scenario, ada, by, 1)).toBe("credential-expired");
    scenario.wait(1);
    expect(scenario.forge.credential(payload.id)).toBeDefined();
    scenario.wait(1);
    expect(scenario.forge.credential(payload.id)).toBeUndefined();
    expect(tallyOf(scenario.ledger.state, "credentials", ada.id)).toBe(0);
  });

  test("that is revoked is gone at once", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const token = scenario.token(ada);
    scenario.mustApply("credential.revoke", { id: token.id }, scenario.root(ada));
    expect(act(scenario, ada, token)).toBe("credential-not-live");
    expect(scenario.code("credential.revoke", { id: token.id }, scenario.root(ada))).toBe("not-found");
  });
});

describe("credential.revoke", () => {
  test("is open to each for itself, and to those who manage credentials", () => {
    const scenario = new Scenario();
    const [ada, eve] = [scenario.signUp(), scenario.signUp()];
    const [weak, other, manager] = [
      scenario.token(ada, []),
      scenario.token(ada),
      scenario.token(ada, ["admin:credentials"]),
    ];
    const revoke = (id: Digest, by: By) => scenario.code("credential.revoke", { id }, by);
    expect(revoke(other.id, weak)).toBe("scope-missing");
    expect(revoke(other.id, scenario.root(eve))).toBe("not-found");
    expect(revoke(other.id, scenario.token(eve))).toBe("not-found");
    expect(revoke(weak.id, weak)).toBe("applied");
    expect(revoke(other.id, manager)).toBe("applied");
    expect(revoke(manager.id, scenario.delegated(ada))).toBe("applied");
    expect(revoke(scenario.token(ada).id, scenario.device(ada))).toBe("applied");
  });
});

describe("delegation", () => {
  test("is granted to a known node once, by the root key", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const grant = (node: string, by = scenario.root(ada)) =>
      scenario.code("delegation.grant", { node: node as never }, by);
    expect(grant(scenario.home.id)).toBe("already-so");
    expect(grant("ab".repeat(32))).toBe("node-unknown");
    expect(grant(scenario.away.id, scenario.device(ada))).toBe("personal-signature-needed");
    expect(grant(scenario.away.id, scenario.delegated(ada))).toBe("personal-signature-needed");
    expect(grant(scenario.away.id, scenario.token(ada))).toBe("personal-signature-needed");
    expect(grant(scenario.away.id)).toBe("applied");
  });

  test("ends at the limit of nodes", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    scenario.arrange((state) => {
      for (let count = 1; count < 16; count++) addToTally(state, "delegations", ada.id, 1);
    });
    const code = scenario.code("delegation.grant", { node: scenario.away.id }, scenario.root(ada));
    expect(code).toBe("delegation-limit");
  });

  test("when it is revoked takes every credential that the node could use with it, and no other", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    scenario.mustApply("delegation.grant", { node: scenario.away.id }, scenario.root(ada));
    const here = scenario.token(ada);
    const there = scenario.tokenPayload({ audience: [scenario.away.id] });
    scenario.mustApply("credential.create", there, scenario.delegated(ada, scenario.away));
    scenario.mustApply("delegation.revoke", { node: scenario.home.id }, scenario.root(ada));
    expect(scenario.forge.credential(here.id)).toBeUndefined();
    expect(scenario.forge.credential(there.id)).toBeDefined();
    expect(create(scenario, scenario.delegated(ada))).toBe("delegation-missing");
    expect(scenario.code("delegation.revoke", { node: scenario.home.id }, scenario.root(ada))).toBe("not-found");
  });
});
