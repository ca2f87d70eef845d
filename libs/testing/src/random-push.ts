/** What the users of a simulated ledger push. */
import { parseRefName, toHex, zeroObjectId, type Height, type ObjectId, type RepositoryId } from "@guts/primitives";
import {
  ledgerLimits,
  placementAllValidators,
  type CertifiedUpdate,
  type PayloadOf,
  type Repository,
} from "@guts/ledger";
import { hostileText } from "./hostile-text.ts";
import type { SimulatedLedger } from "./simulated-ledger.ts";

/** Names of branches; some are in each other's way. */
export const branches = ["main", "master", "dev", "a", "a/b", "topic/x", "ünïcode", "漢字", "Z", "_"];

/** Refs that are made, moved and deleted, with a storage receipt of every validator. */
export function randomPush(
  ledger: SimulatedLedger,
  repository: Repository | undefined,
  version: number,
): PayloadOf<"refs.change"> {
  const { random } = ledger;
  const id = repository?.id ?? (1 as RepositoryId);
  const zero = zeroObjectId(repository?.objectFormat ?? "sha1");
  const names = [...new Set(Array.from({ length: 1 + random.below(3) }, () => random.pick(branches)!))];
  const updates = names.map((branch): CertifiedUpdate => {
    const name = parseRefName(`${random.oneIn(5) ? "refs/tags/" : "refs/heads/"}${branch}`)!;
    const oldId = random.oneIn(20) ? zero : (ledger.forge.ref(id, name) ?? zero);
    const isDelete = oldId !== zero && random.oneIn(4);
    const newId = isDelete ? zero : (toHex(random.bytes(zero.length / 2)) as ObjectId);
    const newType = isDelete ? "none" : "commit";
    const isUpdate = oldId !== zero && !isDelete;
    const isFastForward = isUpdate && random.oneIn(2);
    return { name, oldId, newId, isFastForward, newType, hasMerges: isUpdate && random.oneIn(3) };
  });
  const receipt = {
    epoch: 0,
    placement: placementAllValidators,
    factsVersion: version,
    baseHeight: ledger.tip.height,
    expiresHeight: (ledger.tip.height + 10) as Height,
  };
  const { networkId } = ledger;
  const signatures = ledger.certify({ networkId, repository: id, updates, packs: [], ...receipt });
  return {
    repository: id,
    isAtomic: random.oneIn(3),
    updates,
    packs: [],
    pushOptions: random.oneIn(4) ? [hostileText(random, ledgerLimits.pushOptionBytesMax)] : [],
    receipt: { ...receipt, signatures },
  };
}
