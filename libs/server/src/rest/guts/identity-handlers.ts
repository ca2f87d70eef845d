import type { Account as AccountShape, AccountKey as AccountKeyShape } from "@guts/api";
import { scopeNames } from "@guts/governance";
import { commitAddressOf, type Account, type ForgeState } from "@guts/ledger";
import { toHex, type AccountId } from "@guts/primitives";

import { expiredCookie, sessionCookie } from "../../auth/session-cookie.ts";
import { notFound } from "../../errors.ts";
import type { RouteHandlers } from "../../http/call.ts";
import type { Services } from "../../services.ts";
import { isAdministrator } from "../../use-cases/administration.ts";
import { avatarPath } from "../../use-cases/avatars.ts";
import { findAccount } from "../../use-cases/find-repository.ts";
import { recover, signIn, signOut, signUp } from "../../use-cases/sessions.ts";
import { sessionLifeMs, type SessionKind, type StartedSession } from "../../use-cases/start-session.ts";
import { textReader } from "../../use-cases/texts.ts";
import { createFineGrainedToken } from "../../use-cases/fine-grained-tokens.ts";
import { createPersonalToken, hasSecret, revokeToken } from "../../use-cases/tokens.ts";
import { isoTime } from "../iso-time.ts";
import { presentCreated, presentToken } from "./present-token.ts";

type SessionName =
  | "POST /api/guts/signup"
  | "POST /api/guts/signin"
  | "POST /api/guts/recover"
  | "POST /api/guts/signout"
  | "GET /api/guts/session";
type CredentialName =
  | `${"GET" | "POST"} /api/guts/tokens`
  | "POST /api/guts/tokens/fine-grained"
  | "DELETE /api/guts/tokens/{id}"
  | "GET /api/guts/keys"
  | "GET /api/guts/accounts/{handle}/keys"
  | "GET /api/guts/delegations";

/** Accounts, sessions, tokens, keys. */
export function identityHandlers(services: Services): Pick<RouteHandlers, SessionName | CredentialName> {
  return { ...sessionHandlers(services), ...credentialHandlers(services) };
}

function sessionHandlers(services: Services): Pick<RouteHandlers, SessionName> {
  const { ledger, cookieName } = services;
  const presentAccount = accountPresenter(services);
  const started = sessionPresenter(services);
  return {
    "POST /api/guts/signup": async ({ body, address, baseUrl, signal }) => {
      const session = await signUp(services, body, { address, baseUrl, signal });
      return { status: 201, ...started(session, body.session, { baseUrl }) };
    },
    "POST /api/guts/signin": async ({ body, address, baseUrl, signal }) => {
      const session = await signIn(services, body, { address, signal });
      return { status: 200, ...started(session, body.session ?? "cookie", { baseUrl }) };
    },
    "POST /api/guts/recover": async ({ body, address, baseUrl, signal }) => {
      const session = await recover(services, body, { address, signal });
      return { status: 200, ...started(session, body.session, { baseUrl }) };
    },
    "POST /api/guts/signout": async ({ actor, signal }) => {
      await signOut(services, actor, signal);
      return { status: 204, body: undefined, headers: { "set-cookie": expiredCookie(cookieName) } };
    },
    "GET /api/guts/session": ({ actor }) => {
      const { name, registration } = ledger.state().network();
      const network = { networkId: toHex(ledger.networkId), name, registration };
      const account = actor.account === undefined ? null : presentAccount(actor.account);
      const scopes = typeof actor.scopes === "number" ? [...scopeNames(actor.scopes)] : [];
      const isVisit = actor.credential?.kind === "visit";
      const hasPassword =
        actor.account !== undefined && services.privateStore.passwordHash(actor.account.id) !== undefined;
      const commitAddress = actor.account === undefined ? null : commitAddressOf(ledger.networkId, actor.account);
      const held = { scopes, isVisit, isAdministrator: isAdministrator(actor), hasPassword };
      const body = { account, ...held, commitAddress, network };
      return { status: 200, body };
    },
  };
}

function credentialHandlers(services: Services): Pick<RouteHandlers, CredentialName> {
  const { ledger } = services;
  return {
    "GET /api/guts/tokens": ({ actor }) => {
      const credentials = [...ledger.state().credentials(actor.account.id)].filter(hasSecret).toReversed();
      return {
        status: 200,
        body: credentials.map((credential) => presentToken(services, credential, actor)),
      };
    },
    "POST /api/guts/tokens": async (call) =>
      presentCreated(services, await createPersonalToken(services, call, call.body), call.actor),
    "POST /api/guts/tokens/fine-grained": async (call) =>
      presentCreated(services, await createFineGrainedToken(services, call, call.body), call.actor),
    "DELETE /api/guts/tokens/{id}": async (call) => ({
      status: 204,
      body: undefined,
      height: await revokeToken(services, call, call.path.id),
    }),
    "GET /api/guts/keys": ({ actor }) => ({ status: 200, body: presentKeys(ledger.state(), actor.account.id) }),
    "GET /api/guts/accounts/{handle}/keys": ({ path }) => {
      const found = findAccount(ledger.state(), path.handle);
      if (found === undefined) throw notFound();
      return { status: 200, body: presentKeys(ledger.state(), found.account.id) };
    },
    "GET /api/guts/delegations": ({ actor }) => {
      const delegations = Array.from(
        ledger.state().delegations(actor.account.id),
        ({ node, grantedTime, grantedHeight }) => ({
          nodeId: node,
          grantedAt: isoTime(grantedTime),
          grantedHeight,
        }),
      );
      return { status: 200, body: delegations };
    },
  };
}

/** Shows a session that has begun: its secret in a cookie, or in the answer to a program. */
export function sessionPresenter(services: Services) {
  const presentAccount = accountPresenter(services);
  return (
    session: StartedSession,
    kind: SessionKind,
    { baseUrl, lifeSeconds = sessionLifeMs / 1000 }: { readonly baseUrl: string; readonly lifeSeconds?: number },
  ) => ({
    body: {
      account: presentAccount(session.account),
      token: kind === "token" ? session.token : null,
      height: session.height,
    },
    height: session.height,
    headers: {
      "cache-control": "no-store",
      ...(kind === "cookie" && {
        "set-cookie": sessionCookie(services.cookieName, session.token, {
          maxAgeSeconds: lifeSeconds,
          isSecure: baseUrl.startsWith("https:"),
        }),
      }),
    },
  });
}

/** Shows an account with its display name. */
export function accountPresenter({ ledger }: Pick<Services, "ledger">): (account: Account) => AccountShape {
  const text = textReader(ledger);
  return ({ id, handle, displayName, createdTime, avatar }) => ({
    id,
    handle,
    name: text(displayName),
    avatarPath: avatarPath({ id, avatar }),
    createdAt: isoTime(createdTime),
  });
}

/** Keys that act, the root keys first. */
function presentKeys(state: ForgeState, account: AccountId): AccountKeyShape[] {
  const live = [...state.keys(account)].filter(({ revokedHeight }) => revokedHeight === undefined);
  return live.map(({ publicKey, role, label, addedTime, addedHeight }) => ({
    publicKey: toHex(publicKey),
    role,
    label: label === "" ? null : label,
    addedAt: isoTime(addedTime),
    addedHeight,
  }));
}
