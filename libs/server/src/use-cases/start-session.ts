import { allScopes } from "@guts/governance";
import type { Account } from "@guts/ledger";
import type { AccountId, Height, TimeMs } from "@guts/primitives";

import { createToken, credentialIdOfToken } from "../auth/token.ts";
import { Refusal } from "../errors.ts";
import type { Authority } from "../ports/index.ts";
import type { Services } from "../services.ts";
import { requireApplied } from "./rejection.ts";

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

/** By what somebody has shown this node who they are; people read it in the list of their sessions. */
export type SessionWay = "sign-up" | "password" | "passkey" | "recovery code";

/** Starts a session of an account that has shown this node who it is. */
export async function startSession(
  needs: Pick<Services, "ledger" | "transactions" | "random" | "clock">,
  {
    account,
    kind,
    way,
    signal,
  }: {
    readonly account: AccountId;
    readonly kind: SessionKind;
    readonly way: SessionWay;
    readonly signal: AbortSignal;
  },
): Promise<StartedSession> {
  const { ledger, random, transactions } = needs;
  const token = createToken(random);
  const now = Math.max(ledger.time(), needs.clock.nowMs());
  const isCookie = kind === "cookie";
  const payload = {
    id: credentialIdOfToken(token),
    kind: isCookie ? ("session" as const) : ("token" as const),
    scopes: allScopes,
    label: `${isCookie ? "Browser" : "Program"}, by ${way}`,
    expiresTime: (now + (isCookie ? sessionLifeMs : signedInTokenLifeMs)) as TimeMs,
    audience: [ledger.nodeId],
  };
  const by: Authority = { account, delegation: true };
  const { height } = requireApplied(await transactions.submit({ kind: "credential.create", payload }, { by, signal }));
  const found = ledger.state().account(account);
  if (found === undefined) throw new Refusal("not-found", "Not Found");
  return { account: found, token, height };
}
