import type { Recovery, SignIn, SignUp } from "@guts/api";
import { allScopes } from "@guts/governance";
import { findKind, kindOf, signedTransactionCodec, type Account, type KindName, type PayloadOf } from "@guts/ledger";
import { decode, DecodeError, type AccountId, type Height, type TimeMs } from "@guts/primitives";

import type { Actor } from "../auth/actor.ts";
import { createToken, credentialIdOfToken } from "../auth/token.ts";
import { Refusal } from "../errors.ts";
import type { Authority, SubmitOutcome, SignedResult } from "../ports/index.ts";
import type { Services } from "../services.ts";
import { findAccount } from "./find-repository.ts";
import { requireApplied } from "./rejection.ts";

type Needs = Pick<
  Services,
  "ledger" | "transactions" | "privateStore" | "hasher" | "throttle" | "random" | "clock" | "metrics"
>;

/** Where a request comes from, and until when its answer is waited for. */
export interface Caller {
  readonly address: string;
  readonly signal: AbortSignal;
}

/** How a session is to be carried: by a cookie that scripts cannot read, or as a token for a program. */
export type SessionKind = "cookie" | "token";

/** A session that has begun. `token` is its secret. */
export interface StartedSession {
  readonly account: Account;
  readonly token: string;
  readonly height: Height;
}

/** How long a session lives without signing in again; the ledger allows 90 days. */
export const sessionLifeMs = 30 * 24 * 3600 * 1000;
const signedInTokenLifeMs = 90 * 24 * 3600 * 1000;

/**
 * Opens an account with a transaction that the person's own root key signed, and starts a session.
 *
 * 1. Check the transaction's kind and hash the password, so that nothing is submitted in vain.
 * 2. Submit; from here on the account exists.
 * 3. Keep the password's hash, then create the credential. A crash in between leaves an account that can sign in with
 *    its password or, without one, recover.
 */
export async function signUp(needs: Needs, body: SignUp, { address, signal }: Caller): Promise<StartedSession> {
  const signed = requireKind(body.envelope, "account.create");
  if (signed.payload.homeNode !== needs.ledger.nodeId)
    throw new Refusal("invalid", "Make this node the account's home node to start a session here.", {
      reason: "delegation-missing",
    });
  needs.throttle.attemptFrom(address);
  const phc = body.password === undefined ? undefined : await needs.hasher.hash(body.password, signal); // 1.
  const outcome = await needs.transactions.submitSigned(signed.bytes, contentsOf(body), signal); // 2.
  const { account } = requireApplied(outcome).result;
  needs.throttle.succeededFrom(address);
  if (phc !== undefined) needs.privateStore.setPasswordHash(account, phc); // 3.
  return startSession(needs, { account, kind: body.session, signal });
}

/** Starts a session with a password. An unknown login takes as long as a wrong password and gets the same answer. */
export async function signIn(needs: Needs, body: SignIn, { address, signal }: Caller): Promise<StartedSession> {
  const { metrics } = needs;
  const account = findAccount(needs.ledger.state(), body.login)?.account;
  // A former handle leads to the same account, and must not give further tries at it.
  const target = account === undefined ? body.login : `#${account.id}`;
  needs.throttle.attempt(target, address);
  const phc = account === undefined ? undefined : needs.privateStore.passwordHash(account.id);
  const isRight = await needs.hasher.verify(body.password, phc, signal);
  metrics.signIns.inc({ outcome: isRight ? "ok" : "refused" });
  if (!isRight || account === undefined)
    throw new Refusal("unauthenticated", "Wrong login or password.", { reason: "bad-credentials" });
  needs.throttle.succeeded(target, address);
  return startSession(needs, { account: account.id, kind: body.session ?? "cookie", signal });
}

/**
 * Makes this node a home of the account by a delegation that its root key signed, and sets the password.
 *
 * A node that is a home already is told so by the ledger, after it has checked the signature: that is proof enough to
 * set a new password.
 */
export async function recover(needs: Needs, body: Recovery, { address, signal }: Caller): Promise<StartedSession> {
  const signed = requireKind(body.envelope, "delegation.grant");
  if (signed.payload.node !== needs.ledger.nodeId)
    throw new Refusal("invalid", "The delegation is for another node.", { reason: "node-mismatch" });
  needs.throttle.attemptFrom(address);
  const phc = await needs.hasher.hash(body.password, signal);
  const outcome = await needs.transactions.submitSigned(signed.bytes, contentsOf(body), signal);
  if (!isDelegatedAlready(outcome)) requireApplied(outcome);
  needs.throttle.succeededFrom(address);
  const account = signed.account as AccountId;
  needs.privateStore.setPasswordHash(account, phc);
  return startSession(needs, { account, kind: body.session, signal });
}

/** Ends the session: its credential is revoked everywhere. Signing out twice is fine. Throws `Refusal` when it lives on. */
export async function signOut(needs: Needs, actor: Actor, signal: AbortSignal): Promise<void> {
  if (actor.account === undefined) return;
  const by = { account: actor.account.id, credential: actor.credential.id };
  const payload = { id: actor.credential.id };
  const outcome = await needs.transactions.submit({ kind: "credential.revoke", payload }, { by, signal });
  const { account, credential } = actor;
  if (needs.ledger.state().credential(credential.id)?.account === account.id) requireApplied(outcome);
}

async function startSession(
  needs: Needs,
  { account, kind, signal }: { readonly account: AccountId; readonly kind: SessionKind; readonly signal: AbortSignal },
): Promise<StartedSession> {
  const { ledger, random, transactions } = needs;
  const token = createToken(random);
  const now = Math.max(ledger.time(), needs.clock.nowMs());
  const isCookie = kind === "cookie";
  const payload = {
    id: credentialIdOfToken(token),
    kind: isCookie ? ("session" as const) : ("token" as const),
    scopes: allScopes,
    label: isCookie ? "Web session" : "Signed in with password",
    expiresTime: (now + (isCookie ? sessionLifeMs : signedInTokenLifeMs)) as TimeMs,
    audience: [ledger.nodeId],
  };
  const by: Authority = { account, delegation: true };
  const { height } = requireApplied(await transactions.submit({ kind: "credential.create", payload }, { by, signal }));
  const found = ledger.state().account(account);
  if (found === undefined) throw new Refusal("not-found", "Not Found");
  return { account: found, token, height };
}

function isDelegatedAlready(outcome: SubmitOutcome<SignedResult>): boolean {
  return (outcome.outcome === "refused" || outcome.outcome === "rejected") && outcome.rejection === "already-so";
}

/** A signed transaction of the kind that the route is for. */
function requireKind<Kind extends KindName>(envelope: string, name: Kind) {
  const bytes = new Uint8Array(Buffer.from(envelope, "base64"));
  try {
    const { body } = decode(signedTransactionCodec, bytes);
    if (findKind(body.kind)?.name === name) {
      const payload = decode(kindOf(name).payload, body.payload) as PayloadOf<Kind>;
      return { bytes, account: body.account, payload };
    }
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
  }
  throw new Refusal("malformed", `The envelope must hold a signed transaction of kind ${name}.`);
}

function contentsOf(body: { readonly contents?: readonly string[] }): readonly Uint8Array[] {
  return (body.contents ?? []).map((content) => new Uint8Array(Buffer.from(content, "base64")));
}
