/**
 * What became of a token that is taken no more, told to whoever presents it: who does has held it, and a digest that nobody
 * ever recorded gets the answer of every wrong token.
 */
import type { Credential } from "@guts/ledger";
import type { TimeMs } from "@guts/primitives";

import { Refusal } from "../errors.ts";
import type { Clock, Ledger, ReadModel } from "../ports/index.ts";
import { credentialIdOfToken, isToken } from "./token.ts";

interface Needs {
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly readModel: Pick<ReadModel, "credentialHistory">;
}

/** The refusal that says why a token ended and when; undefined for a token that never was one here. */
export async function explainEndedToken(
  { ledger, clock, readModel }: Needs,
  token: string,
  signal: AbortSignal,
): Promise<Refusal | undefined> {
  if (!isToken(token)) return undefined;
  const id = credentialIdOfToken(token);
  const now = Math.max(ledger.time(), clock.nowMs());
  const stored = ledger.state().storedCredential(id);
  if (stored !== undefined) return explainStored(ledger, stored, now);
  // Lists that are being made anew, or a database that is away, must not keep a client from its answer.
  const history = await readModel.credentialHistory(id, signal).catch(() => undefined);
  if (history === undefined) return undefined;
  const { expiresTime, revokedTime } = history;
  if (revokedTime !== undefined) return ended("revoked", `This token was revoked on ${dayOf(revokedTime)}.`);
  if (expiresTime !== undefined && expiresTime <= now) return expired(expiresTime);
  return ended("revoked", "This token ended when its account took back the permission of the node that made it.");
}

function explainStored(ledger: Ledger, { id, expiresTime, audience }: Credential, now: number): Refusal | undefined {
  if (expiresTime !== undefined && expiresTime <= now) return expired(expiresTime);
  if (ledger.state().credential(id) === undefined)
    return ended("revoked", "This token ended when a node that it was good at left the network.");
  if (audience.includes(ledger.nodeId)) return undefined;
  const words = "This token is good at other nodes. Make one here, or share it with this node: guts token share.";
  return ended("wrong-node", words);
}

function expired(time: TimeMs): Refusal {
  return ended("expired", `This token expired on ${dayOf(time)}.`);
}

function ended(how: "revoked" | "expired" | "wrong-node", words: string): Refusal {
  return new Refusal("unauthenticated", `Bad credentials. ${words}`, { reason: `token-${how}` });
}

/** `2026-11-20 at 17:03 UTC`: exact, and the same wherever it is read. */
function dayOf(time: TimeMs): string {
  const [day = "", clock = ""] = new Date(time).toISOString().split("T");
  return `${day} at ${clock.slice(0, 5)} UTC`;
}
