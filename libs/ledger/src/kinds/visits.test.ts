import { describe, expect, test } from "vitest";
import { nodeIdOf, publicKeyOf, sshBlobOf, utf8, type Digest, type TimeMs } from "@guts/primitives";
import { allScopes, scopeBits, scopeSet, visitScopes } from "@guts/governance";
import { Scenario, silentProfile, update, type By, type Person } from "../../test/scenario.ts";
import { voucherLifeMsMax, visitLifeMsMax } from "../limits.ts";
import { tallyOf } from "../tally.ts";
import type { PayloadOf } from "./index.ts";
import { signInRequestOf, voucherIdOf } from "./visits.ts";

const minuteMs = 60_000;

function world() {
  const scenario = new Scenario();
  const ada = scenario.administrator();
  const soon = (ms: number): TimeMs => (scenario.ledger.tip.time + ms) as TimeMs;
  const newId = (): Digest => scenario.ledger.random.bytes(32) as Digest;
  const voucherPayload = (changes: Partial<PayloadOf<"voucher.create">> = {}): PayloadOf<"voucher.create"> => ({
    id: newId(),
    node: scenario.away.id,
    scopes: visitScopes,
    expiresTime: soon(5 * minuteMs),
    ...changes,
  });
  const vouch = (changes: Partial<PayloadOf<"voucher.create">> = {}, by: By = scenario.delegated(ada)) => {
    const payload = voucherPayload(changes);
    return { id: payload.id, code: scenario.code("voucher.create", payload, by) };
  };
  const visitPayload = (changes: Partial<PayloadOf<"voucher.redeem">> = {}): PayloadOf<"voucher.redeem"> => ({
    id: newId(),
    label: "Web session",
    expiresTime: soon(60 * minuteMs),
    ...changes,
  });
  const redeem = (voucher: Digest, changes: Partial<PayloadOf<"voucher.redeem">> = {}, node = scenario.away) => {
    const payload = visitPayload(changes);
    const by = scenario.credential(ada, voucher, node);
    return { id: payload.id, code: scenario.code("voucher.redeem", payload, by) };
  };
  /** Ada signed in at the other node. */
  const visit = (person: Person = ada) => {
    const { id } = redeem(vouch().id);
    return { id, by: scenario.credential(person, id, scenario.away) };
  };
  return { scenario, ada, soon, vouch, redeem, visit };
}

describe("a voucher", () => {
  test("becomes a session at the other node, and is used up by that", () => {
    const { scenario, ada, vouch, redeem } = world();
    const voucher = vouch();
    expect(voucher.code).toBe("applied");
    expect(scenario.forge.credential(voucher.id)).toMatchObject({ kind: "voucher", audience: [scenario.away.id] });
    const visit = redeem(voucher.id);
    expect(visit.code).toBe("applied");
    expect(scenario.forge.storedCredential(voucher.id)).toBeUndefined();
    expect(scenario.forge.vouching(voucher.id)).toBeUndefined();
    const expected = { kind: "visit", account: ada.id, scopes: visitScopes, audience: [scenario.away.id] };
    expect(scenario.forge.credential(visit.id)).toMatchObject(expected);
    expect(scenario.forge.vouching(visit.id)?.vouchedBy).toBe(scenario.home.id);
    expect(tallyOf(scenario.ledger.state, "credentials", ada.id)).toBe(1);
    expect(redeem(voucher.id).code).toBe("credential-not-live");
  });

  test("is taken from the node that it names and from no other", () => {
    const { scenario, vouch, redeem } = world();
    expect(redeem(vouch().id, {}, scenario.home).code).toBe("credential-wrong-node");
    expect(vouch({ node: scenario.home.id }).code).toBe("audience-invalid");
    expect(vouch({ node: nodeIdOf(publicKeyOf(scenario.ledger.newSeed())) }).code).toBe("node-unknown");
  });

  test("is made by a home node, or what manages credentials there; never by a key, and not by a node that is none", () => {
    const { scenario, ada, vouch, visit } = world();
    expect(vouch({}, scenario.root(ada)).code).toBe("delegation-needed");
    expect(vouch({}, scenario.delegated(ada, scenario.away)).code).toBe("delegation-missing");
    expect(vouch({}, scenario.token(ada)).code).toBe("applied");
    expect(vouch({}, scenario.token(ada, ["repo"])).code).toBe("scope-missing");
    expect(vouch({ node: scenario.home.id }, visit().by).code).toBe("scope-missing");
  });

  test("gives no more than its maker has, and nothing that stays with the home nodes", () => {
    const { scenario, ada, vouch } = world();
    const manager = scenario.token(ada, ["admin:credentials", "repo"]);
    expect(vouch({ scopes: scopeSet(["repo"]) }, manager).code).toBe("applied");
    expect(vouch({ scopes: scopeSet(["user"]) }, manager).code).toBe("credential-scope-exceeded");
    for (const scope of ["admin:credentials", "write:public_key", "admin:public_key", "site_admin"] as const)
      expect([scope, vouch({ scopes: scopeBits[scope] }).code]).toEqual([scope, "credential-scope-exceeded"]);
    expect(vouch({ scopes: allScopes }).code).toBe("credential-scope-exceeded");
    expect(vouch({ scopes: 0x8000_0000 }).code).toBe("credential-scope-exceeded");
  });

  test("lives for minutes, the session that it becomes for at most thirty days", () => {
    const { scenario, soon, vouch, redeem } = world();
    expect(vouch({ expiresTime: soon(0) }).code).toBe("expiry-invalid");
    expect(vouch({ expiresTime: soon(voucherLifeMsMax + 1_000) }).code).toBe("applied");
    expect(vouch({ expiresTime: soon(voucherLifeMsMax + 1_001) }).code).toBe("expiry-invalid");
    const { id } = vouch();
    expect(redeem(id, { expiresTime: soon(0) }).code).toBe("expiry-invalid");
    expect(redeem(id, { expiresTime: soon(visitLifeMsMax + 1_001) }).code).toBe("expiry-invalid");
    expect(redeem(id, { expiresTime: soon(visitLifeMsMax + 1_000) }).code).toBe("applied");
    const late = vouch();
    scenario.wait(6 * minuteMs);
    expect(redeem(late.id).code).toBe("credential-not-live");
  });

  test("does nothing but become that session, and nothing else becomes one", () => {
    const { scenario, ada, soon, vouch, redeem } = world();
    const { id } = vouch();
    const by = scenario.credential(ada, id, scenario.away);
    expect(scenario.code("account.update", silentProfile, by)).toBe("scope-missing");
    expect(scenario.code("credential.revoke", { id }, by)).toBe("scope-missing");
    expect(scenario.forge.powers(scenario.forge.credential(id)!)).toBe(0);
    const payload = { id: new Uint8Array(32).fill(1) as Digest, label: "", expiresTime: soon(minuteMs) };
    for (const other of [scenario.root(ada), scenario.token(ada), scenario.delegated(ada)])
      expect(scenario.code("voucher.redeem", payload, other)).toBe("voucher-needed");
    const token = scenario.token(ada);
    expect(redeem(vouch().id, { id: token.id }).code).toBe("credential-taken");
    expect(vouch({ id: token.id }).code).toBe("credential-taken");
  });

  test("answers to the request and the code together", () => {
    const [mine, theirs] = [signInRequestOf(utf8("mine")), signInRequestOf(utf8("theirs"))];
    const ids = [voucherIdOf(mine, utf8("code")), voucherIdOf(theirs, utf8("code")), voucherIdOf(mine, utf8("other"))];
    expect(new Set(ids.map((id) => Buffer.from(id).toString("hex"))).size).toBe(3);
  });
});

describe("a visit", () => {
  test("does at its node what its scopes say, and not what stays with home", () => {
    const { scenario, ada, visit } = world();
    const { by } = visit();
    const repository = scenario.mustApply("repository.create", scenario.repositoryPayload(ada, "r"), by).repository;
    expect(scenario.code("refs.change", scenario.push(repository, [update("main", 0, 1)]), by)).toBe("applied");
    const token = { ...scenario.tokenPayload({ scopes: 0 }), audience: [scenario.away.id] };
    expect(scenario.code("credential.create", token, by)).toBe("scope-missing");
    const blob = sshBlobOf(publicKeyOf(scenario.ledger.newSeed()));
    const key = { blob, title: "", audience: [scenario.away.id], expiresTime: undefined };
    expect(scenario.code("ssh-key.add", key, by)).toBe("scope-missing");
    const node = nodeIdOf(publicKeyOf(scenario.ledger.newSeed()));
    expect(scenario.code("node.admit", { node, name: "n" }, by)).toBe("scope-missing");
    expect(scenario.code("account.update", silentProfile, { ...by, node: scenario.home })).toBe(
      "credential-wrong-node",
    );
  });

  test("is ended by itself and from home, and is not made good at further nodes", () => {
    const { scenario, ada, visit } = world();
    const [one, other] = [visit(), visit()];
    expect(scenario.code("credential.share", { id: one.id, nodes: [scenario.home.id] }, scenario.root(ada))).toBe(
      "not-found",
    );
    expect(scenario.code("credential.revoke", { id: other.id }, one.by)).toBe("scope-missing");
    expect(scenario.code("credential.revoke", { id: one.id }, one.by)).toBe("applied");
    expect(scenario.code("credential.revoke", { id: other.id }, scenario.token(ada))).toBe("applied");
    expect(scenario.code("account.update", silentProfile, other.by)).toBe("credential-not-live");
    expect(scenario.forge.vouching(other.id)).toBeUndefined();
  });

  test("ends with the home node that vouched for it: undelegated by the person", () => {
    const { scenario, ada, visit, vouch, redeem } = world();
    const { id } = visit();
    const voucher = vouch();
    scenario.mustApply("delegation.revoke", { node: scenario.home.id }, scenario.root(ada));
    expect(scenario.forge.storedCredential(id)).toBeUndefined();
    expect(redeem(voucher.id).code).toBe("credential-not-live");
  });

  test("ends when the network removes the node where it is, or the one that vouched, and for ever", () => {
    const { scenario, ada, vouch, redeem } = world();
    const seed = scenario.ledger.newSeed();
    const guest = { id: nodeIdOf(publicKeyOf(seed)), seed };
    const admit = () => scenario.mustApply("node.admit", { node: guest.id, name: "guest" }, scenario.root(ada));
    const remove = () => scenario.mustApply("node.remove", { node: guest.id }, scenario.root(ada));
    const actBy = (id: Digest, node: typeof guest) =>
      scenario.code("account.update", silentProfile, scenario.credential(ada, id, node));

    admit();
    const there = redeem(vouch({ node: guest.id }).id, {}, guest).id;
    expect(actBy(there, guest)).toBe("applied");
    remove();
    admit();
    expect(actBy(there, guest)).toBe("credential-not-live");

    scenario.mustApply("delegation.grant", { node: guest.id }, scenario.root(ada));
    const away = redeem(vouch({}, scenario.delegated(ada, guest)).id).id;
    const unused = vouch({}, scenario.delegated(ada, guest)).id;
    expect(actBy(away, scenario.away)).toBe("applied");
    remove();
    admit();
    expect(actBy(away, scenario.away)).toBe("credential-not-live");
    expect(redeem(unused).code).toBe("credential-not-live");
  });
});
