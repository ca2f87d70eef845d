import { signMessage, type Height, type PrivateSeed, type RepositoryId } from "@guts/primitives";
import {
  factsVersion,
  placementAllValidators,
  receiptBytes,
  type CertifiedUpdate,
  type PackRef,
  type PayloadOf,
} from "@guts/ledger";
import type { StateView } from "@guts/storage";

/** Blocks for which a receipt holds: signers keep the named packs at least as long. */
export const receiptLifeBlocks = 10_000;

/** What a push stored, to be certified. */
export interface StoredPush {
  readonly repository: RepositoryId;
  readonly updates: readonly CertifiedUpdate[];
  readonly packs: readonly PackRef[];
}

/**
 * This node's receipt for a push whose packs it has promoted. With one validator it is the quorum.
 *
 * The caller has made the objects durable before: the signature says so.
 */
export function issueReceipt(
  state: Pick<StateView, "networkId" | "tip">,
  push: StoredPush,
  consensusSeed: PrivateSeed,
): PayloadOf<"refs.update">["receipt"] {
  const { networkId, tip } = state;
  const terms = {
    epoch: 0,
    placement: placementAllValidators,
    factsVersion,
    baseHeight: tip.height,
    expiresHeight: (tip.height + receiptLifeBlocks) as Height,
  };
  const signature = signMessage(consensusSeed, receiptBytes({ networkId, ...push, ...terms }));
  return { ...terms, signatures: [{ validator: 0, signature }] };
}
