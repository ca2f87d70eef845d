import { Refusal } from "../errors.ts";
import type { Clock, Ledger, PrivateStore, ReadModel } from "../ports/index.ts";
import { anonymous, type Actor, type SignedInActor } from "./actor.ts";
import { explainEndedToken } from "./ended-token.ts";
import { isGoodHere } from "./good-here.ts";
import { readCookie } from "./session-cookie.ts";
import { credentialIdOfToken, isToken } from "./token.ts";

/** What of a request decides on whose behalf it acts. */
export interface Credentials {
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
}

/** Finds out who a request is from, by looks into the state only. */
export interface Authenticator {
  /**
   * The actor of an `Authorization` header, else of a session cookie, else nobody. A bad header is refused, so that a
   * script learns of its expired token; a bad cookie means nobody, so that public pages stay open.
   */
  authenticate(credentials: Credentials): Actor;
  /** The actor of a token's text, or undefined when it is not live here. */
  actorOf(token: string): SignedInActor | undefined;
  /**
   * What `authenticate` threw, with what became of the token where its holder may know: whoever presents a token held it.
   * Anything else is given back as it is.
   */
  explain(error: unknown, authorization: string | undefined, signal: AbortSignal): Promise<unknown>;
}

export interface AuthenticatorOptions {
  readonly ledger: Ledger;
  readonly privateStore: PrivateStore;
  readonly clock: Clock;
  readonly cookieName: string;
  readonly readModel: Pick<ReadModel, "credentialHistory">;
}

/** An authenticator over the newest applied state. */
export function createAuthenticator(options: AuthenticatorOptions): Authenticator {
  const { ledger, privateStore, clock, cookieName } = options;
  const actorOf = (token: string): SignedInActor | undefined => {
    if (!isToken(token)) return undefined;
    const state = ledger.state();
    const credential = state.credential(credentialIdOfToken(token));
    if (credential === undefined || !isGoodHere({ ledger, clock }, credential)) return undefined;
    const account = state.account(credential.account);
    if (account === undefined || account.status !== "active") return undefined;
    privateStore.touchCredential(credential.id, clock.nowMs() as ReturnType<Ledger["time"]>);
    return { account, scopes: state.powers(credential), credential };
  };
  const authenticate = ({ authorization, cookie }: Credentials): Actor => {
    if (authorization !== undefined && authorization !== "") {
      const actor = actorOf(tokenOf(authorization) ?? "");
      if (actor === undefined) throw refusedToken(ledger, tokenOf(authorization) ?? "");
      return actor;
    }
    const session = readCookie(cookie, cookieName);
    return session === undefined ? anonymous : (actorOf(session) ?? anonymous);
  };
  const explain = async (error: unknown, authorization: string | undefined, signal: AbortSignal): Promise<unknown> => {
    const isBad = error instanceof Refusal && error.code === "unauthenticated";
    const token = isBad ? tokenOf(authorization ?? "") : undefined;
    return (token === undefined ? undefined : await explainEndedToken(options, token, signal)) ?? error;
  };
  return { authenticate, actorOf, explain };
}

/** Whoever holds the token of a suspended account is told so; anybody else learns that it is no good. */
function refusedToken(ledger: Ledger, token: string): Refusal {
  const state = ledger.state();
  const credential = isToken(token) ? state.storedCredential(credentialIdOfToken(token)) : undefined;
  if (credential === undefined || state.suspension(credential.account) === undefined)
    return new Refusal("unauthenticated", "Bad credentials");
  return new Refusal("forbidden", "Sorry. Your account was suspended.", { reason: "account-suspended" });
}

/** The token of an `Authorization` header: after `token` or `Bearer`, or the password (else the user) of `Basic`. */
export function tokenOf(authorization: string): string | undefined {
  const [, scheme = "", rest = ""] = /^(\w+)\s+(\S+)\s*$/.exec(authorization) ?? [];
  if (/^(token|bearer)$/i.test(scheme)) return rest;
  if (!/^basic$/i.test(scheme)) return undefined;
  const text = Buffer.from(rest, "base64").toString("utf8");
  const colon = text.indexOf(":");
  const password = colon === -1 ? "" : text.slice(colon + 1);
  return password === "" || password === "x-oauth-basic" ? text.slice(0, colon === -1 ? undefined : colon) : password;
}
