import { Refusal } from "../errors.ts";
import { signInLimits } from "../limits.ts";
import { countedCache } from "../use-cases/counted-cache.ts";

interface Bucket {
  tokens: number;
  refilledAtMs: number;
}

interface BucketRule {
  readonly capacity: number;
  readonly refillIntervalMs: number;
}

const ACCOUNT_RULE: BucketRule = {
  capacity: signInLimits.accountAttemptCountMax,
  refillIntervalMs: signInLimits.accountRefillIntervalMs,
};
const ADDRESS_RULE: BucketRule = {
  capacity: signInLimits.addressAttemptCountMax,
  refillIntervalMs: signInLimits.addressRefillIntervalMs,
};

/** Bounds how often passwords are guessed, per account and per address. */
export interface SignInThrottle {
  /** Takes one attempt from both. Throws `Refusal` `rate-limited` with the time to wait. */
  attempt(login: string, address: string): void;
  /** Gives the attempt back: it succeeded. */
  succeeded(login: string, address: string): void;
}

/** A throttle that remembers a bounded number of accounts and addresses in memory. */
export function createSignInThrottle(nowMs: () => number): SignInThrottle {
  const buckets = countedCache<string, Bucket>(signInLimits.bucketCountMax);
  const bucketOf = (key: string, rule: BucketRule): Bucket => {
    const now = nowMs();
    const bucket = buckets.get(key) ?? { tokens: rule.capacity, refilledAtMs: now };
    const gained = Math.floor((now - bucket.refilledAtMs) / rule.refillIntervalMs);
    bucket.tokens = Math.min(rule.capacity, bucket.tokens + gained);
    bucket.refilledAtMs += gained * rule.refillIntervalMs;
    buckets.set(key, bucket);
    return bucket;
  };
  const pair = (login: string, address: string): [Bucket, Bucket] => [
    bucketOf(`account ${login.toLowerCase()}`, ACCOUNT_RULE),
    bucketOf(`address ${addressGroup(address)}`, ADDRESS_RULE),
  ];
  return {
    attempt(login, address) {
      const [account, source] = pair(login, address);
      if (account.tokens < 1) throw tooMany(account, ACCOUNT_RULE, nowMs());
      if (source.tokens < 1) throw tooMany(source, ADDRESS_RULE, nowMs());
      account.tokens--;
      source.tokens--;
    },
    succeeded(login, address) {
      for (const bucket of pair(login, address)) bucket.tokens++;
    },
  };
}

function tooMany(bucket: Bucket, rule: BucketRule, now: number): Refusal {
  const retryAfterSeconds = (bucket.refilledAtMs + rule.refillIntervalMs - now) / 1000;
  return new Refusal("rate-limited", "Too many sign-in attempts. Wait a little and try again.", { retryAfterSeconds });
}

/** The address itself, or the /64 of an IPv6 address: one customer's network. IPv4 in IPv6 counts as IPv4. */
export function addressGroup(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (mapped?.[1] !== undefined) return mapped[1];
  if (!address.includes(":")) return address;
  const [head = "", tail = ""] = (address.split("%", 1)[0] ?? "").split("::", 2);
  const left = head.split(":").filter((part) => part !== "");
  const right = tail.split(":").filter((part) => part !== "");
  const zeros = Math.max(0, 8 - left.length - right.length);
  const groups = [...left, ...Array.from({ length: zeros }, () => "0"), ...right];
  return groups
    .slice(0, 4)
    .map((group) => group.toLowerCase().replace(/^0+(?=.)/, ""))
    .join(":");
}
