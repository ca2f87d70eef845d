import { describe, expect, test } from "vitest";

import { requestLimits } from "../limits.ts";
import { createRateLimiter, rateResourceOf } from "./rate-limiter.ts";

const limits = { ...requestLimits, accountRequestsPerHour: 3, addressRequestsPerHour: 2, writesPerMinute: 2 };
const ada = { account: 7, address: "10.0.0.1" };
const visitor = { account: undefined, address: "10.0.0.1" };
const startMs = 1_700_000_000_500;

function limiterAt(): { limiter: ReturnType<typeof createRateLimiter>; clock: { now: number } } {
  const clock = { now: startMs };
  return { clock, limiter: createRateLimiter(limits, () => clock.now) };
}

describe("a rate limiter", () => {
  test("counts down, stops, and begins anew when the window ends", () => {
    const { limiter, clock } = limiterAt();
    expect(limiter.take("core", ada)).toEqual({
      resource: "core",
      limit: 3,
      used: 1,
      remaining: 2,
      resetSeconds: Math.ceil(startMs / 1000) + 3600,
    });
    limiter.take("core", ada);
    expect(limiter.take("core", ada)).toMatchObject({ used: 3, remaining: 0 });
    expect(limiter.take("core", ada)).toBeUndefined();
    expect(limiter.peek("core", ada)).toMatchObject({ used: 3, remaining: 0 });
    clock.now += 3_600_000 - 1;
    expect(limiter.take("core", ada)).toBeUndefined();
    clock.now += 1;
    expect(limiter.take("core", ada)).toMatchObject({ used: 1 });
  });

  test("knows an account wherever it comes from, and a visitor by the address", () => {
    const { limiter } = limiterAt();
    for (let count = 0; count < 3; count++) limiter.take("core", { ...ada, address: `10.0.0.${count}` });
    expect(limiter.take("core", { ...ada, address: "10.9.9.9" })).toBeUndefined();
    expect(limiter.take("core", visitor)).toMatchObject({ used: 1, limit: 2 });
    limiter.take("core", visitor);
    expect(limiter.take("core", visitor)).toBeUndefined();
    expect(limiter.take("core", { account: undefined, address: "10.0.0.2" })).toMatchObject({ used: 1 });
  });

  test("takes an IPv6 /64 for one address", () => {
    const { limiter } = limiterAt();
    limiter.take("core", { account: undefined, address: "2001:db8:0:1::1" });
    limiter.take("core", { account: undefined, address: "2001:db8:0:1:ffff::2" });
    expect(limiter.take("core", { account: undefined, address: "2001:db8:0:1::3" })).toBeUndefined();
    expect(limiter.take("core", { account: undefined, address: "2001:db8:0:2::3" })).toMatchObject({ used: 1 });
  });

  test("counts resources apart", () => {
    const { limiter } = limiterAt();
    for (let count = 0; count < 4; count++) limiter.take("core", ada);
    expect(limiter.take("git", ada)).toMatchObject({ used: 1, limit: requestLimits.gitRequestsPerMinute });
    expect(limiter.take("graphql", ada)).toMatchObject({ used: 1 });
  });

  test("says how long to wait with writes", () => {
    const { limiter, clock } = limiterAt();
    limiter.takeWrite(ada);
    clock.now += 20_000;
    limiter.takeWrite(ada);
    expect(() => limiter.takeWrite(ada)).toThrow(
      expect.objectContaining({ code: "rate-limited", data: { retryAfterSeconds: 40 } }),
    );
    clock.now += 40_000;
    expect(() => limiter.takeWrite(ada)).not.toThrow();
  });

  test("a clock that is set back does not make a window longer", () => {
    const { limiter, clock } = limiterAt();
    for (let count = 0; count < 4; count++) limiter.take("core", ada);
    clock.now -= 10 * 3_600_000;
    expect(limiter.take("core", ada)).toMatchObject({ used: 1 });
  });
});

test.each([
  ["/api/v3/user", "core"],
  ["/api/v3/rate_limit", undefined],
  ["/api/v3/search/code", "search"],
  ["/api/graphql", "graphql"],
  ["/api/guts/status", "guts"],
])("%s counts as %s", (path, resource) => {
  expect(rateResourceOf(path)).toBe(resource);
});
