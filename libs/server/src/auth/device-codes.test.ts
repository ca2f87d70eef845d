import { randomBytes } from "node:crypto";

import { scopeSet } from "@guts/governance";
import { describe, expect, test } from "vitest";

import { deviceLimits } from "../limits.ts";
import { createDeviceCodes } from "./device-codes.ts";
import { credentialIdOfToken, isToken } from "./token.ts";

const request = { clientId: "gh", scopes: scopeSet(["repo", "read:org"]), address: "10.0.0.1" };

function codesAt() {
  const clock = { now: 1_000_000 };
  const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
  return { clock, codes: createDeviceCodes(() => clock.now, random) };
}

describe("a login of a device", () => {
  test("waits until somebody approves it, and gives its token once", () => {
    const { codes, clock } = codesAt();
    const { deviceCode, userCode } = codes.begin(request);
    expect(userCode).toMatch(/^[B-Z]{4}-[B-Z]{4}$/);
    expect(codes.poll(deviceCode, "gh")).toEqual({ status: "authorization_pending" });
    const pending = codes.find(userCode.toLowerCase().replace("-", " "));
    expect(pending).toMatchObject(request);
    expect(codes.decide(userCode, "approved")).toBe(true);
    clock.now += deviceLimits.intervalMs;
    const granted = codes.poll(deviceCode, "gh");
    if (granted.status !== "granted") throw new Error(granted.status);
    expect(granted.scopes).toBe(request.scopes);
    expect(isToken(granted.token)).toBe(true);
    expect(credentialIdOfToken(granted.token)).toEqual(pending?.credential);
    expect(codes.poll(deviceCode, "gh")).toEqual({ status: "incorrect_device_code" });
    expect(codes.find(userCode)).toBeUndefined();
  });

  test("is told to slow down, by five more seconds each time", () => {
    const { codes, clock } = codesAt();
    const { deviceCode } = codes.begin(request);
    codes.poll(deviceCode, "gh");
    clock.now += deviceLimits.intervalMs - 1;
    expect(codes.poll(deviceCode, "gh")).toEqual({ status: "slow_down", intervalSeconds: 10 });
    clock.now += 10_000;
    expect(codes.poll(deviceCode, "gh")).toEqual({ status: "authorization_pending" });
  });

  test("ends when it is refused or too old", () => {
    const { codes, clock } = codesAt();
    const refused = codes.begin(request);
    expect(codes.decide(refused.userCode, "denied")).toBe(true);
    expect(codes.poll(refused.deviceCode, "gh")).toEqual({ status: "access_denied" });
    const old = codes.begin(request);
    clock.now += deviceLimits.lifeMs;
    expect(codes.find(old.userCode)).toBeUndefined();
    expect(codes.decide(old.userCode, "approved")).toBe(false);
    expect(codes.poll(old.deviceCode, "gh")).toEqual({ status: "expired_token" });
  });

  test("is no other client's", () => {
    const { codes } = codesAt();
    const { deviceCode, userCode } = codes.begin(request);
    codes.decide(userCode, "approved");
    expect(codes.poll(deviceCode, "another")).toEqual({ status: "incorrect_device_code" });
    expect(codes.poll(deviceCode, "gh")).toMatchObject({ status: "granted" });
  });

  test("finds no room beside too many of its address, until those are old", () => {
    const { codes, clock } = codesAt();
    for (let count = 0; count < deviceLimits.pendingPerAddressMax; count++) codes.begin(request);
    expect(() => codes.begin(request)).toThrow(expect.objectContaining({ code: "rate-limited" }));
    expect(() => codes.begin({ ...request, address: "10.0.0.2" })).not.toThrow();
    clock.now += 2 * deviceLimits.lifeMs;
    expect(() => codes.begin(request)).not.toThrow();
  });
});
