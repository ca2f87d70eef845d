import { describe, expect, test } from "vitest";

import { signInLimits } from "../limits.ts";
import { createSignInThrottle } from "./sign-in-throttle.ts";

describe("the throttle", () => {
  test("stops guesses at one account from many addresses, and lets one more through each interval", () => {
    let now = 0;
    const throttle = createSignInThrottle(() => now);
    const attempt = (index: number) => () => throttle.attempt("Ada", `10.0.${index >> 8}.${index & 255}`);
    for (let index = 0; index < signInLimits.accountAttemptCountMax; index++) attempt(index)();
    expect(attempt(1000)).toThrow(expect.objectContaining({ code: "rate-limited" }));
    now += signInLimits.accountRefillIntervalMs;
    attempt(1001)();
    expect(attempt(1002)).toThrow();
    expect(() => throttle.attempt("ADA", "10.9.9.9")).toThrow();
    expect(() => throttle.attempt("grace", "10.9.9.9")).not.toThrow();
  });

  test("stops guesses at many accounts from one address", () => {
    const throttle = createSignInThrottle(() => 0);
    for (let index = 0; index < signInLimits.addressAttemptCountMax; index++)
      throttle.attempt(`account${index}`, "2001:db8:0:1::1");
    expect(() => throttle.attempt("another", "2001:db8:0:1:ffff::2")).toThrow();
    expect(() => throttle.attempt("another", "2001:db8:0:2::1")).not.toThrow();
  });

  test("a success costs nothing", () => {
    const throttle = createSignInThrottle(() => 0);
    for (let index = 0; index < 10 * signInLimits.accountAttemptCountMax; index++) {
      throttle.attempt("ada", "10.0.0.1");
      throttle.succeeded("ada", "10.0.0.1");
    }
  });
});

test("work for strangers is bounded by their address alone", () => {
  const throttle = createSignInThrottle(() => 0);
  for (let index = 0; index < signInLimits.addressAttemptCountMax; index++) throttle.attemptFrom("10.0.0.1");
  expect(() => throttle.attemptFrom("10.0.0.1")).toThrow(expect.objectContaining({ code: "rate-limited" }));
  expect(() => throttle.attemptFrom("10.0.0.2")).not.toThrow();
  throttle.succeededFrom("10.0.0.1");
  expect(() => throttle.attemptFrom("10.0.0.1")).not.toThrow();
});
