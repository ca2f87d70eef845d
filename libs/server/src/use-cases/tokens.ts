import type { TokenCreation } from "@guts/api";
import { scopeSet } from "@guts/governance";
import { ledgerLimits, type Credential, type LedgerCommand, type PayloadOf, type SecretKind } from "@guts/ledger";
import { fromHex, parseDigest, type Height, type TimeMs } from "@guts/primitives";

import { createToken, credentialIdOfToken } from "../auth/token.ts";
import { notFound } from "../errors.ts";
import type { Services } from "../services.ts";
import { optionsOf, type ChangeRequest } from "./change-repositories.ts";
import { requireApplied } from "./rejection.ts";
import { assertShort } from "./texts.ts";

/** What creating and revoking tokens needs. */
export type TokenNeeds = Pick<Services, "ledger" | "transactions" | "random" | "clock">;

/** A session, at home or elsewhere, or a token. */
export type SecretCredential = Credential & { readonly kind: SecretKind | "visit" };

/** Whether it is one of those; SSH keys are credentials too and have lists of their own, vouchers live for moments. */
export function hasSecret(credential: Credential): credential is SecretCredential {
  return credential.kind === "session" || credential.kind === "token" || credential.kind === "visit";
}

const dayMs = 24 * 3600 * 1000;

/** A new token with its secret. */
export interface CreatedPersonalToken {
  readonly credential: SecretCredential;
  readonly token: string;
  readonly height: Height;
}

/** Creates a token with classic scopes that is good at this node. Its text exists in this answer only. */
export async function createPersonalToken(
  needs: TokenNeeds,
  request: ChangeRequest,
  body: TokenCreation,
): Promise<CreatedPersonalToken> {
  const scopes = scopeSet(body.scopes);
  return recordToken(needs, request, {
    ...body,
    command: (terms) => ({ kind: "credential.create", payload: { ...terms, kind: "token", scopes } }),
  });
}

/** What every token has, whatever bounds it. */
type TokenTerms = Omit<PayloadOf<"credential.create-restricted">, "restriction">;

interface NewToken {
  readonly label: string;
  readonly expiresInDays?: number;
  readonly command: (terms: TokenTerms) => LedgerCommand<"credential.create" | "credential.create-restricted">;
}

/** Draws a token's secret and records its digest. Throws `Refusal`. */
export async function recordToken(
  needs: TokenNeeds,
  request: ChangeRequest,
  { label, expiresInDays, command }: NewToken,
): Promise<CreatedPersonalToken> {
  const { ledger, random, clock, transactions } = needs;
  assertShort("label", label, ledgerLimits.labelBytesMax);
  const token = createToken(random);
  const id = credentialIdOfToken(token);
  const now = Math.max(ledger.time(), clock.nowMs());
  const expiresTime = expiresInDays === undefined ? undefined : (Math.ceil(now + expiresInDays * dayMs) as TimeMs);
  const terms = { id, label, expiresTime, audience: [ledger.nodeId] };
  // A new secret each time: a repetition under one idempotency key would be another command.
  const options = optionsOf({ ...request, idempotencyKey: undefined });
  const { height } = requireApplied(await transactions.submit(command(terms), options));
  const credential = ledger.state().credential(id);
  if (credential === undefined || !hasSecret(credential)) throw notFound();
  return { credential, token, height };
}

/** Revokes one of the actor's credentials by its id in hexadecimal. */
export async function revokeToken(needs: TokenNeeds, request: ChangeRequest, idText: string): Promise<Height> {
  const id = parseDigest(fromHex(idText) ?? new Uint8Array());
  const credential = id === undefined ? undefined : needs.ledger.state().credential(id);
  if (credential?.account !== request.actor.account.id || !hasSecret(credential)) throw notFound();
  const command = { kind: "credential.revoke", payload: { id: credential.id } } as const;
  return requireApplied(await needs.transactions.submit(command, optionsOf(request))).height;
}
