/**
 * Which transactions can never stand in a block any more: what their submitter may be told before they expire.
 *
 * Most of what makes a transaction inadmissible may pass: budgets fill up, a node is admitted, a key or credential is
 * recorded, even one that was there before. This function names only what no later block of the same rules can undo:
 *
 * - it has expired: times and heights of blocks only grow;
 * - its account is closed: no kind opens a closed account again;
 * - its key was revoked: a revoked key keeps its row, so no kind adds it again;
 * - its idempotency key is recorded until it has itself expired.
 */
import { equalBytes, type AccountId, type Height, type TimeMs } from "@guts/primitives";
import type { InadmissibleCode } from "./execute-transaction.ts";
import { ForgeState } from "./forge-state.ts";
import type { StateReader } from "./state.ts";
import { readRow } from "./table.ts";
import { idempotencyTable } from "./tables.ts";
import { commandDigest, type Envelope } from "./transaction.ts";

/** The newest block of a state. */
export interface StateTip {
  readonly height: Height;
  readonly time: TimeMs;
}

/**
 * Why no block above `tip` may hold a transaction that no block up to `tip` holds; undefined when one may.
 *
 * @param state The state after `tip`.
 */
export function refuseForGood(
  state: StateReader,
  { body, authorization }: Envelope,
  tip: StateTip,
): InadmissibleCode | undefined {
  if (body.expiresTime <= tip.time || body.expiresHeight <= tip.height) return "expired";
  const recorded = readRow(state, idempotencyTable, { account: body.account, key: body.idempotencyKey });
  if (recorded !== undefined && recorded.expiresTime >= body.expiresTime)
    return equalBytes(recorded.command, commandDigest(body)) ? "already-applied" : "key-reused";
  if (body.account === 0) return undefined;
  const account = body.account as AccountId;
  const forge = new ForgeState(state);
  if (forge.account(account)?.status === "closed") return "account-not-active";
  if (authorization.type !== "key") return undefined;
  const owner = forge.keyOwner(authorization.publicKey);
  const isOver = owner !== undefined && (owner.account !== account || owner.key.revokedHeight !== undefined);
  return isOver ? "key-not-live" : undefined;
}
