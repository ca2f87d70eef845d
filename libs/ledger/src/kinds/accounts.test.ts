import { describe, expect, test } from "vitest";
import { parseHandle, publicKeyOf, signMessage, zeroDigest, type PrivateSeed, type PublicKey } from "@guts/primitives";
import { branch, Scenario, silentProfile, update, type Person } from "../../test/scenario.ts";
import { contentRefOf } from "../content.ts";
import { handlesPerAccountMax } from "../limits.ts";
import { provePossession, type Possession } from "../possession.ts";
import * as tables from "../tables.ts";
import { tallyOf } from "../tally.ts";
import { readRow } from "../table.ts";
import { invitationBytes } from "./accounts.ts";

const handle = (text: string) => parseHandle(text)!;

describe("account.create", () => {
  test("opens an account with both keys, its handle and the delegation", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp("Ada");
    expect(scenario.forge.findAccount(handle("ADA"))).toMatchObject({
      isFormerName: false,
      found: { id: ada.id, handle: "Ada", status: "active", isAdministrator: "no" },
    });
    const roles = [...scenario.forge.keys(ada.id)].map(({ role }) => role).toSorted();
    expect(roles).toEqual(["device", "root"]);
    expect(scenario.forge.isDelegated(ada.id, scenario.home.id)).toBe(true);
    expect(scenario.last.events).toMatchObject([
      { kind: "account.create", actor: ada.id, scope: { type: "account", id: ada.id } },
    ]);
  });

  test("numbers accounts from 1, without gaps for those that are rejected", () => {
    const scenario = new Scenario();
    const [seed, first] = [scenario.ledger.newSeed(), scenario.signUp("one")];
    expect(scenario.code("account.create", scenario.signUpPayload("ONE", seed), scenario.newcomer(seed))).toBe(
      "handle-taken",
    );
    expect([first.id, scenario.signUp("two").id]).toEqual([1, 2]);
  });

  test("is signed by the root key that the account is to have", () => {
    const scenario = new Scenario();
    const [mine, other] = [scenario.ledger.newSeed(), scenario.ledger.newSeed()];
    const code = scenario.code("account.create", scenario.signUpPayload("ada", mine), scenario.newcomer(other));
    expect(code).toBe("personal-signature-needed");
  });

  test("is not for those who have an account, nor for anything but keys", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const payload = scenario.signUpPayload("second", ada.rootSeed);
    expect(scenario.code("account.create", payload, scenario.root(ada))).toBe("account-budget-spent");
    expect(scenario.code("account.create", payload, { ...scenario.delegated(ada), account: 0 })).toBe("key-not-live");
    expect(scenario.code("account.create", payload, { ...scenario.token(ada), account: 0 })).toBe("key-not-live");
  });

  test("refuses keys that somebody has, one key in both roles, and nodes that nobody knows", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const seed = scenario.ledger.newSeed();
    const payload = scenario.signUpPayload("eve", seed);
    const code = (changes: Partial<typeof payload>, by = seed) =>
      scenario.code("account.create", { ...payload, ...changes }, scenario.newcomer(by));
    expect(code({ rootKey: publicKeyOf(ada.deviceSeed) }, ada.deviceSeed)).toBe("key-taken");
    const device = (deviceSeed = scenario.ledger.newSeed()) => scenario.deviceKey(seed, deviceSeed);
    expect(code({ deviceKey: device(seed) })).toBe("key-taken");
    expect(code({ deviceKey: device(ada.rootSeed) })).toBe("key-taken");
    expect(code({ homeNode: "ab".repeat(32) as never })).toBe("node-unknown");
    expect(code({ deviceKey: { ...device(), key: new Uint8Array(32) as PublicKey } })).toBe("key-unsound");
    expect(code({})).toBe("applied");
  });
});

test("account.create refuses a device key that did not sign for this root key on this network", () => {
  const scenario = new Scenario();
  const [seed, owner, deviceSeed] = [scenario.ledger.newSeed(), scenario.ledger.newSeed(), scenario.ledger.newSeed()];
  const payload = scenario.signUpPayload("eve", seed);
  const code = (possession: Possession) => {
    const deviceKey = { key: publicKeyOf(deviceSeed), label: "hers", possession };
    return scenario.code("account.create", { ...payload, deviceKey }, scenario.newcomer(seed));
  };
  const { networkId } = scenario.ledger;
  const newcomer = (rootSeed: PrivateSeed) => ({ type: "newcomer", rootKey: publicKeyOf(rootSeed) }) as const;
  expect(code(provePossession(seed, networkId, newcomer(seed)))).toBe("key-unproven");
  expect(code(provePossession(deviceSeed, networkId, newcomer(owner)))).toBe("key-unproven");
  expect(code(provePossession(deviceSeed, zeroDigest, newcomer(seed)))).toBe("key-unproven");
  expect(code(provePossession(deviceSeed, networkId, newcomer(seed)))).toBe("applied");
});

describe("registration", () => {
  const keyOf = (scenario: Scenario) => publicKeyOf(scenario.ledger.administratorSeed);

  test("closed is for the administrators of genesis alone", () => {
    const scenario = new Scenario({ registration: "closed" });
    const seed = scenario.ledger.newSeed();
    expect(scenario.code("account.create", scenario.signUpPayload("eve", seed), scenario.newcomer(seed))).toBe(
      "registration-closed",
    );
    expect(scenario.forge.account(scenario.administrator().id)).toMatchObject({ isAdministrator: "yes" });
    expect(scenario.forge.network().administrators).toEqual([new Uint8Array(keyOf(scenario))]);
  });

  test("by invitation takes one account for each invitation, for the handle and key that it signed", () => {
    const scenario = new Scenario({ registration: "invite" });
    const founder = scenario.administrator();
    const [invitationSeed, seed, other] = [1, 2, 3].map(() => scenario.ledger.newSeed()) as [never, never, never];
    const key = publicKeyOf(invitationSeed);
    const expiresTime = (scenario.ledger.tip.time + 60_000) as never;
    scenario.mustApply("network-invitation.create", { key, expiresTime }, scenario.root(founder));
    const code = (text: string, rootSeed: typeof seed, signedText = text, signedSeed = rootSeed) => {
      const message = invitationBytes(scenario.ledger.networkId, handle(signedText), publicKeyOf(signedSeed));
      const invitation = { key, signature: signMessage(invitationSeed, message) };
      return scenario.code(
        "account.create",
        { ...scenario.signUpPayload(text, rootSeed), invitation },
        scenario.newcomer(rootSeed),
      );
    };
    expect(scenario.code("account.create", scenario.signUpPayload("ada", seed), scenario.newcomer(seed))).toBe(
      "invitation-needed",
    );
    expect(code("ada", seed, "eve")).toBe("invitation-needed");
    expect(code("ada", seed, "ada", other)).toBe("invitation-needed");
    expect(code("founder", seed)).toBe("handle-taken"); // The invitation is still there:
    expect(code("ada", seed)).toBe("applied");
    expect(code("bob", other)).toBe("invitation-needed");
  });

  test("by invitation refuses an invitation at its expiry", () => {
    const scenario = new Scenario({ registration: "invite" });
    const founder = scenario.administrator();
    const [invitationSeed, seed] = [scenario.ledger.newSeed(), scenario.ledger.newSeed()];
    const key = publicKeyOf(invitationSeed);
    scenario.mustApply(
      "network-invitation.create",
      { key, expiresTime: (scenario.ledger.tip.time + 5_000) as never },
      scenario.root(founder),
    );
    const message = invitationBytes(scenario.ledger.networkId, handle("ada"), publicKeyOf(seed));
    const payload = {
      ...scenario.signUpPayload("ada", seed),
      invitation: { key, signature: signMessage(invitationSeed, message) },
    };
    expect(scenario.code("account.create", payload, scenario.newcomer(seed), { stepMs: 4_000 })).toBe(
      "invitation-needed",
    );
  });
});

describe("account.update", () => {
  test("sets, keeps and clears fields", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const [bio, location] = [scenario.ledger.offerText("writes notes"), scenario.ledger.offerText("London")];
    scenario.mustApply(
      "account.update",
      { ...silentProfile, bio: { value: bio }, location: { value: location } },
      scenario.root(ada),
    );
    scenario.mustApply("account.update", { ...silentProfile, bio: { value: undefined } }, scenario.device(ada));
    expect(scenario.forge.account(ada.id)).toMatchObject({ bio: undefined, location, displayName: undefined });
  });

  test("refuses a text that somebody has used, also twice in one transaction", () => {
    const scenario = new Scenario();
    const [ada, eve] = [scenario.signUp(), scenario.signUp()];
    const value = { value: scenario.ledger.offerText("mine") };
    const contents = new Map(scenario.ledger.offered);
    const twice = { ...silentProfile, bio: value, location: value };
    expect(scenario.code("account.update", twice, scenario.root(ada), { contents })).toBe("content-taken");
    const once = { ...silentProfile, bio: value };
    expect(scenario.code("account.update", once, scenario.root(ada), { contents })).toBe("applied");
    expect(scenario.code("account.update", once, scenario.root(eve), { contents })).toBe("content-taken");
    expect(readRow(scenario.ledger.state, tables.contentTable, value.value.digest)?.account).toBe(ada.id);
    expect(value.value).toEqual(contentRefOf([...contents.values()][0]!));
  });
});

describe("account.rename", () => {
  const rename = (scenario: Scenario, person: Person, text: string) =>
    scenario.code("account.rename", { handle: handle(text) }, scenario.root(person));

  test("keeps the former handle as a redirect of this account alone", () => {
    const scenario = new Scenario();
    const [ada, eve] = [scenario.signUp("ada"), scenario.signUp("eve")];
    expect(rename(scenario, ada, "lovelace")).toBe("applied");
    expect(scenario.forge.findAccount(handle("ada"))).toMatchObject({ isFormerName: true, found: { id: ada.id } });
    expect(rename(scenario, eve, "ADA")).toBe("handle-taken");
    expect(rename(scenario, ada, "ada")).toBe("applied");
    expect(scenario.forge.findAccount(handle("ada"))).toMatchObject({ isFormerName: false });
    expect(tallyOf(scenario.ledger.state, "handles", ada.id)).toBe(2);
  });

  test("changes the case of a handle, but not into itself", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp("ada");
    expect(rename(scenario, ada, "ada")).toBe("already-so");
    expect(rename(scenario, ada, "ADA")).toBe("applied");
    expect(scenario.forge.findAccount(handle("ada"))).toMatchObject({ isFormerName: false, found: { handle: "ADA" } });
    expect(tallyOf(scenario.ledger.state, "handles", ada.id)).toBe(1);
  });

  test("ends at the limit of handles, not before", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp("ada-1");
    for (let count = 2; count <= handlesPerAccountMax; count++)
      expect(rename(scenario, ada, `ada-${count}`)).toBe("applied");
    expect(rename(scenario, ada, "one-more")).toBe("handle-limit");
    expect(rename(scenario, ada, "ada-1")).toBe("applied");
  });
});

describe("account.close", () => {
  test("ends keys, credentials, delegations and collaborations, and keeps the handle", () => {
    const scenario = new Scenario();
    const [ada, bob] = [scenario.signUp("ada"), scenario.signUp("bob")];
    const repository = scenario.repository(bob);
    scenario.collaborator(bob, repository, ada, "write");
    const token = scenario.token(ada);
    scenario.mustApply("account.close", {}, scenario.root(ada));
    const { state } = scenario.ledger;
    expect([...scenario.forge.credentials(ada.id), ...scenario.forge.delegations(ada.id)]).toEqual([]);
    expect([...scenario.forge.keys(ada.id)].every(({ revokedHeight }) => revokedHeight !== undefined)).toBe(true);
    expect(scenario.forge.collaboratorRole(repository, ada.id)).toBeUndefined();
    const tallies = ["credentials", "delegations", "collaborations"] as const;
    expect(tallies.map((of) => tallyOf(state, of, ada.id))).toEqual([0, 0, 0]);
    expect(tallyOf(state, "members", repository)).toBe(0);
    for (const by of [scenario.root(ada), scenario.device(ada), scenario.delegated(ada), token]) {
      expect(scenario.code("repository.create", scenario.repositoryPayload(ada, "x"), by)).toBe("account-not-active");
    }
    const seed = scenario.ledger.newSeed();
    expect(scenario.code("account.create", scenario.signUpPayload("ADA", seed), scenario.newcomer(seed))).toBe(
      "handle-taken",
    );
    expect(
      scenario.code("account.create", scenario.signUpPayload("ada-2", ada.rootSeed), scenario.newcomer(ada.rootSeed)),
    ).toBe("key-taken");
  });

  test("waits until the account owns no repository", () => {
    const scenario = new Scenario();
    const [ada, bob] = [scenario.signUp(), scenario.signUp()];
    const [kept, given] = [scenario.repository(ada), scenario.repository(ada)];
    const close = () => scenario.code("account.close", {}, scenario.root(ada));
    expect(close()).toBe("account-owns-repositories");
    scenario.mustApply("repository.delete", { repository: kept }, scenario.root(ada));
    expect(close()).toBe("account-owns-repositories");
    scenario.mustApply(
      "repository.transfer",
      { repository: given, to: bob.id, newName: undefined },
      scenario.root(ada),
    );
    scenario.mustApply("transfer.accept", { repository: given }, scenario.root(bob));
    expect(close()).toBe("applied");
  });

  test("leaves what others do with an account that is no more", () => {
    const scenario = new Scenario();
    const [ada, bob] = [scenario.signUp(), scenario.signUp()];
    const repository = scenario.repository(bob);
    scenario.mustApply("refs.change", scenario.push(repository, [update("main", 0, 1)]), scenario.root(bob));
    scenario.mustApply("account.close", {}, scenario.root(ada));
    const invite = { repository, account: ada.id, role: "read" } as const;
    expect(scenario.code("collaborator.invite", invite, scenario.root(bob))).toBe("account-unknown");
    const transfer = { repository, to: ada.id, newName: undefined };
    expect(scenario.code("repository.transfer", transfer, scenario.root(bob))).toBe("account-unknown");
    expect(scenario.forge.ref(repository, branch("main"))).toBeDefined();
  });
});
