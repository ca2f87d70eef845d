import { encode, EncodeError, publicKeyOf, sshBlobOf } from "@guts/primitives";
import { describe, expect, test } from "vitest";
import { Scenario } from "../../test/scenario.ts";
import { gpgKeyBytesMax, signingKeysPerAccountMax } from "../limits.ts";
import { gpgKeyAdd } from "./signing-keys.ts";

const packet = (...rest: readonly number[]) => Uint8Array.of(0x99, ...rest);

function world() {
  const scenario = new Scenario();
  const [ada, eve] = [scenario.signUp(), scenario.signUp()];
  const ssh = () => ({ blob: sshBlobOf(publicKeyOf(scenario.ledger.newSeed())), title: "laptop" });
  const titles = (of: typeof ada, type: "ssh" | "gpg") =>
    Array.from(scenario.ledger.forge.signingKeys(of.id, type), ({ title }) => title);
  return { scenario, ada, eve, ssh, titles };
}

describe("keys that sign", () => {
  test("are an account's own, of either type, until it removes them", () => {
    const { scenario, ada, eve, ssh, titles } = world();
    const added = scenario.mustApply("ssh-signing-key.add", ssh(), scenario.root(ada));
    const gpg = scenario.mustApply("gpg-key.add", { key: packet(1), title: "mail" }, scenario.root(ada));
    expect([titles(ada, "ssh"), titles(ada, "gpg"), titles(eve, "ssh")]).toEqual([["laptop"], ["mail"], []]);
    expect(scenario.code("ssh-signing-key.remove", added, scenario.root(eve))).toBe("not-found");
    expect(scenario.code("ssh-signing-key.remove", gpg, scenario.root(ada))).toBe("not-found");
    expect(scenario.code("gpg-key.remove", gpg, scenario.root(ada))).toBe("applied");
    expect(scenario.code("gpg-key.remove", gpg, scenario.root(ada))).toBe("not-found");
    expect(titles(ada, "gpg")).toEqual([]);
  });

  test("are added once by each account, and again after they were removed", () => {
    const { scenario, ada, eve, ssh } = world();
    const key = ssh();
    const { number } = scenario.mustApply("ssh-signing-key.add", key, scenario.root(ada));
    expect(scenario.code("ssh-signing-key.add", key, scenario.root(ada))).toBe("signing-key-taken");
    expect(scenario.code("ssh-signing-key.add", key, scenario.root(eve))).toBe("applied");
    scenario.mustApply("ssh-signing-key.remove", { number }, scenario.root(ada));
    expect(scenario.code("ssh-signing-key.add", key, scenario.root(ada))).toBe("applied");
  });

  test.each<[string, Uint8Array, string]>([
    ["of the old format", packet(1), "applied"],
    ["of the new format", Uint8Array.of(0xc6, 1), "applied"],
    ["a secret key's packet", Uint8Array.of(0xc5, 1), "gpg-key-malformed"],
    ["armored text", new TextEncoder().encode("-----BEGIN PGP PUBLIC KEY BLOCK-----"), "gpg-key-malformed"],
    ["nothing", new Uint8Array(), "gpg-key-malformed"],
    ["as long as may be", packet(...new Uint8Array(gpgKeyBytesMax - 1)), "applied"],
  ])("of OpenPGP begin as keys do: %s", (_what, key, code) => {
    const { scenario, ada } = world();
    expect(scenario.code("gpg-key.add", { key, title: "" }, scenario.root(ada))).toBe(code);
  });

  test("of OpenPGP are no longer than that", () => {
    const key = packet(...new Uint8Array(gpgKeyBytesMax));
    expect(() => encode(gpgKeyAdd.payload, { key, title: "" })).toThrow(EncodeError);
  });

  test("of OpenSSH are strong ones", () => {
    const { scenario, ada } = world();
    const add = (blob: Uint8Array) => scenario.code("ssh-signing-key.add", { blob, title: "" }, scenario.root(ada));
    expect(add(Uint8Array.of(1))).toBe("ssh-key-malformed");
    const named = (name: string) => Uint8Array.of(0, 0, 0, name.length, ...new TextEncoder().encode(name));
    expect(add(named("ssh-dss"))).toBe("ssh-key-weak");
    expect(add(named("ssh-other"))).toBe("ssh-key-unsupported");
  });

  test("are bounded", () => {
    const { scenario, ada } = world();
    for (let count = 0; count < signingKeysPerAccountMax; count++)
      scenario.mustApply("gpg-key.add", { key: packet(count), title: "" }, scenario.root(ada));
    const more = { key: packet(1, 1), title: "" };
    expect(scenario.code("gpg-key.add", more, scenario.root(ada))).toBe("signing-key-limit");
  });
});
