/** Passkeys: made and used at the account's home node, known to it alone (ADR "Data classes"). */
import type { PasskeyRegistration, PasskeySignIn } from "@guts/api";
import { scopesAllow } from "@guts/governance";
import type { TimeMs } from "@guts/primitives";

import { refusalOf, type SignedInActor } from "../auth/actor.ts";
import type { ChallengePurpose } from "../auth/challenges.ts";
import { passkeyOrigins, verifyAssertion, verifyRegistration, type WebauthnRefusal } from "../auth/webauthn.ts";
import { notFound, Refusal } from "../errors.ts";
import { passkeyLimits } from "../limits.ts";
import type { StoredPasskey } from "../ports/index.ts";
import type { Services } from "../services.ts";
import { startSession, type Caller, type StartedSession } from "./start-session.ts";

type Needs = Pick<Services, "privateStore" | "challenges" | "clock">;

/** What a page needs to make or use a passkey. */
export interface PasskeyTerms {
  readonly challenge: string;
  readonly origins: readonly string[];
  readonly userId: Uint8Array;
  readonly existing: readonly StoredPasskey[];
}

/** Draws a challenge. To add a passkey one has to be signed in by something that manages credentials. */
export function drawPasskeyChallenge(
  needs: Pick<Services, "privateStore" | "challenges" | "random">,
  purpose: ChallengePurpose,
  { actor, baseUrl }: { readonly actor: SignedInActor | undefined; readonly baseUrl: string },
): PasskeyTerms {
  if (purpose === "add") {
    if (actor === undefined) throw new Refusal("unauthenticated", "Requires authentication");
    assertManages(actor);
  }
  const account = purpose === "add" ? actor?.account.id : undefined;
  const existing = account === undefined ? [] : needs.privateStore.passkeys(account);
  return {
    challenge: needs.challenges.draw(purpose, account),
    origins: passkeyOrigins(baseUrl),
    userId: existing[0]?.userId ?? needs.random(32),
    existing,
  };
}

/** Checks a passkey that was made just now. Throws `Refusal`. */
export function verifyNewPasskey(
  { privateStore, challenges, clock }: Needs,
  given: PasskeyRegistration,
  {
    baseUrl,
    purpose,
    account,
  }: { readonly baseUrl: string; readonly purpose: "register" | "add"; readonly account?: number },
): Omit<StoredPasskey, "account"> {
  const id = bytesOf(given.id);
  const publicKey = bytesOf(given.publicKey);
  const bytes = { clientData: bytesOf(given.clientData), authenticatorData: bytesOf(given.authenticatorData) };
  const ceremony = {
    origins: passkeyOrigins(baseUrl),
    takeChallenge: (challenge: string) => challenges.take(challenge, purpose, account),
  };
  const verdict = verifyRegistration({ id, publicKey, ...bytes }, ceremony);
  if (verdict.outcome === "refused") throw refusedPasskey(verdict.reason);
  if (privateStore.passkey(id) !== undefined) throw new Refusal("conflict", "This passkey is known here already.");
  return {
    id,
    publicKey,
    userId: bytesOf(given.userId),
    signCount: verdict.signCount,
    name: given.name,
    isSynced: verdict.isBackedUp,
    createdTime: clock.nowMs() as TimeMs,
    usedTime: undefined,
  };
}

/** Adds a passkey to the actor's account at this node. */
export function addPasskey(
  needs: Needs,
  actor: SignedInActor,
  { given, baseUrl }: { readonly given: PasskeyRegistration; readonly baseUrl: string },
): StoredPasskey {
  assertManages(actor);
  const account = actor.account.id;
  if (needs.privateStore.passkeys(account).length >= passkeyLimits.perAccountMax)
    throw new Refusal("invalid", `An account has at most ${passkeyLimits.perAccountMax} passkeys. Remove one first.`);
  const passkey = { ...verifyNewPasskey(needs, given, { baseUrl, purpose: "add", account }), account };
  needs.privateStore.addPasskey(passkey);
  return passkey;
}

/** One of the actor's own passkeys by its id in base64url, for changing it. Throws `Refusal`. */
export function ownPasskey({ privateStore }: Pick<Needs, "privateStore">, actor: SignedInActor, id: string) {
  assertManages(actor);
  const passkey = privateStore.passkey(bytesOf(id));
  if (passkey === undefined || passkey.account !== actor.account.id) throw notFound();
  return passkey;
}

/** Starts a session with a passkey. Whoever has none of an account learns nothing of it: no login is asked for. */
export async function signInWithPasskey(
  needs: Needs & Pick<Services, "ledger" | "transactions" | "random" | "throttle" | "metrics">,
  given: PasskeySignIn,
  { address, baseUrl, signal }: Caller & { readonly baseUrl: string },
): Promise<StartedSession> {
  const { privateStore, challenges, throttle, metrics, clock } = needs;
  throttle.attemptFrom(address);
  const id = bytesOf(given.id);
  const known = privateStore.passkey(id);
  const ceremony = {
    origins: passkeyOrigins(baseUrl),
    takeChallenge: (challenge: string) => challenges.take(challenge, "sign-in"),
  };
  const bytes = { clientData: bytesOf(given.clientData), authenticatorData: bytesOf(given.authenticatorData) };
  const isOwn = given.userId === null || (known !== undefined && equals(known.userId, bytesOf(given.userId)));
  const verdict =
    known === undefined || !isOwn
      ? ({ outcome: "refused", reason: "unknown" } as const)
      : verifyAssertion({ id, signature: bytesOf(given.signature), ...bytes }, known, ceremony);
  metrics.signIns.inc({ outcome: verdict.outcome === "verified" ? "ok" : "refused" });
  if (verdict.outcome === "refused" || known === undefined)
    throw refusedPasskey(verdict.outcome === "refused" ? verdict.reason : "unknown");
  privateStore.usePasskey(id, verdict.signCount, clock.nowMs() as TimeMs);
  throttle.succeededFrom(address);
  return startSession(needs, { account: known.account, kind: given.session ?? "cookie", way: "passkey", signal });
}

/** A passkey signs its owner in, so what adds or removes one must be allowed to manage credentials. */
function assertManages({ scopes }: SignedInActor): void {
  const need = "manage-credentials";
  if (!scopesAllow(scopes, need)) throw refusalOf({ code: "scope-missing", need });
}

function refusedPasskey(reason: WebauthnRefusal | "unknown"): Refusal {
  const words: Partial<Record<WebauthnRefusal | "unknown", string>> = {
    unknown: "This node does not know this passkey. Sign in with your password or recovery code.",
    "wrong-challenge": "This took too long. Try again.",
    "wrong-origin": "Passkeys of this node are used at its own address only.",
    "user-not-verified": "The authenticator has to check that it is you, with a PIN, a finger or a face.",
    "counter-went-back": "This passkey has been used elsewhere since: it may have been copied. Remove it.",
  };
  return new Refusal("unauthenticated", words[reason] ?? "The passkey did not prove who you are.", {
    reason: `passkey-${reason}`,
  });
}

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64url"));
}

function equals(left: Uint8Array, right: Uint8Array): boolean {
  return Buffer.compare(left, right) === 0;
}
