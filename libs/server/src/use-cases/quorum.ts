import type { ForgeState } from "@guts/ledger";
import type { NodeId } from "@guts/primitives";
import { quorumOf } from "@guts/verifier";

import type { NetworkView, QuorumState } from "../ports/index.ts";

/** How many of the network's validators this node sees at work. */
export function quorumState(state: ForgeState, network: NetworkView, self: NodeId): QuorumState {
  const { validators } = state.network();
  const connected = new Set(network.peers().flatMap(({ nodeId, isConnected }) => (isConnected ? [nodeId] : [])));
  const up = validators.filter(({ nodeId }) => nodeId === self || connected.has(nodeId));
  return { validatorCount: validators.length, upCount: up.length, neededCount: quorumOf(validators.length) };
}

/** One line for people: who is up, and what that means. */
export function quorumWords({ validatorCount, upCount, neededCount }: QuorumState): string {
  if (validatorCount === 1) return upCount === 1 ? "the only validator is up" : "the only validator is down";
  const up = `${upCount} of ${validatorCount} validators up`;
  const spare = upCount - neededCount;
  if (spare < 0) return `${up}; ${missingWords(-spare)} must come back before anything can be written`;
  const more = upCount < validatorCount ? " more" : "";
  return `${up}; ${spare === 0 ? `none${more} may fail` : `${spare === 1 ? "one" : spare}${more} may fail`}`;
}

/** Why nothing can be written just now, and what goes on: what somebody reads whose write was refused. */
export function tooFewValidatorsWords({ validatorCount, upCount, neededCount }: QuorumState): string {
  const missing = neededCount - upCount;
  return (
    `${upCount} of ${validatorCount} validators are up and ${neededCount} must agree: ` +
    `nothing can be written until ${missingWords(missing)} ${missing === 1 ? "is" : "are"} back. Reading goes on.`
  );
}

function missingWords(count: number): string {
  return count === 1 ? "one more" : `${count} more`;
}
