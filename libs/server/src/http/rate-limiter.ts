/**
 * How many requests a caller has left, as GitHub counts them (docs.github.com, "Rate limits for the REST API"): a fixed number in a
 * window that begins with the first request and ends all at once.
 *
 * Deviations, each for a reason: numbers are an operator's choice; an IPv6 /64 is one address, since one customer has it all; what only
 * Guts has (`guts`, `git`) counts apart, so that reading pages never keeps a script from working.
 */
import { Refusal } from "../errors.ts";
import { requestCallerCountMax, type RequestLimits } from "../limits.ts";
import { countedCache } from "../use-cases/counted-cache.ts";
import { addressGroup } from "./address-group.ts";

/** What is counted by itself. `core`, `search` and `graphql` are GitHub's. */
export const rateResources = ["core", "search", "graphql", "guts", "git"] as const;
export type RateResource = (typeof rateResources)[number];

/** Who asks: an account, or an address that showed no credential. */
export interface RateCaller {
  readonly account: number | undefined;
  readonly address: string;
}

/** Where a caller stands. */
export interface RateStatus {
  readonly resource: RateResource;
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  /** When the window ends, in seconds since 1970. */
  readonly resetSeconds: number;
}

/** Counts requests in memory. Everything is bounded, and a restart begins anew. */
export interface RateLimiter {
  /** Takes one request. Undefined when the caller had none left; `peek` then says until when. */
  take(resource: RateResource, caller: RateCaller): RateStatus | undefined;
  /** Where the caller stands, without taking anything. */
  peek(resource: RateResource, caller: RateCaller): RateStatus;
  /** Takes one write. Throws `Refusal` `rate-limited` with the time to wait. */
  takeWrite(caller: RateCaller): void;
}

interface Window {
  startMs: number;
  used: number;
}

interface Rule {
  readonly windowMs: number;
  readonly account: number;
  readonly address: number;
}

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

/** A limiter of one node. */
export function createRateLimiter(limits: RequestLimits, nowMs: () => number): RateLimiter {
  const rules = rulesOf(limits);
  const windows = countedCache<string, Window>(rateResources.length * requestCallerCountMax);
  const windowOf = (name: keyof typeof rules, caller: RateCaller): Window => {
    const key = `${name} ${keyOf(caller)}`;
    const known = windows.get(key);
    const now = nowMs();
    // A clock that was set back must not make a window last longer.
    if (known !== undefined && now >= known.startMs && now < known.startMs + rules[name].windowMs) return known;
    const begun = { startMs: now, used: 0 };
    windows.set(key, begun);
    return begun;
  };
  const statusOf = (resource: RateResource, caller: RateCaller, { startMs, used }: Window): RateStatus => {
    const limit = limitOf(rules[resource], caller);
    const resetSeconds = Math.ceil((startMs + rules[resource].windowMs) / 1000);
    return { resource, limit, used, remaining: limit - used, resetSeconds };
  };
  return {
    take(resource, caller) {
      const window = windowOf(resource, caller);
      if (window.used >= limitOf(rules[resource], caller)) return undefined;
      window.used++;
      return statusOf(resource, caller, window);
    },
    peek: (resource, caller) => statusOf(resource, caller, windowOf(resource, caller)),
    takeWrite(caller) {
      const window = windowOf("write", caller);
      if (window.used >= limitOf(rules.write, caller))
        throw tooManyWrites(limits, window.startMs + rules.write.windowMs - nowMs());
      window.used++;
    },
  };
}

function rulesOf(limits: RequestLimits) {
  const perHour = { windowMs: hourMs, account: limits.accountRequestsPerHour, address: limits.addressRequestsPerHour };
  const perMinute = (count: number): Rule => ({ windowMs: minuteMs, account: count, address: count });
  const { accountSearchesPerMinute: account, addressSearchesPerMinute: address } = limits;
  return {
    core: perHour,
    graphql: perHour,
    search: { windowMs: minuteMs, account, address },
    guts: perMinute(limits.webRequestsPerMinute),
    git: perMinute(limits.gitRequestsPerMinute),
    write: perMinute(limits.writesPerMinute),
  } satisfies Record<RateResource | "write", Rule>;
}

function keyOf({ account, address }: RateCaller): string {
  return account === undefined ? addressGroup(address) : `account ${account}`;
}

function limitOf(rule: Rule, { account }: RateCaller): number {
  return account === undefined ? rule.address : rule.account;
}

/** The refusal of a caller who has none left, in GitHub's words where its clients look for them. */
export function tooManyRequests(status: RateStatus, caller: RateCaller, nowMs: number): Refusal {
  const { limit, resetSeconds, resource } = status;
  const whose = caller.account === undefined ? `the address ${caller.address}` : `user ID ${caller.account}`;
  const span = resource === "core" || resource === "graphql" ? "an hour" : "a minute";
  const message = `API rate limit exceeded for ${whose}: ${limit} requests ${span}. ${againWords(resetSeconds)}`;
  return new Refusal("quota-spent", message, {
    reason: "rate-limited",
    retryAfterSeconds: resetSeconds - nowMs / 1000,
  });
}

/** Until when, for people: the same words at every door. */
export function againWords(resetSeconds: number): string {
  return `Try again at ${new Date(resetSeconds * 1000).toISOString().slice(11, 19)} UTC.`;
}

function tooManyWrites({ writesPerMinute }: RequestLimits, waitMs: number): Refusal {
  const message = `You have exceeded a secondary rate limit: ${writesPerMinute} writes a minute. Wait, and send them more slowly.`;
  return new Refusal("rate-limited", message, { retryAfterSeconds: waitMs / 1000 });
}

/** The headers that say where a caller stands. */
export function rateHeaders(status: RateStatus): Readonly<Record<string, string>> {
  return {
    "x-ratelimit-limit": String(status.limit),
    "x-ratelimit-remaining": String(status.remaining),
    "x-ratelimit-used": String(status.used),
    "x-ratelimit-reset": String(status.resetSeconds),
    "x-ratelimit-resource": status.resource,
  };
}

/** What a path of the API counts as. Undefined: it counts as nothing, so that whoever is refused can ask why. */
export function rateResourceOf(path: string): RateResource | undefined {
  if (path === "/api/v3/rate_limit") return undefined;
  if (path.startsWith("/api/v3/search/")) return "search";
  if (path.startsWith("/api/graphql")) return "graphql";
  return path.startsWith("/api/guts/") ? "guts" : "core";
}
