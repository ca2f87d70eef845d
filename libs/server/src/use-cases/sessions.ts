import type { Recovery, SignIn, SignUp } from "@guts/api";
import { idempotencyKeyOfProof, sessionProofLength, type TransactionBody } from "@guts/ledger";
import { equalBytes, type AccountId } from "@guts/primitives";

import type { Actor } from "../auth/actor.ts";
import { Refusal } from "../errors.ts";
import type { SubmitOutcome, SignedResult } from "../ports/index.ts";
import type { Services } from "../services.ts";
import { findAccount } from "./find-repository.ts";
import { verifyNewPasskey } from "./passkeys.ts";
import { refusalOfRejection, requireApplied } from "./rejection.ts";
import { contentsOf, requireKind } from "./signed-transaction.ts";
import { startSession, type Caller, type StartedSession } from "./start-session.ts";

type Needs = Pick<
  Services,
  "ledger" | "transactions" | "privateStore" | "hasher" | "throttle" | "random" | "clock" | "metrics" | "challenges"
>;

/**
 * Opens an account with a transaction that the person's own root key signed, and starts a session.
 *
 * 1. Check the transaction's kind and the passkey and hash the password, so that nothing is submitted in vain.
 * 2. Submit; from here on the account exists.
 * 3. Keep the password's hash and the passkey, then create the credential. A crash in between leaves an account that can
 *    sign in with them or, without any, recover.
 */
export async function signUp(
  needs: Needs,
  body: SignUp,
  { address, baseUrl, signal }: Caller & { readonly baseUrl: string },
): Promise<StartedSession> {
  const signed = requireKind(body.envelope, "account.create");
  assertSigner(needs, signed.body, body.proof);
  if (signed.payload.homeNode !== needs.ledger.nodeId)
    throw new Refusal("invalid", "Make this node the account's home node to start a session here.", {
      reason: "delegation-missing",
    });
  needs.throttle.attemptFrom(address);
  const passkey =
    body.passkey === undefined ? undefined : verifyNewPasskey(needs, body.passkey, { baseUrl, purpose: "register" });
  const phc = body.password === undefined ? undefined : await needs.hasher.hash(body.password, signal); // 1.
  const outcome = await needs.transactions.submitSigned(signed.bytes, contentsOf(body), signal); // 2.
  const { account } = requireApplied(outcome).result;
  needs.throttle.succeededFrom(address);
  if (phc !== undefined) needs.privateStore.setPasswordHash(account, phc); // 3.
  if (passkey !== undefined) needs.privateStore.addPasskey({ ...passkey, account });
  return startSession(needs, { account, kind: body.session, way: "sign-up", signal });
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
  return startSession(needs, { account: account.id, kind: body.session ?? "cookie", way: "password", signal });
}

/**
 * Makes this node a home of the account by a delegation that its root key signed, and sets the password.
 *
 * A node that is a home already is told so by the ledger, after it has checked the signature: with the signer's proof that is
 * enough to set a new password.
 */
export async function recover(needs: Needs, body: Recovery, { address, signal }: Caller): Promise<StartedSession> {
  const signed = requireKind(body.envelope, "delegation.grant");
  assertSigner(needs, signed.body, body.proof);
  if (signed.payload.node !== needs.ledger.nodeId)
    throw new Refusal("invalid", "The delegation is for another node.", { reason: "node-mismatch" });
  needs.throttle.attemptFrom(address);
  const phc = await needs.hasher.hash(body.password, signal);
  const outcome = await needs.transactions.submitSigned(signed.bytes, contentsOf(body), signal);
  if (!isDelegatedAlready(outcome)) requireApplied(outcome);
  needs.throttle.succeededFrom(address);
  const account = signed.body.account as AccountId;
  needs.privateStore.setPasswordHash(account, phc);
  return startSession(needs, { account, kind: body.session, way: "recovery code", signal });
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

function isDelegatedAlready(outcome: SubmitOutcome<SignedResult>): boolean {
  return (outcome.outcome === "refused" || outcome.outcome === "rejected") && outcome.rejection === "already-so";
}

/**
 * That who asks is who signed, now. The transaction alone shows neither: everybody with the chain has it, for ever, and a
 * repetition is answered like the first time.
 */
function assertSigner(
  { ledger }: Pick<Needs, "ledger">,
  { idempotencyKey, expiresTime }: TransactionBody,
  proof: string,
): void {
  const bytes = new Uint8Array(Buffer.from(proof, "base64"));
  if (bytes.length !== sessionProofLength || !equalBytes(idempotencyKeyOfProof(bytes), idempotencyKey))
    throw new Refusal("unauthenticated", "Somebody else signed this transaction. Begin again.", {
      reason: "proof-mismatch",
    });
  if (expiresTime < ledger.time()) throw refusalOfRejection("expired");
}
