import { expect, test } from "vitest";
import { publicKeyOf, type PublicKey, type TimeMs } from "@guts/primitives";
import { Scenario } from "../../test/scenario.ts";
import { networkInvitationLifeMsMax } from "../limits.ts";

test("network invitations are made by administrators, once each, for a bounded time", () => {
  const scenario = new Scenario();
  const [founder, ada] = [scenario.administrator(), scenario.signUp()];
  const key = publicKeyOf(scenario.ledger.newSeed());
  const invite = (lifeMs: number, by = scenario.root(founder), of = key) => {
    const expiresTime = (scenario.ledger.tip.time + 1_000 + lifeMs) as TimeMs;
    return scenario.code("network-invitation.create", { key: of, expiresTime }, by);
  };
  expect(invite(60_000, scenario.root(ada))).toBe("forbidden");
  expect(invite(60_000, scenario.token(founder, ["repo"]))).toBe("scope-missing");
  expect(invite(60_000, scenario.delegated(founder))).toBe("personal-signature-needed");
  expect(invite(60_000, scenario.root(founder), new Uint8Array(32) as PublicKey)).toBe("key-unsound");
  expect(invite(0)).toBe("expiry-invalid");
  expect(invite(networkInvitationLifeMsMax + 1)).toBe("expiry-invalid");
  expect(invite(networkInvitationLifeMsMax, scenario.token(founder))).toBe("applied");
  expect(scenario.last.events[0]?.scope).toEqual({ type: "network", id: 0 });
  expect(invite(60_000)).toBe("invitation-exists");
  scenario.wait(networkInvitationLifeMsMax);
  expect(invite(60_000)).toBe("applied");
});
