import { Refusal } from "../errors.ts";
import { addressGroup } from "../http/address-group.ts";
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
  /** Takes one attempt from the address alone: for what makes this node hash a password before it knows who asks. */
  attemptFrom(address: string): void;
  /** Gives that attempt back: it was no attempt at guessing. */
  succeededFrom(address: string): void;
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
  const sourceOf = (address: string): Bucket => bucketOf(`address ${addressGroup(address)}`, ADDRESS_RULE);
  const pair = (login: string, address: string): [Bucket, Bucket] => [
    bucketOf(`account ${login.toLowerCase()}`, ACCOUNT_RULE),
    sourceOf(address),
  ];
  const takeFrom = (source: Bucket): void => {
    if (source.tokens < 1) throw tooMany(source, ADDRESS_RULE, nowMs());
    source.tokens--;
  };
  return {
    attempt(login, address) {
      const [account, source] = pair(login, address);
      if (account.tokens < 1) throw tooMany(account, ACCOUNT_RULE, nowMs());
      takeFrom(source);
      account.tokens--;
    },
    succeeded(login, address) {
      for (const bucket of pair(login, address)) bucket.tokens++;
    },
    attemptFrom: (address) => takeFrom(sourceOf(address)),
    succeededFrom(address) {
      sourceOf(address).tokens++;
    },
  };
}

function tooMany(bucket: Bucket, rule: BucketRule, now: number): Refusal {
  const retryAfterSeconds = (bucket.refilledAtMs + rule.refillIntervalMs - now) / 1000;
  return new Refusal("rate-limited", "Too many sign-in attempts. Wait a little and try again.", { retryAfterSeconds });
}
