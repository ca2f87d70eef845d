import { describe, expect, test } from "vitest";
import type { Scope } from "@guts/governance";
import { concatBytes, utf8, type AccountId } from "@guts/primitives";
import { gradientPng } from "@guts/testing";
import { Scenario, fullerProfile, type Person } from "../../test/scenario.ts";
import { avatarBytesMax, avatarSideMax } from "../limits.ts";

describe("profile.change", () => {
  test("sets, keeps and clears what the account's row has and what it has not", () => {
    const scenario = new Scenario();
    const ada = scenario.signUp();
    const offer = (text: string) => scenario.ledger.offerText(text);
    const [bio, company] = [offer("writes notes"), offer("Analytical Engines")];
    const first = { ...fullerProfile, bio: { value: bio }, company: { value: company }, hireable: { value: false } };
    scenario.mustApply("profile.change", first, scenario.root(ada));
    const twitterUsername = offer("ada");
    const second = { ...fullerProfile, bio: { value: undefined }, twitterUsername: { value: twitterUsername } };
    scenario.mustApply("profile.change", second, scenario.device(ada));
    expect(scenario.forge.account(ada.id)).toMatchObject({ bio: undefined, location: undefined });
    expect(scenario.forge.profile(ada.id)).toEqual({ company, twitterUsername, hireable: false });
    scenario.mustApply("profile.change", { ...fullerProfile, hireable: { value: undefined } }, scenario.root(ada));
    expect(scenario.forge.profile(ada.id)).toEqual({ company, twitterUsername, hireable: undefined });
  });
});

function cast() {
  const scenario = new Scenario();
  const [ada, bob] = [scenario.signUp(), scenario.signUp()];
  const set = (person: Person, account: AccountId, picture?: Uint8Array, format: "png" | "webp" = "png") =>
    scenario.code(
      "avatar.set",
      { account, avatar: picture && { format, image: scenario.ledger.offer(picture) } },
      scenario.root(person),
    );
  const formatOf = (account: AccountId) => scenario.forge.account(account)?.avatar?.format;
  return { scenario, ada, bob, set, formatOf };
}

describe("avatar.set", () => {
  test("gives a picture, replaces it, and takes it away once", () => {
    const { ada, set, formatOf } = cast();
    expect([set(ada, ada.id, gradientPng(8)), set(ada, ada.id, gradientPng(9))]).toEqual(["applied", "applied"]);
    expect(formatOf(ada.id)).toBe("png");
    expect([set(ada, ada.id), set(ada, ada.id)]).toEqual(["applied", "already-so"]);
    expect(formatOf(ada.id)).toBeUndefined();
  });

  test("is for oneself and for organizations that one owns", () => {
    const { scenario, ada, bob, set, formatOf } = cast();
    const crew = scenario.organization(bob);
    const picture = gradientPng(4);
    expect([set(ada, bob.id, picture), set(ada, crew, picture), set(bob, crew, picture)]).toEqual([
      "not-found",
      "forbidden",
      "applied",
    ]);
    expect([formatOf(bob.id), formatOf(crew)]).toEqual([undefined, "png"]);
  });

  test("asks a credential for the scope that writes a profile", () => {
    const { scenario, ada } = cast();
    const outcome = (scopes: readonly Scope[]) =>
      scenario.code("avatar.set", { account: ada.id, avatar: undefined }, scenario.token(ada, scopes));
    expect([outcome(["repo"]), outcome(["user"])]).toEqual(["scope-missing", "already-so"]);
  });

  test.each([
    ["a text", utf8("<svg xmlns='http://www.w3.org/2000/svg'></svg>"), "png"],
    ["a picture of another format", gradientPng(4), "webp"],
    ["one whose side is too long", gradientPng(avatarSideMax + 1), "png"],
    ["too many bytes", concatBytes(gradientPng(4), new Uint8Array(avatarBytesMax)), "png"],
  ] as const)("keeps %s out of every block", (_, picture, format) => {
    const { ada, set } = cast();
    expect(set(ada, ada.id, picture, format)).toBe("content-inadmissible");
  });

  test("takes the longest side and the most bytes that are allowed", () => {
    const { ada, set } = cast();
    const picture = gradientPng(avatarSideMax);
    const padding = new Uint8Array(avatarBytesMax - picture.length);
    expect(set(ada, ada.id, concatBytes(picture, padding))).toBe("applied");
  });

  test("shows no picture that was redacted", () => {
    const { scenario, ada, set, formatOf } = cast();
    set(ada, ada.id, gradientPng(8));
    const { digest } = scenario.forge.account(ada.id)!.avatar!.image;
    scenario.mustApply("content.redact", { digests: [digest], reason: "not me" }, scenario.root(ada));
    expect(formatOf(ada.id)).toBeUndefined();
  });
});
