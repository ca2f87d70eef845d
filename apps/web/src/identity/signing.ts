import type { Network } from "@guts/api";
import {
  kindOf,
  ledgerLimits,
  signedTransactionCodec,
  signTransaction,
  type LedgerCommand,
  type TransactionBody,
} from "@guts/ledger";
import {
  encode,
  fromHex,
  parseAccountId,
  parseDigest,
  parseHandle,
  parseHeight,
  parseNodeId,
  parseTimeMs,
  publicKeyOf,
  rootSeedOf,
  GutsError,
  type AccountId,
  type RecoveryCode,
} from "@guts/primitives";

/**
 * Transactions that only the root key may sign, made and signed in the browser. The node gets the signed statement
 * and never the key. The rules of what is signed are the ledger's own, imported from it.
 */

/** `network-not-understood`: the node described its network in a way that no statement can be made for. */
export class SigningError extends GutsError<
  "network-not-understood" | "handle-malformed",
  { readonly field: string }
> {}

/** What the statement must say about where and until when it holds. */
export type NetworkFacts = Pick<Network, "networkId" | "rulesVersion" | "height" | "time" | "nodeId">;

/** How long a statement may wait to be put into a block. The ledger allows ten minutes. */
const lifeMs = 5 * 60_000;

/** What stands for the actor of a transaction that is only to create its account. */
const noAccount = 0 as AccountId;

/** Opens an account under `handle`, owned by the root key behind `code`, with this node as its home. */
export function signAccountCreation(network: NetworkFacts, code: RecoveryCode, handle: string): string {
  const rootKey = publicKeyOf(rootSeedOf(code));
  const payload = {
    handle: known(parseHandle(handle), "handle"),
    rootKey,
    deviceKey: undefined,
    homeNode: known(parseNodeId(network.nodeId), "nodeId"),
    invitation: undefined,
  };
  return sign(network, code, noAccount, { kind: "account.create", payload });
}

/** Lets this node create sessions and tokens for the account. */
export function signDelegation(network: NetworkFacts, code: RecoveryCode, account: number): string {
  const payload = { node: known(parseNodeId(network.nodeId), "nodeId") };
  return sign(network, code, known(parseAccountId(account), "account"), { kind: "delegation.grant", payload });
}

/** Takes that permission back from a node, and with it every session and token it created. */
export function signUndelegation(network: NetworkFacts, code: RecoveryCode, account: number, nodeId: string): string {
  const payload = { node: known(parseNodeId(nodeId), "nodeId") };
  return sign(network, code, known(parseAccountId(account), "account"), { kind: "delegation.revoke", payload });
}

function sign(network: NetworkFacts, code: RecoveryCode, account: AccountId, command: LedgerCommand): string {
  const kind = kindOf(command.kind);
  const body: TransactionBody = {
    networkId: known(parseDigest(known(fromHex(network.networkId), "networkId")), "networkId"),
    rulesVersion: network.rulesVersion,
    account,
    idempotencyKey: crypto.getRandomValues(new Uint8Array(16)),
    expiresTime: known(parseTimeMs(Date.parse(network.time) + lifeMs), "time"),
    expiresHeight: known(parseHeight(network.height + ledgerLimits.transactionLifeBlocksMax / 2), "height"),
    kind: kind.tag,
    payload: encode(kind.payload, command.payload),
  };
  return toBase64(encode(signedTransactionCodec, signTransaction(body, rootSeedOf(code))));
}

function known<Value>(value: Value | undefined, field: string): Value {
  if (value !== undefined) return value;
  if (field === "handle") throw new SigningError("handle-malformed", "This handle cannot be used.", { field });
  throw new SigningError("network-not-understood", `The node's description of its network lacks ${field}.`, { field });
}

function toBase64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
