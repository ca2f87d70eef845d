import { plainProtection } from "@guts/governance";
import { publicKeyOf, sshBlobOf, type Digest } from "@guts/primitives";
import { describe, expect, test } from "vitest";
import { branch, objectId, Scenario, update, type By } from "../test/scenario.ts";

/** Ada has a key that signs commits and nothing else. */
function world() {
  const scenario = new Scenario();
  const [ada, bob] = [scenario.signUp("ada"), scenario.signUp("bob")];
  const repository = scenario.repository(ada, "engine");
  const seed = scenario.ledger.newSeed();
  const blob = sshBlobOf(publicKeyOf(seed));
  const { number } = scenario.mustApply("ssh-signing-key.add", { blob, title: "" }, scenario.root(ada));
  const signed = (id = 1, name = "main") => scenario.signedPush(ada, repository, [update(name, 0, id)], { seed });
  const by = (token: { readonly id: Digest }, signedBy = signed().by) => scenario.countersigned(signedBy, token);
  const code = (who: By) => scenario.code("refs.change", signed().payload, who);
  return { scenario, ada, bob, repository, seed, blob, number, signed, by, code };
}

describe("a push that a key signed which signs commits", () => {
  test("is made with the powers of a credential, and with no more than those", () => {
    const { scenario, ada, repository, code, by } = world();
    expect(code(by(scenario.token(ada, ["admin:ssh_signing_key"])))).toBe("scope-missing");
    expect(code(by(scenario.token(ada, ["repo"])))).toBe("applied");
    expect(scenario.forge.ref(repository, branch("main"))).toBe(objectId(1));
  });

  test("is nothing by the signature alone, or with a credential that is not good here", () => {
    const { scenario, ada, bob, signed, by, code } = world();
    expect(code(signed().by)).toBe("key-not-live");
    expect(code(by(scenario.token(bob)))).toBe("credential-not-live");
    const token = scenario.token(ada);
    expect(code({ ...by(token), node: scenario.away })).toBe("credential-wrong-node");
    scenario.mustApply("credential.revoke", { id: token.id }, scenario.root(ada));
    expect(code(by(token))).toBe("credential-not-live");
  });

  test("is none once the key was removed, and none of whoever has the same key", () => {
    const { scenario, ada, bob, blob, number, by, code, signed } = world();
    scenario.mustApply("ssh-signing-key.add", { blob, title: "" }, scenario.root(bob));
    const theirs = { ...by(scenario.token(bob), { ...signed().by, account: bob.id }), account: bob.id };
    expect(code(theirs)).toBe("forbidden");
    scenario.mustApply("ssh-signing-key.remove", { number }, scenario.root(ada));
    expect(code(by(scenario.token(ada)))).toBe("key-not-live");
  });

  test("is not the account's own word: who added the key, a node may have said", () => {
    const { scenario, ada, repository, by, code } = world();
    const rule = { target: "branch", pattern: "main" } as const;
    const settings = { ...plainProtection, requiresSignedPush: true, includesAdministrators: true };
    scenario.mustApply("protection.set", { repository, rule, settings, reason: "" }, scenario.root(ada));
    expect(code(by(scenario.token(ada)))).toBe("ref-protected");
  });

  test("says exactly what is pushed, once", () => {
    const { scenario, ada, signed, by, code } = world();
    const token = scenario.token(ada);
    const first = by(token);
    expect(scenario.code("refs.change", signed(2).payload, first)).toBe("push-certificate-mismatch");
    expect(scenario.code("refs.change", signed(1, "topic").payload, first)).toBe("push-certificate-mismatch");
    const { payload } = signed();
    expect(scenario.code("refs.change", payload, first)).toBe("applied");
    expect(scenario.code("refs.change", payload, first)).toBe("already-applied");
    expect(code(first)).toBe("key-reused");
  });
});

test("a key that authorizes pushes by itself is not weakened by a credential beside it", () => {
  const { scenario, ada, repository } = world();
  for (const seed of [ada.deviceSeed, ada.rootSeed]) {
    const { payload, by } = scenario.signedPush(ada, repository, [update("main", 0, 1)], { seed });
    const weakened = scenario.countersigned(by, scenario.token(ada, []));
    expect(scenario.code("refs.change", payload, weakened)).toBe("key-not-live");
  }
});
