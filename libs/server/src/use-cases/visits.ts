/**
 * Signing in at a node that is no home of the account (ADR 14). Two nodes take part and never talk to each other: the browser
 * goes from the visited node to a home node and back, and the ledger carries what one may believe of the other.
 *
 * At the visited node: begin, and later use the code. At the home node: say who asks, and agree.
 */
import type { VisitHome, VisitSignIn } from "@guts/api";
import { scopesAllow, scopesForVisit } from "@guts/governance";
import { signInRequestOf, voucherIdOf, type Credential } from "@guts/ledger";
import {
  fromHex,
  parseDigest,
  parseNodeId,
  toHex,
  type Digest,
  type Height,
  type NodeId,
  type TimeMs,
} from "@guts/primitives";

import { refusalOf, type SignedInActor } from "../auth/actor.ts";
import { createToken, credentialIdOfToken } from "../auth/token.ts";
import { notFound, Refusal } from "../errors.ts";
import { visitLimits } from "../limits.ts";
import type { Services } from "../services.ts";
import { optionsOf, type ChangeRequest } from "./change-repositories.ts";
import { findAccount } from "./find-repository.ts";
import { requireApplied } from "./rejection.ts";
import type { Caller, SessionKind, StartedSession } from "./start-session.ts";

type Needs = Pick<Services, "ledger" | "network" | "random">;

/** A sign-in that begins; `secret` is for the browser alone. */
export interface BegunVisit {
  readonly secret: Uint8Array;
  readonly homes: readonly VisitHome[];
}

/** Where the page is that asks the person, and the one that takes the code. */
const consentPath = "/login/visit";
const returnPath = "/login/visited";

/** Draws what only the browser will have, and finds the homes to send it to. Throws `Refusal` when there is none. */
export function beginVisit(needs: Needs, login: string, { baseUrl }: { readonly baseUrl: string }): BegunVisit {
  const { ledger, random } = needs;
  const state = ledger.state();
  const account = findAccount(state, login)?.account;
  const nodes = account === undefined ? [] : Array.from(state.delegations(account.id), ({ node }) => node);
  const others = nodes.filter((node) => node !== ledger.nodeId);
  if (others.length === 0 && nodes.length > 0)
    throw new Refusal("conflict", "This node is your home: sign in here with your password or passkey.", {
      reason: "is-home",
    });
  if (others.length === 0)
    throw new Refusal("not-found", "No account of this name has a home node in this network.", { reason: "no-home" });
  const secret = random(visitLimits.secretBytes);
  const query = new URLSearchParams({ node: ledger.nodeId, request: toHex(signInRequestOf(secret)), login });
  const homes = others.map((nodeId) => {
    const url = addressOf(needs, nodeId, baseUrl);
    const consentUrl = url === undefined ? null : `${url}${consentPath}?${query.toString()}`;
    return { nodeId, name: state.node(nodeId)?.name ?? "", consentUrl, isConnected: isConnected(needs, nodeId) };
  });
  return { secret, homes: homes.toSorted((left, right) => Number(right.isConnected) - Number(left.isConnected)) };
}

/** The node that somebody is about to sign in at, as this node knows it. Throws `Refusal`. */
export function visitedNode(
  needs: Needs,
  actor: SignedInActor,
  { nodeId: text, baseUrl }: { readonly nodeId: string; readonly baseUrl: string },
): { readonly nodeId: NodeId; readonly name: string; readonly url: string; readonly scopes: number } {
  const scopes = requireManager(actor);
  const { ledger } = needs;
  const nodeId = parseNodeId(text);
  const row = nodeId === undefined ? undefined : ledger.state().node(nodeId);
  if (nodeId === undefined || row === undefined || nodeId === ledger.nodeId) throw notFound();
  const url = addressOf(needs, nodeId, baseUrl);
  if (url === undefined)
    throw new Refusal("conflict", `This node knows no safe address of ${row.name}. Try again once it is up.`, {
      reason: "node-address-unknown",
    });
  return { nodeId, name: row.name, url, scopes: scopesForVisit(scopes) };
}

/**
 * Agrees to one sign-in at another node.
 *
 * The way back is the address that the node itself has told over its authenticated link, never one out of the request. The
 * code is in the fragment: browsers send it to no server, and to no other page.
 */
export async function agreeToVisit(
  needs: Needs & Pick<Services, "transactions" | "clock">,
  request: ChangeRequest,
  asked: { readonly nodeId: string; readonly request: string; readonly baseUrl: string },
): Promise<{ readonly code: string; readonly height: Height; readonly returnUrl: string }> {
  const { ledger, transactions, clock, random } = needs;
  const { nodeId: node, url, scopes } = visitedNode(needs, request.actor, asked);
  const code = random(visitLimits.secretBytes);
  const payload = {
    id: voucherIdOf(parseDigest(fromHex(asked.request) ?? new Uint8Array())!, code),
    node,
    scopes,
    expiresTime: (Math.max(ledger.time(), clock.nowMs()) + visitLimits.codeLifeMs) as TimeMs,
  };
  const options = optionsOf({ ...request, idempotencyKey: undefined });
  const { height } = requireApplied(await transactions.submit({ kind: "voucher.create", payload }, options));
  const text = Buffer.from(code).toString("base64url");
  const fragment = new URLSearchParams({ code: text, height: String(height) });
  return { code: text, height, returnUrl: `${url}${returnPath}#${fragment.toString()}` };
}

/**
 * Uses a code: a session here, for the browser or program that began.
 *
 * The voucher's id is made of the code and of what only the browser has, so a code that was led astray, or given to
 * somebody to sign them in as another, names no voucher. The ledger uses it up.
 */
export async function enterVisit(
  needs: Needs & Pick<Services, "transactions" | "clock" | "throttle" | "metrics">,
  { code, session = "cookie" }: VisitSignIn,
  { address, signal, secret }: Caller & { readonly secret: string | undefined },
): Promise<StartedSession> {
  const { throttle, metrics } = needs;
  throttle.attemptFrom(address);
  const voucher = secret === undefined ? undefined : findVoucher(needs, voucherIdOfTexts(secret, code));
  metrics.signIns.inc({ outcome: voucher === undefined ? "refused" : "ok" });
  if (voucher === undefined)
    throw new Refusal(
      "unauthenticated",
      "This sign-in did not begin here, took too long, or has been used. Begin again.",
      { reason: "visit-unknown" },
    );
  throttle.succeededFrom(address);
  return redeem(needs, voucher, { kind: session, signal });
}

async function redeem(
  { ledger, transactions, random, clock }: Needs & Pick<Services, "transactions" | "clock">,
  voucher: Credential,
  { kind, signal }: { readonly kind: SessionKind; readonly signal: AbortSignal },
): Promise<StartedSession> {
  const token = createToken(random);
  const payload = {
    id: credentialIdOfToken(token),
    label: kind === "cookie" ? "Browser" : "Program",
    expiresTime: (Math.max(ledger.time(), clock.nowMs()) + visitLimits.sessionLifeMs) as TimeMs,
  };
  const by = { account: voucher.account, credential: voucher.id };
  const { height } = requireApplied(await transactions.submit({ kind: "voucher.redeem", payload }, { by, signal }));
  const account = ledger.state().account(voucher.account);
  if (account === undefined) throw notFound();
  return { account, token, height };
}

function findVoucher({ ledger }: Needs, id: Digest): Credential | undefined {
  const found = ledger.state().credential(id);
  return found?.kind === "voucher" && found.audience.includes(ledger.nodeId) ? found : undefined;
}

function voucherIdOfTexts(secret: string, code: string): Digest {
  return voucherIdOf(signInRequestOf(bytesOf(secret)), bytesOf(code));
}

function bytesOf(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, "base64url"));
}

/** Consent makes a credential, so it takes one that may. */
function requireManager({ scopes }: SignedInActor): number {
  const need = "manage-credentials";
  if (typeof scopes === "number" && scopesAllow(scopes, need)) return scopes;
  throw refusalOf({ code: "scope-missing", need });
}

function isConnected({ network }: Needs, nodeId: NodeId): boolean {
  return network.peers().some((peer) => peer.nodeId === nodeId && peer.isConnected);
}

/** Where a browser may be sent for a node: what the node told of itself, a plain web address, and never from https to http. */
function addressOf({ network }: Needs, nodeId: NodeId, ownUrl: string): string | undefined {
  const told = network.peers().find((peer) => peer.nodeId === nodeId)?.url;
  if (told === undefined || !URL.canParse(told)) return undefined;
  const { protocol, origin, username, password } = new URL(told);
  const isSafe = protocol === "https:" || (protocol === "http:" && !ownUrl.startsWith("https:"));
  return isSafe && username === "" && password === "" ? origin : undefined;
}
