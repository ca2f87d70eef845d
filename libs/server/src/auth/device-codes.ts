/**
 * Logins that began on a device without a browser (RFC 8628, with GitHub's answers) and wait for somebody to confirm them.
 *
 * They live in memory and are bounded. No secret is kept: a device code is looked up by its hash, and the token that it becomes is
 * derived from it, so what this process remembers opens nothing.
 */
import { createHash, hkdfSync } from "node:crypto";

import type { ScopeSet } from "@guts/governance";
import type { Digest } from "@guts/primitives";

import { Refusal } from "../errors.ts";
import { addressGroup } from "../http/address-group.ts";
import { deviceLimits } from "../limits.ts";
import { createToken, credentialIdOfToken, type RandomBytes } from "./token.ts";

/** What a device asks for. */
export interface DeviceRequest {
  readonly clientId: string;
  readonly scopes: ScopeSet;
  readonly address: string;
}

/** A login that waits, as the person who confirms it sees it. */
export interface PendingDevice extends DeviceRequest {
  /** As it is shown, such as `WDJB-MJHT`. */
  readonly userCode: string;
  /** The ledger's id of the token that the device will have. */
  readonly credential: Digest;
  readonly requestedMs: number;
  readonly expiresMs: number;
}

/** A login that has begun. The device code is the device's secret. */
export interface BegunDevice {
  readonly deviceCode: string;
  readonly userCode: string;
  readonly expiresInSeconds: number;
  readonly intervalSeconds: number;
}

/** What a device reads while it waits; the words are those of RFC 8628 and GitHub. */
export type DevicePoll =
  | { readonly status: "granted"; readonly token: string; readonly scopes: ScopeSet }
  | { readonly status: "slow_down"; readonly intervalSeconds: number }
  | { readonly status: "authorization_pending" | "expired_token" | "access_denied" | "incorrect_device_code" };

/** The logins that wait at one node. */
export interface DeviceCodes {
  /** Begins a login. Throws `Refusal`: `rate-limited` when too many wait for its address, `busy` when too many wait at all. */
  begin(request: DeviceRequest): BegunDevice;
  /** The login behind a code as somebody typed it; undefined when none waits. */
  find(typed: string): PendingDevice | undefined;
  /** Ends the wait of a login that `find` answered; false when it has ended otherwise meanwhile. */
  decide(userCode: string, decision: "approved" | "denied"): boolean;
  /** What a device asks again and again. A token is given once. */
  poll(deviceCode: string, clientId: string): DevicePoll;
}

interface Entry extends PendingDevice {
  intervalMs: number;
  polledMs: number;
  state: "pending" | "approved" | "denied";
}

/** Letters that are hard to confuse and spell no words (RFC 8628, section 6.1); eight of them are 34 bits. */
const LETTERS = "BCDFGHJKLMNPQRSTVWXZ";
const CODE_LENGTH = 8;
const { lifeMs, intervalMs, slowDownMs, pendingCountMax, pendingPerAddressMax } = deviceLimits;

/** The waiting logins of this process. */
export function createDeviceCodes(nowMs: () => number, random: RandomBytes): DeviceCodes {
  const byDigest = new Map<string, Entry>();
  const dropExpired = (): void => {
    // Oldest first, and all live equally long. An expired one stays a little, so that its device is told.
    for (const [digest, entry] of byDigest) {
      if (entry.expiresMs + lifeMs > nowMs()) return;
      byDigest.delete(digest);
    }
  };
  const findTyped = (typed: string): Entry | undefined => {
    const code = typed.toUpperCase().replaceAll(/[^A-Z]/g, "");
    for (const entry of byDigest.values())
      if (entry.userCode.replace("-", "") === code && entry.state === "pending" && entry.expiresMs > nowMs())
        return entry;
    return undefined;
  };
  return {
    begin(request) {
      dropExpired();
      assertRoom(byDigest, request.address);
      const deviceCode = Buffer.from(random(20)).toString("hex");
      const userCode = drawUserCode(random);
      byDigest.set(digestOf(deviceCode), {
        ...request,
        userCode,
        credential: credentialIdOfToken(tokenOf(deviceCode)),
        requestedMs: nowMs(),
        expiresMs: nowMs() + lifeMs,
        intervalMs,
        polledMs: Number.NEGATIVE_INFINITY,
        state: "pending",
      });
      return { deviceCode, userCode, expiresInSeconds: lifeMs / 1000, intervalSeconds: intervalMs / 1000 };
    },
    find: findTyped,
    decide(userCode, decision) {
      const entry = findTyped(userCode);
      if (entry !== undefined) entry.state = decision;
      return entry !== undefined;
    },
    poll(deviceCode, clientId) {
      const digest = digestOf(deviceCode);
      const entry = byDigest.get(digest);
      if (entry === undefined || entry.clientId !== clientId) return { status: "incorrect_device_code" };
      const verdict = decidePoll(entry, nowMs());
      if (verdict === "granted" || verdict === "access_denied") byDigest.delete(digest);
      if (verdict === "granted") return { status: verdict, token: tokenOf(deviceCode), scopes: entry.scopes };
      if (verdict !== "slow_down") return { status: verdict };
      return { status: verdict, intervalSeconds: entry.intervalMs / 1000 };
    },
  };
}

/** Notes that the device has asked, and says what it is told. */
function decidePoll(entry: Entry, now: number): DevicePoll["status"] {
  const isEarly = now < entry.polledMs + entry.intervalMs;
  entry.polledMs = now;
  if (entry.state === "approved") return "granted";
  if (entry.state === "denied") return "access_denied";
  if (now >= entry.expiresMs) return "expired_token";
  if (!isEarly) return "authorization_pending";
  entry.intervalMs += slowDownMs;
  return "slow_down";
}

function assertRoom(waiting: ReadonlyMap<string, Entry>, address: string): void {
  const group = addressGroup(address);
  const ofAddress = waiting.values().filter((entry) => addressGroup(entry.address) === group);
  const retryAfterSeconds = lifeMs / 1000;
  if (ofAddress.take(pendingPerAddressMax).toArray().length >= pendingPerAddressMax)
    throw new Refusal("rate-limited", "Too many logins from your address wait to be confirmed.", { retryAfterSeconds });
  if (waiting.size >= pendingCountMax)
    throw new Refusal("busy", "Too many logins wait to be confirmed here. Try again later.", { retryAfterSeconds });
}

function drawUserCode(random: RandomBytes): string {
  let letters = "";
  while (letters.length < CODE_LENGTH)
    for (const byte of random(2 * CODE_LENGTH))
      if (byte < 240 && letters.length < CODE_LENGTH) letters += LETTERS[byte % LETTERS.length];
  return `${letters.slice(0, 4)}-${letters.slice(4)}`;
}

function digestOf(deviceCode: string): string {
  return createHash("sha256").update(deviceCode).digest("hex");
}

/** The token that a device code becomes: the same each time, and worth as much as the code. */
function tokenOf(deviceCode: string): string {
  let used = 0;
  const stream = new Uint8Array(hkdfSync("sha256", deviceCode, "", "guts/v1/device-token", 1024));
  return createToken((length) => stream.subarray(used, (used += length)));
}
