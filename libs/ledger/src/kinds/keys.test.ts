import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Point } from "@noble/ed25519";
import {
  publicKeyOf,
  zeroDigest,
  type AccountId,
  type PrivateSeed,
  type PublicKey,
  type Signature,
} from "@guts/primitives";
import { Scenario } from "../../test/scenario.ts";
import { keysPerAccountMax } from "../limits.ts";
import { possessionBytes, possessionNamespace, provePossession, type Possession } from "../possession.ts";
import { addToTally } from "../tally.ts";

/** A key that signed for its account. */
function added(scenario: Scenario, account: AccountId, seed: PrivateSeed, role: "root" | "device" = "device") {
  const possession = provePossession(seed, scenario.ledger.networkId, { type: "account", account });
  return { key: publicKeyOf(seed), role, label: "new", possession } as const;
}

describe("key.add", () => {
  test("lets the key act from the next transaction on", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const seed = scenario.ledger.newSeed();
    const by = { ...scenario.root(ada), signer: { type: "key", seed } } as const;
    expect(scenario.code("repository.create", scenario.repositoryPayload(ada, "early"), by)).toBe("key-not-live");
    scenario.mustApply("key.add", added(scenario, ada.id, seed), scenario.root(ada));
    expect(scenario.code("repository.create", scenario.repositoryPayload(ada, "later"), by)).toBe("applied");
  });

  test("of a second root key lets it add keys too, a device key not", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const [second, third] = [scenario.ledger.newSeed(), scenario.ledger.newSeed()];
    scenario.mustApply("key.add", added(scenario, ada.id, second, "root"), scenario.root(ada));
    const bySecond = { ...scenario.root(ada), signer: { type: "key", seed: second } } as const;
    expect(scenario.code("key.add", added(scenario, ada.id, third), bySecond)).toBe("applied");
    const byThird = { ...bySecond, signer: { type: "key", seed: third } } as const;
    const another = scenario.ledger.newSeed();
    expect(scenario.code("key.add", added(scenario, ada.id, another), byThird)).toBe("personal-signature-needed");
  });

  test("refuses a key that any account has or had", () => {
    const scenario = new Scenario();
    const [ada, eve] = [scenario.signUp(), scenario.signUp()];
    const key = publicKeyOf(ada.deviceSeed);
    expect(scenario.code("key.add", added(scenario, eve.id, ada.deviceSeed), scenario.root(eve))).toBe("key-taken");
    scenario.mustApply("key.revoke", { key }, scenario.root(ada));
    expect(scenario.code("key.add", added(scenario, eve.id, ada.deviceSeed), scenario.root(eve))).toBe("key-taken");
    expect(scenario.code("key.add", added(scenario, ada.id, ada.deviceSeed), scenario.root(ada))).toBe("key-taken");
  });

  test("refuses odd keys: the identity, small order, torsion, other encodings, no point", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const order4 = new Uint8Array(32);
    const torsioned = Point.fromBytes(publicKeyOf(ada.rootSeed)).add(Point.fromBytes(order4, true)).toBytes();
    const identity = Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? 1 : 0));
    const uncanonical = Uint8Array.from({ length: 32 }, (_, index) =>
      index === 0 ? 0xf0 : index === 31 ? 0x7f : 0xff,
    );
    const noPoint = Uint8Array.from({ length: 32 }, (_, index) => (index === 0 ? 2 : 0));
    for (const key of [identity, order4, torsioned, uncanonical, noPoint]) {
      const payload = { ...added(scenario, ada.id, ada.deviceSeed), key: key as PublicKey };
      expect(scenario.code("key.add", payload, scenario.root(ada))).toBe("key-unsound");
    }
  });

  test("ends at the limit of keys, revoked ones included", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    scenario.arrange((state) => {
      for (let count = 2; count < keysPerAccountMax - 1; count++) addToTally(state, "keys", ada.id, 1);
    });
    const fresh = () => added(scenario, ada.id, scenario.ledger.newSeed());
    expect(scenario.code("key.add", fresh(), scenario.root(ada))).toBe("applied");
    expect(scenario.code("key.add", fresh(), scenario.root(ada))).toBe("key-limit");
    scenario.mustApply("key.revoke", { key: publicKeyOf(ada.deviceSeed) }, scenario.root(ada));
    expect(scenario.code("key.add", fresh(), scenario.root(ada))).toBe("key-limit");
  });
});

describe("a key that is added", () => {
  const scenario = new Scenario();
  const [ada, eve] = [scenario.signUp(), scenario.signUp()];
  const { networkId } = scenario.ledger;
  const seed = scenario.ledger.newSeed();
  const key = publicKeyOf(seed);
  const code = (possession: Possession, payloadKey = key) =>
    scenario.code("key.add", { key: payloadKey, role: "device", label: "new", possession }, scenario.root(ada));

  test.each([
    ["by another key", provePossession(ada.rootSeed, networkId, { type: "account", account: ada.id })],
    ["for another account", provePossession(seed, networkId, { type: "account", account: eve.id })],
    ["for another network", provePossession(seed, zeroDigest, { type: "account", account: ada.id })],
    ["for an account to come", provePossession(seed, networkId, { type: "newcomer", rootKey: key })],
    ["in the other form", { ...provePossession(seed, networkId, { type: "account", account: ada.id }), type: "ssh" }],
  ] as const)("has to sign for it, not %s", (_what, possession) => {
    expect(code(possession)).toBe("key-unproven");
  });

  test("may sign with ssh-keygen, and stays free for its owner until it does", () => {
    const folder = mkdtempSync(join(tmpdir(), "guts-ssh-"));
    const message = possessionBytes(networkId, { type: "account", account: ada.id });
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", join(folder, "key")]);
    const sign = (namespace: string) => {
      const args = ["-q", "-Y", "sign", "-f", join(folder, "key"), "-n", namespace];
      const armored = execFileSync("ssh-keygen", args, { input: message, encoding: "utf8", stdio: "pipe" });
      const blob = Buffer.from(armored.replaceAll(/-----[^-]+-----|\s/g, ""), "base64");
      return { type: "ssh", signature: Uint8Array.from(blob.subarray(-64)) as Signature } as const;
    };
    const line = readFileSync(join(folder, "key.pub"), "utf8").split(" ")[1]!;
    const sshKey = Uint8Array.from(Buffer.from(line, "base64").subarray(-32)) as PublicKey;
    expect(code(sign("git"), sshKey)).toBe("key-unproven");
    expect(code(sign(possessionNamespace), sshKey)).toBe("applied");
    rmSync(folder, { recursive: true });
  });
});

describe("key.revoke", () => {
  test("ends the key at that height, for what follows in the same block too", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const key = publicKeyOf(ada.deviceSeed);
    const create = (name: string) =>
      scenario.commandOf("repository.create", scenario.repositoryPayload(ada, name), scenario.device(ada));
    const block = scenario.ledger.appendBlock(1_000, [
      create("before"),
      scenario.commandOf("key.revoke", { key }, scenario.root(ada)),
      create("after"),
    ]);
    expect(block.events.map(({ kind }) => kind)).toEqual(["repository.create", "key.revoke"]);
    expect(scenario.forge.keyOwner(key)).toMatchObject({
      account: ada.id,
      key: { revokedHeight: block.header.height },
    });
    expect(scenario.code("repository.create", scenario.repositoryPayload(ada, "x"), scenario.device(ada))).toBe(
      "key-not-live",
    );
  });

  test("refuses the last root key, keys that are revoked, and keys of others", () => {
    const scenario = new Scenario();
    const [ada, eve] = [scenario.signUp(), scenario.signUp()];
    const revoke = (seed: typeof ada.rootSeed, by = scenario.root(ada)) =>
      scenario.code("key.revoke", { key: publicKeyOf(seed) }, by);
    expect(revoke(ada.rootSeed)).toBe("last-root-key");
    expect(revoke(eve.deviceSeed)).toBe("not-found");
    expect(revoke(ada.deviceSeed, scenario.device(ada))).toBe("personal-signature-needed");
    expect(revoke(ada.deviceSeed)).toBe("applied");
    expect(revoke(ada.deviceSeed)).toBe("already-so");
    const second = scenario.ledger.newSeed();
    scenario.mustApply("key.add", added(scenario, ada.id, second, "root"), scenario.root(ada));
    expect(revoke(ada.rootSeed)).toBe("applied");
    expect(revoke(second, { ...scenario.root(ada), signer: { type: "key", seed: second } })).toBe("last-root-key");
  });
});
