import type { TokenCreation } from "@guts/api";
import { scopeSet } from "@guts/governance";
import { ledgerLimits, type Credential, type SecretKind } from "@guts/ledger";
import { fromHex, parseDigest, type Height, type TimeMs } from "@guts/primitives";

import { createToken, credentialIdOfToken } from "../auth/token.ts";
import { notFound } from "../errors.ts";
import type { Services } from "../services.ts";
import { optionsOf, type ChangeRequest } from "./change-repositories.ts";
import { requireApplied } from "./rejection.ts";
import { assertShort } from "./texts.ts";

type Needs = Pick<Services, "ledger" | "transactions" | "random" | "clock">;

/** A session, at home or elsewhere, or a token. */
export type SecretCredential = Credential & { readonly kind: SecretKind | "visit" };

/** Whether it is one of those; SSH keys are credentials too and have lists of their own, vouchers live for moments. */
export function hasSecret(credential: Credential): credential is SecretCredential {
  return credential.kind === "session" || credential.kind === "token" || credential.kind === "visit";
}

const dayMs = 24 * 3600 * 1000;

/** Creates a token that is good at this node. Its text exists in this answer only. */
export async function createPersonalToken(
  needs: Needs,
  request: ChangeRequest,
  body: TokenCreation,
): Promise<{ readonly credential: SecretCredential; readonly token: string; readonly height: Height }> {
  const { ledger, random, clock } = needs;
  assertShort("label", body.label, ledgerLimits.labelBytesMax);
  const token = createToken(random);
  const id = credentialIdOfToken(token);
  const now = Math.max(ledger.time(), clock.nowMs());
  const payload = {
    id,
    kind: "token" as const,
    scopes: scopeSet(body.scopes),
    label: body.label,
    expiresTime: body.expiresInDays === undefined ? undefined : (Math.ceil(now + body.expiresInDays * dayMs) as TimeMs),
    audience: [ledger.nodeId],
  };
  // A new secret each time: a repetition under one idempotency key would be another command.
  const options = optionsOf({ ...request, idempotencyKey: undefined });
  const { height } = requireApplied(await needs.transactions.submit({ kind: "credential.create", payload }, options));
  const credential = ledger.state().credential(id);
  if (credential === undefined || !hasSecret(credential)) throw notFound();
  return { credential, token, height };
}

/** Revokes one of the actor's credentials by its id in hexadecimal. */
export async function revokeToken(needs: Needs, request: ChangeRequest, idText: string): Promise<Height> {
  const id = parseDigest(fromHex(idText) ?? new Uint8Array());
  const credential = id === undefined ? undefined : needs.ledger.state().credential(id);
  if (credential?.account !== request.actor.account.id || !hasSecret(credential)) throw notFound();
  const command = { kind: "credential.revoke", payload: { id: credential.id } } as const;
  return requireApplied(await needs.transactions.submit(command, optionsOf(request))).height;
}
