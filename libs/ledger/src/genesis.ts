/** The document that a network begins with. Its hash is the network's id. */
import {
  decode,
  DecodeError,
  digestOf,
  encode,
  isSoundPublicKey,
  list,
  publicKeyCodec,
  publicKeyOfNode,
  struct,
  text,
  timeCodec,
  toHex,
  u16,
  type Decoded,
  type Digest,
  type Height,
  type PublicKey,
} from "@guts/primitives";
import { emptyMountainRange, validatorSetCodec } from "@guts/verifier";
import { administratorsMax, networkNameBytesMax, rulesVersion } from "./limits.ts";
import type { Overlay } from "./state.ts";
import { writeRow } from "./table.ts";
import { headersTable, networkTable, nodeTable, registrationCodec } from "./tables.ts";

/** The bytes of a genesis document. */
export const genesisCodec = struct({
  rulesVersion: u16,
  name: text(networkNameBytesMax),
  time: timeCodec,
  registration: registrationCodec,
  /** Root keys whose accounts administer the network. */
  administrators: list(publicKeyCodec, administratorsMax),
  validators: validatorSetCodec,
});
/** What a network's founders fix. */
export type Genesis = Decoded<typeof genesisCodec>;

/** The network's id. */
export function genesisHash(genesis: Genesis): Digest {
  return digestOf("genesis", encode(genesisCodec, genesis));
}

/** Why no network can begin with a genesis document. */
export type GenesisRefusal =
  | "malformed"
  | "wrong-rules"
  | "name-missing"
  | "no-validators"
  | "key-unsound"
  | "validator-repeated"
  | "administrator-repeated";

/** The genesis document in these bytes, or why they are none that this code can begin a network with. */
export function parseGenesis(
  raw: Uint8Array,
):
  | { readonly genesis: Genesis; readonly refusal?: undefined }
  | { readonly genesis?: undefined; readonly refusal: GenesisRefusal } {
  try {
    const genesis = decode(genesisCodec, raw);
    const refusal = refuseGenesis(genesis);
    return refusal === undefined ? { genesis } : { refusal };
  } catch (error) {
    if (error instanceof DecodeError) return { refusal: "malformed" };
    throw error;
  }
}

/** Why no network can begin with `genesis`, or undefined. Two validators with one key would be one with two votes. */
export function refuseGenesis(genesis: Genesis): GenesisRefusal | undefined {
  const { administrators, name, validators } = genesis;
  if (genesis.rulesVersion !== rulesVersion) return "wrong-rules";
  if (name === "") return "name-missing";
  if (validators.length === 0) return "no-validators";
  const nodeKeys = validators.map(({ nodeId }) => publicKeyOfNode(nodeId));
  const consensusKeys = validators.map(({ consensusKey }) => consensusKey);
  if (![...administrators, ...nodeKeys, ...consensusKeys].every(isSoundPublicKey)) return "key-unsound";
  if ([nodeKeys, consensusKeys].some(hasRepetition)) return "validator-repeated";
  return hasRepetition(administrators) ? "administrator-repeated" : undefined;
}

function hasRepetition(keys: readonly PublicKey[]): boolean {
  return new Set(keys.map(toHex)).size !== keys.length;
}

/** Writes the state of height 0. */
export function applyGenesis(state: Overlay, genesis: Genesis): void {
  const { name, time, registration, administrators, validators } = genesis;
  writeRow(state, networkTable, {}, { name, createdTime: time, registration, administrators, epoch: 0, validators });
  writeRow(state, headersTable, {}, emptyMountainRange);
  for (const validator of validators) {
    writeRow(state, nodeTable, validator.nodeId, { name: validator.name, sinceHeight: 0 as Height });
  }
}
