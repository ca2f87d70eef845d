import type { AccountId, PrivateSeed } from "@guts/primitives";
import type { PayloadOf } from "@guts/ledger";
import { randomCommitSigner } from "./random-signing-keys.ts";
import { certificateText, signCertificate } from "./signed-push.ts";
import type { SimulatedCommand, SimulatedLedger } from "./simulated-ledger.ts";

/** Somebody with an account, and the keys that they hold. */
export interface User {
  readonly id: AccountId;
  readonly rootSeed: PrivateSeed;
  readonly deviceSeeds: readonly PrivateSeed[];
}

/** A push as the user's git signs it: mostly by a key of theirs, sometimes by one that signs their commits or by nobody's. */
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
  const text = certificateText(ledger, repository, updates, { pushOptions });
  const commitSigner = randomCommitSigner(ledger, id);
  const credential = commitSigner && random.pick([...forge.credentials(id)]);
  if (commitSigner !== undefined && credential !== undefined && random.oneIn(2)) {
    const certificate = signCertificate(text, commitSigner);
    return { command, account: id, signer: { type: "countersigned", credential: credential.id, certificate }, node };
  }
  const certificate = signCertificate(text, seed);
  return { command, account: id, signer: { type: "push-certificate", certificate }, node };
}
