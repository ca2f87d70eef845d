/** Keys of OpenSSH, and commands about keys that sign: some are taken, unknown or no keys. */
import type { SigningKey } from "@guts/ledger";
import { equalBytes, publicKeyOf, sshBlobOf, type AccountId, type PrivateSeed } from "@guts/primitives";
import type { Random } from "./random.ts";
import type { SimulatedLedger } from "./simulated-ledger.ts";

/** Payloads by kind, for an account. */
export function randomSigningKeys(
  ledger: SimulatedLedger,
  random: Random,
  { account, label }: { readonly account: AccountId; readonly label: () => string },
) {
  const numberOf = (type: SigningKey["type"]): number =>
    random.pick([...ledger.forge.signingKeys(account, type)])?.number ?? random.below(5);
  return {
    "ssh-signing-key.add": () => ({ blob: randomSshKey(random), title: label() }),
    "gpg-key.add": () => ({ key: gpgKey(random), title: label() }),
    "ssh-signing-key.remove": () => ({ number: numberOf("ssh") }),
    "gpg-key.remove": () => ({ number: numberOf("gpg") }),
  };
}

/** The blob of one of few keys, so that they are taken, or bytes that are none. */
export function randomSshKey(random: Random): Uint8Array {
  if (random.oneIn(8)) return random.bytes(40);
  return sshBlobOf(publicKeyOf(sshSeeds[random.below(sshSeeds.length)]!));
}

/** The private half of one of an account's SSH keys that sign commits; undefined when it has none. */
export function randomCommitSigner(ledger: SimulatedLedger, account: AccountId): PrivateSeed | undefined {
  const held = ledger.random.pick([...ledger.forge.signingKeys(account, "ssh")]);
  return held && sshSeeds.find((seed) => equalBytes(sshBlobOf(publicKeyOf(seed)), held.key));
}

const sshSeeds = Array.from({ length: 24 }, (_, index) => new Uint8Array(32).fill(1 + index) as PrivateSeed);

/** One of few keys as the ledger knows them, or bytes that begin like none. */
function gpgKey(random: Random): Uint8Array {
  return Uint8Array.of(random.oneIn(6) ? 0xa5 : random.pick([0x99, 0xc6]), random.below(4));
}
