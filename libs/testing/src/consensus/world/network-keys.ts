import { digestOf, nodeIdOf, publicKeyOf, utf8, type PrivateSeed, type PublicKey } from "@guts/primitives";
import type { Validator } from "@guts/verifier";
import { cheapSignatures, realSignatures, type NetworkSignatures } from "./signatures.ts";

/** Who votes, and how votes are signed. */
export interface Network {
  readonly validators: readonly Validator[];
  readonly signatures: NetworkSignatures;
}

/** A network whose keys are names and whose signatures cost a microsecond. */
export function cheapNetwork(validatorCount: number): Network {
  const keys = Array.from({ length: validatorCount }, (_, index) => seedOf(index) as Uint8Array as PublicKey);
  return { validators: validatorsOf(keys), signatures: cheapSignatures };
}

/** A network with Ed25519 keys and signatures. */
export function realNetwork(validatorCount: number): Network {
  const seeds = Array.from({ length: validatorCount }, (_, index) => seedOf(index));
  const validators = validatorsOf(seeds.map(publicKeyOf));
  return { validators, signatures: realSignatures(seeds, validators) };
}

function seedOf(index: number): PrivateSeed {
  return digestOf("rootSeed", utf8(`validator ${index}`)) as Uint8Array as PrivateSeed;
}

function validatorsOf(keys: readonly PublicKey[]): readonly Validator[] {
  return keys.map((key, index) => ({ name: `validator-${index}`, consensusKey: key, nodeId: nodeIdOf(key) }));
}
