import { describe, expect, test } from "vitest";
import { parseHandle, publicKeyOf, signMessage, type PrivateSeed, type PublicKey, type TimeMs } from "@guts/primitives";
import { Scenario } from "../../test/scenario.ts";
import { networkInvitationLifeMsMax, networkInvitationsMax, networkInvitationUsesMax } from "../limits.ts";
import { addToTally, tallyOf } from "../tally.ts";
import { invitationBytes } from "./accounts.ts";

const hourMs = 3_600_000;

/** A sign-up by an invitation. */
function join(scenario: Scenario, invitation: PrivateSeed, handle: string) {
  const seed = scenario.ledger.newSeed();
  const message = invitationBytes(scenario.ledger.networkId, parseHandle(handle)!, publicKeyOf(seed));
  const shown = { key: publicKeyOf(invitation), signature: signMessage(invitation, message) };
  const payload = { ...scenario.signUpPayload(handle, seed), invitation: shown };
  return scenario.code("account.create", payload, scenario.newcomer(seed));
}

function offerOf(scenario: Scenario, key: PublicKey, changes: object = {}) {
  const expiresTime = (scenario.ledger.tip.time + hourMs) as TimeMs;
  return { key, expiresTime, uses: 1, isForClosed: false, reason: undefined, ...changes };
}

describe("an invitation of several uses", () => {
  test("opens so many accounts, then none, and leaves nothing behind", () => {
    const scenario = new Scenario({ registration: "invite" });
    const founder = scenario.administrator();
    const seed = scenario.ledger.newSeed();
    const key = publicKeyOf(seed);
    const reason = scenario.ledger.offerText("the harbour's crew");
    scenario.mustApply("network-invitation.offer", offerOf(scenario, key, { uses: 2, reason }), scenario.root(founder));
    expect(scenario.last.events[0]?.scope).toEqual({ type: "network", id: 0 });
    expect(scenario.forge.networkInvitationOffer(key)).toMatchObject({ usesLeft: 2, invitedBy: founder.id });
    expect(join(scenario, seed, "founder")).toBe("handle-taken"); // A sign-up that fails uses nothing up.
    expect([1, 2, 3].map((number) => join(scenario, seed, `crew-${number}`))).toEqual([
      "applied",
      "applied",
      "invitation-needed",
    ]);
    expect(scenario.forge.networkInvitationOffer(key)).toBeUndefined();
    expect(tallyOf(scenario.ledger.state, "networkInvitations", 0)).toBe(0);
  });

  test("is good until it expires, and is gone with the next block", () => {
    const scenario = new Scenario({ registration: "invite" });
    const founder = scenario.administrator();
    const [seed, late] = [scenario.ledger.newSeed(), scenario.ledger.newSeed()];
    const offer = offerOf(scenario, publicKeyOf(seed));
    scenario.mustApply("network-invitation.offer", offer, scenario.root(founder));
    scenario.wait(hourMs);
    expect(join(scenario, seed, "late")).toBe("invitation-needed");
    expect(tallyOf(scenario.ledger.state, "networkInvitations", 0)).toBe(0);
    expect(join(scenario, late, "later")).toBe("invitation-needed");
  });

  test("is good while registration is closed only when it says so", () => {
    const scenario = new Scenario({ registration: "closed" });
    const founder = scenario.administrator();
    const [usual, strong] = [scenario.ledger.newSeed(), scenario.ledger.newSeed()];
    for (const [seed, isForClosed] of [
      [usual, false],
      [strong, true],
    ] as const)
      scenario.mustApply(
        "network-invitation.offer",
        offerOf(scenario, publicKeyOf(seed), { isForClosed }),
        scenario.root(founder),
      );
    expect(join(scenario, usual, "eve")).toBe("registration-closed");
    expect(join(scenario, strong, "ada")).toBe("applied");
  });

  test("is made by administrators, of a free and sound key, within bounds", () => {
    const scenario = new Scenario();
    const [founder, ada] = [scenario.administrator(), scenario.signUp()];
    const key = publicKeyOf(scenario.ledger.newSeed());
    const offer = (changes: object = {}, by = scenario.root(founder)) =>
      scenario.code("network-invitation.offer", offerOf(scenario, key, changes), by);
    expect(offer({}, scenario.root(ada))).toBe("forbidden");
    expect(offer({}, scenario.token(founder, ["admin:credentials"]))).toBe("scope-missing");
    expect(offer({ expiresTime: scenario.ledger.tip.time })).toBe("expiry-invalid");
    const tooLate = scenario.ledger.tip.time + networkInvitationLifeMsMax + hourMs;
    expect(offer({ expiresTime: tooLate })).toBe("expiry-invalid");
    expect(offer({ uses: 0 })).toBe("invitation-uses-invalid");
    expect(offer({ uses: networkInvitationUsesMax + 1 })).toBe("invitation-uses-invalid");
    expect(offer({ key: new Uint8Array(32) as PublicKey })).toBe("key-unsound");
    expect(offer({ uses: networkInvitationUsesMax })).toBe("applied");
    expect(offer()).toBe("invitation-exists");
    const single = { key, expiresTime: (scenario.ledger.tip.time + hourMs) as TimeMs };
    const earlier = { ...single, key: publicKeyOf(scenario.ledger.newSeed()) };
    scenario.mustApply("network-invitation.create", earlier, scenario.root(founder));
    expect(offer({ key: earlier.key })).toBe("invitation-exists");
  });

  test("is one of so many", () => {
    const scenario = new Scenario();
    const founder = scenario.administrator();
    scenario.arrange((state) => {
      for (let count = 1; count < networkInvitationsMax; count++) addToTally(state, "networkInvitations", 0, 1);
    });
    const offer = () =>
      scenario.code(
        "network-invitation.offer",
        offerOf(scenario, publicKeyOf(scenario.ledger.newSeed())),
        scenario.root(founder),
      );
    expect([offer(), offer()]).toEqual(["applied", "invitation-limit"]);
  });

  test("is taken back by administrators, of either kind", () => {
    const scenario = new Scenario({ registration: "invite" });
    const founder = scenario.administrator();
    const [seed, singleSeed] = [scenario.ledger.newSeed(), scenario.ledger.newSeed()];
    const [key, single] = [publicKeyOf(seed), publicKeyOf(singleSeed)];
    scenario.mustApply("network-invitation.offer", offerOf(scenario, key), scenario.root(founder));
    const expiresTime = (scenario.ledger.tip.time + hourMs) as TimeMs;
    scenario.mustApply("network-invitation.create", { key: single, expiresTime }, scenario.root(founder));
    const guest = scenario.ledger.newSeed();
    scenario.mustApply("network-invitation.offer", offerOf(scenario, publicKeyOf(guest)), scenario.root(founder));
    expect(join(scenario, guest, "ada")).toBe("applied");
    const revoke = (of: PublicKey) =>
      scenario.code("network-invitation.revoke", { key: of, reason: undefined }, scenario.root(founder));
    expect([revoke(key), revoke(single), revoke(key), revoke(single)]).toEqual([
      "applied",
      "applied",
      "not-found",
      "not-found",
    ]);
    expect(join(scenario, seed, "eve")).toBe("invitation-needed");
    expect(join(scenario, singleSeed, "eve")).toBe("invitation-needed");
  });
});

test("registration is switched by administrators, to another rule than there is", () => {
  const scenario = new Scenario();
  const [founder, ada] = [scenario.administrator(), scenario.signUp()];
  const set = (registration: "open" | "invite" | "closed", by = scenario.root(founder)) =>
    scenario.code("registration.set", { registration, reason: undefined }, by);
  expect(set("closed", scenario.root(ada))).toBe("forbidden");
  expect(set("open")).toBe("already-so");
  const signUp = (handle: string) => {
    const seed = scenario.ledger.newSeed();
    return scenario.code("account.create", scenario.signUpPayload(handle, seed), scenario.newcomer(seed));
  };
  expect([set("closed"), signUp("eve")]).toEqual(["applied", "registration-closed"]);
  expect([set("invite"), signUp("eve")]).toEqual(["applied", "invitation-needed"]);
  expect([set("open"), signUp("eve")]).toEqual(["applied", "applied"]);
  expect(scenario.forge.network().administrators).toHaveLength(1);
});

test("invitations and the rule need an administrator, also to be taken back", () => {
  const scenario = new Scenario();
  const ada = scenario.signUp();
  const key = publicKeyOf(scenario.ledger.newSeed());
  expect(scenario.code("network-invitation.revoke", { key, reason: undefined }, scenario.root(ada))).toBe("forbidden");
});
