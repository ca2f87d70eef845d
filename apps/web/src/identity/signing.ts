import type { Network } from "@guts/api";
import {
  idempotencyKeyOfProof,
  proveInvitation,
  sessionProofLength,
  signCommand,
  type LedgerCommand,
} from "@guts/ledger";
import {
  GutsError,
  parseHandle,
  parseNodeId,
  publicKeyOf,
  rootSeedOf,
  type NodeId,
  type PrivateSeed,
  type RecoveryCode,
} from "@guts/primitives";

/**
 * Transactions that only the root key may sign, made and signed in the browser by the ledger's own encoder. The node
 * gets the signed statement and never the key.
 */

/** A statement could not be made: the node's or the person's own word for something is not one the ledger knows. */
export class SigningError extends GutsError<"node-malformed" | "handle-malformed", { readonly text: string }> {}

/** What the statement must say about where and until when it holds. */
export type NetworkFacts = Pick<Network, "networkId" | "height" | "time" | "nodeId">;

/** Stands for the actor of a transaction that is only to create its account. */
const noAccount = 0;

/** A signed statement for which the node starts a session, with the proof that this browser signed it; both in base64. */
export interface SessionStatement {
  readonly envelope: string;
  readonly proof: string;
}

/** Opens an account under `handle`, owned by the root key behind `code`, with this node as its home; by an invitation, if there is one. */
export function signAccountCreation(
  network: NetworkFacts,
  code: RecoveryCode,
  handle: string,
  invitation?: PrivateSeed,
): SessionStatement {
  const parsed = parseHandle(handle);
  if (parsed === undefined) throw new SigningError("handle-malformed", "This handle cannot be used.", { text: handle });
  const rootKey = publicKeyOf(rootSeedOf(code));
  const homeNode = nodeOf(network.nodeId);
  const { networkId } = network;
  const shown = invitation && proveInvitation(invitation, { networkId, handle: parsed, rootKey });
  const payload = { handle: parsed, rootKey, deviceKey: undefined, homeNode, invitation: shown };
  return signForSession(network, code, noAccount, { kind: "account.create", payload });
}

/** Lets this node create sessions and tokens for the account. */
export function signDelegation(network: NetworkFacts, code: RecoveryCode, account: number): SessionStatement {
  return signForSession(network, code, account, {
    kind: "delegation.grant",
    payload: { node: nodeOf(network.nodeId) },
  });
}

/** Takes that permission back from a node, and with it every session and token it created. */
export function signUndelegation(network: NetworkFacts, code: RecoveryCode, account: number, nodeId: string): string {
  return signForSession(network, code, account, { kind: "delegation.revoke", payload: { node: nodeOf(nodeId) } })
    .envelope;
}

/** The signed statement as `POST /signup` and its kin take it. */
function signForSession(
  network: NetworkFacts,
  code: RecoveryCode,
  account: number,
  command: LedgerCommand,
): SessionStatement {
  const proof = crypto.getRandomValues(new Uint8Array(sessionProofLength));
  const terms = { ...network, timeMs: Date.parse(network.time), account, idempotencyKey: idempotencyKeyOfProof(proof) };
  return { envelope: base64Of(signCommand(command, terms, rootSeedOf(code))), proof: base64Of(proof) };
}

function base64Of(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}

function nodeOf(text: string): NodeId {
  const node = parseNodeId(text);
  if (node === undefined) throw new SigningError("node-malformed", `“${text}” is not the id of a node.`, { text });
  return node;
}
