/** Nodes as consensus names them: validators by their index, every other node by a number above. */
import type { NodeId } from "@guts/primitives";
import type { Peer } from "@guts/consensus";
import type { Validator } from "@guts/verifier";

/** Gives each node its number, the same for as long as it is connected. */
export class PeerNumbers {
  readonly #numbers = new Map<NodeId, Peer>();
  readonly #nodes = new Map<Peer, NodeId>();
  #next: Peer;

  constructor(validators: readonly Validator[]) {
    for (const [index, { nodeId }] of validators.entries()) this.#set(nodeId, index);
    this.#next = validators.length;
  }

  /** The number of a node; a new one when it has none yet. */
  numberOf(nodeId: NodeId): Peer {
    return this.#numbers.get(nodeId) ?? this.#set(nodeId, this.#next++);
  }

  nodeOf(peer: Peer): NodeId | undefined {
    return this.#nodes.get(peer);
  }

  /** A node that is no validator has left. */
  forget(nodeId: NodeId, validatorCount: number): void {
    const peer = this.#numbers.get(nodeId);
    if (peer === undefined || peer < validatorCount) return;
    this.#numbers.delete(nodeId);
    this.#nodes.delete(peer);
  }

  #set(nodeId: NodeId, peer: Peer): Peer {
    this.#numbers.set(nodeId, peer);
    this.#nodes.set(peer, nodeId);
    return peer;
  }
}
