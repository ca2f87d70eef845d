/** Who votes in an epoch and how many votes decide. */
import {
  digestOf,
  encode,
  list,
  publicKeyCodec,
  struct,
  text,
  nodeIdCodec,
  type Codec,
  type Digest,
  type NodeId,
  type PublicKey,
} from "@guts/primitives";

/** One validator: its consensus key votes, its node key admits transactions and names it on the network. */
export interface Validator {
  readonly name: string;
  readonly consensusKey: PublicKey;
  readonly nodeId: NodeId;
}

/** Most validators of one epoch; votes are all to all. */
export const validatorCountMax = 100;
/** Longest name of a validator, in bytes. */
export const validatorNameBytesMax = 64;

/** The bytes of one validator. */
export const validatorCodec: Codec<Validator> = struct({
  name: text(validatorNameBytesMax),
  consensusKey: publicKeyCodec,
  nodeId: nodeIdCodec,
});

/** The bytes of a validator set; a validator's index in it stands for it in certificates. */
export const validatorSetCodec: Codec<readonly Validator[]> = list(validatorCodec, validatorCountMax);

/** Votes that decide among `validatorCount` validators: more than two thirds. Any two quorums share an honest one. */
export function quorumOf(validatorCount: number): number {
  return Math.floor((2 * validatorCount) / 3) + 1;
}

/** What a header says of a validator set. */
export function validatorsHash(validators: readonly Validator[]): Digest {
  return digestOf("validators", encode(validatorSetCodec, validators));
}
