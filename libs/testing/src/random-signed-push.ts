import type { AccountId, PrivateSeed } from "@guts/primitives";
import type { PayloadOf } from "@guts/ledger";
import { certificateText, signCertificate } from "./signed-push.ts";
import type { SimulatedCommand, SimulatedLedger } from "./simulated-ledger.ts";

/** Somebody with an account, and the keys that they hold. */
export interface User {
  readonly id: AccountId;
  readonly rootSeed: PrivateSeed;
  readonly deviceSeeds: readonly PrivateSeed[];
}

/** A push as the user's git signs it: mostly by a key of theirs, sometimes by nobody's. */
export function signRandomly(
  ledger: SimulatedLedger,
  pushed: PayloadOf<"refs.change">,
  { id, rootSeed, deviceSeeds }: User,
): SimulatedCommand {
  const { random, forge, nodes } = ledger;
  const pushOptions = pushed.pushOptions.filter((text) => !text.includes("\n"));
  const payload = { ...pushed, isAtomic: true, pushOptions };
  const command = { kind: "refs.change", payload } as const;
  const node = random.pick(nodes);
  const { repository, updates } = payload;
  const seed = random.oneIn(10) ? ledger.newSeed() : (random.pick(deviceSeeds) ?? rootSeed);
  if (forge.repository(repository) === undefined)
    return { command, account: id, signer: { type: "key", seed: rootSeed }, node };
  const certificate = signCertificate(certificateText(ledger, repository, updates, { pushOptions }), seed);
  return { command, account: id, signer: { type: "push-certificate", certificate }, node };
}
