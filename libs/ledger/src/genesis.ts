/** The document that a network begins with. Its hash is the network's id. */
import {
  digestOf,
  encode,
  list,
  publicKeyCodec,
  struct,
  text,
  timeCodec,
  u16,
  type Decoded,
  type Digest,
  type Height,
} from "@guts/primitives";
import { emptyMountainRange, validatorSetCodec } from "@guts/verifier";
import { administratorsMax, networkNameBytesMax } from "./limits.ts";
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

/** Writes the state of height 0. */
export function applyGenesis(state: Overlay, genesis: Genesis): void {
  const { name, time, registration, administrators, validators } = genesis;
  writeRow(state, networkTable, {}, { name, createdTime: time, registration, administrators, epoch: 0, validators });
  writeRow(state, headersTable, {}, emptyMountainRange);
  for (const validator of validators) {
    writeRow(state, nodeTable, validator.nodeId, { name: validator.name, sinceHeight: 0 as Height });
  }
}
