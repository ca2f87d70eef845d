import { parseScope, scopeSet, type Scope, type ScopeSet } from "@guts/governance";
import type { Height, TimeMs } from "@guts/primitives";

import type { PendingDevice } from "../auth/device-codes.ts";
import { notFound } from "../errors.ts";
import type { Services } from "../services.ts";
import { optionsOf, type ChangeRequest } from "./change-repositories.ts";
import { requireApplied } from "./rejection.ts";

type Needs = Pick<Services, "ledger" | "transactions" | "clock" | "devices" | "throttle">;

/** Names of programs that bring their own client id; whatever else asks is shown by its id. */
const knownClients: Readonly<Record<string, string>> = {
  "178c6fc778ccc68e1d6a": "GitHub CLI",
  "guts-cli": "guts command",
};
/** How long the token of a device lives. */
const tokenLifeMs = 366 * 24 * 3600 * 1000;

/** How a program that asks for a login is called. */
export function clientNameOf(clientId: string): string {
  return knownClients[clientId] ?? clientId;
}

/** The scopes of a request, separated by spaces or commas. Those that mean nothing here are left out, as GitHub does. */
export function parseScopes(text: string): ScopeSet {
  const scopes = text.split(/[\s,]+/).map(parseScope);
  return scopeSet(scopes.filter((scope): scope is Scope => scope !== undefined));
}

/** The login that waits behind a typed code. Guesses are bounded per account and address. Throws `Refusal`. */
export function findDevice(
  { devices, throttle }: Needs,
  typed: string,
  { account, address }: { readonly account: number; readonly address: string },
): PendingDevice {
  throttle.attempt(`device code by #${account}`, address);
  const pending = devices.find(typed);
  if (pending === undefined) throw notFound();
  throttle.succeeded(`device code by #${account}`, address);
  return pending;
}

/**
 * Lets a device in, or sends it away.
 *
 * 1. Record the credential on the ledger, on the word of who approves: it can do no more than they can.
 * 2. Let the device fetch its token. A crash in between leaves a credential whose secret only the device could derive.
 */
export async function answerDevice(
  needs: Needs,
  request: ChangeRequest,
  { pending, isApproved }: { readonly pending: PendingDevice; readonly isApproved: boolean },
): Promise<Height | undefined> {
  const { ledger, transactions, clock, devices } = needs;
  const { clientId, credential, scopes, userCode } = pending;
  if (!isApproved) {
    devices.decide(userCode, "denied");
    return undefined;
  }
  const payload = {
    id: credential,
    kind: "token" as const,
    scopes,
    label: `${clientNameOf(clientId)}, signed in by code`,
    expiresTime: (Math.max(ledger.time(), clock.nowMs()) + tokenLifeMs) as TimeMs,
    audience: [ledger.nodeId],
  };
  const options = optionsOf({ ...request, idempotencyKey: undefined });
  const { height } = requireApplied(await transactions.submit({ kind: "credential.create", payload }, options)); // 1.
  if (!devices.decide(userCode, "approved")) throw notFound(); // 2.
  return height;
}
