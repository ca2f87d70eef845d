import { passkeyLimits } from "../limits.ts";
import { countedCache } from "../use-cases/counted-cache.ts";
import type { RandomBytes } from "./token.ts";

/** What a challenge was drawn for; an answer to one purpose is none to another. */
export type ChallengePurpose = "register" | "add" | "sign-in";

/** Numbers that a passkey signs, each good once, for one purpose and a few minutes. */
export interface Challenges {
  /** A new challenge in base64url. `account` binds it to who is signed in. */
  draw(purpose: ChallengePurpose, account?: number): string;
  /** Uses a challenge up; false when it is not one of these, or too old. */
  take(challenge: string, purpose: ChallengePurpose, account?: number): boolean;
}

/** Challenges of this process; the oldest are forgotten when there are too many. */
export function createChallenges(nowMs: () => number, random: RandomBytes): Challenges {
  const { challengeCountMax, challengeLifeMs } = passkeyLimits;
  const drawn = countedCache<string, { readonly subject: string; readonly expiresMs: number }>(challengeCountMax);
  const subjectOf = (purpose: ChallengePurpose, account: number | undefined): string => `${purpose} ${account ?? ""}`;
  return {
    draw(purpose, account) {
      const challenge = Buffer.from(random(32)).toString("base64url");
      drawn.set(challenge, { subject: subjectOf(purpose, account), expiresMs: nowMs() + challengeLifeMs });
      return challenge;
    },
    take(challenge, purpose, account) {
      const found = drawn.get(challenge);
      drawn.delete(challenge);
      return found !== undefined && found.subject === subjectOf(purpose, account) && nowMs() < found.expiresMs;
    },
  };
}
