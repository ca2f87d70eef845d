/** Why a block is final: a quorum finalized it, or a descendant of it, and with that everything before. */
import { equalBytes, list, struct, type Decoded, type Digest } from "@guts/primitives";
import { certificateCodec, refuseCertificate, type CertificateRefusal } from "./certificate.ts";
import { headerCodec, headerHash, type Header } from "./header.ts";
import { validatorsHash, type Validator } from "./validator-set.ts";

/** Headers between a block and the one that a quorum finalized; as many as may be notarized but not final. */
export const descendantsMax = 1_000;

/** A finalization and the headers that lead from the block's child to the block it names; none when it names the block. */
export const finalityCodec = struct({
  certificate: certificateCodec,
  descendants: list(headerCodec, descendantsMax),
});

/** Proof that a block cannot be taken back. */
export type Finality = Decoded<typeof finalityCodec>;

/** Why finality is not proved. */
export type FinalityRefusal = CertificateRefusal | "not-a-finalization" | "broken-chain";

/** Why the block whose header hashes to `block` is not final by this proof, or undefined when it is. */
export function refuseFinality(
  block: Digest,
  { certificate, descendants }: Finality,
  networkId: Digest,
  validators: readonly Validator[],
): FinalityRefusal | undefined {
  if (certificate.kind !== "finalize") return "not-a-finalization";
  let last = block;
  for (const header of descendants) {
    if (!equalBytes(header.parent, last)) return "broken-chain";
    last = headerHash(header);
  }
  if (!equalBytes(certificate.header, last)) return "broken-chain";
  return refuseCertificate(certificate, networkId, validators);
}

/** Why a header says nothing final on a network. */
export type FinalHeaderRefusal = FinalityRefusal | "wrong-network" | "validators-changed";

/** Why a header is not one of this network that is final by this proof, or undefined when it is. `validators` are those of its epoch. */
export function refuseFinalHeader(
  header: Header,
  finality: Finality,
  { networkId, validators }: { readonly networkId: Digest; readonly validators: readonly Validator[] },
): FinalHeaderRefusal | undefined {
  if (!equalBytes(header.networkId, networkId)) return "wrong-network";
  if (!equalBytes(header.validatorsHash, validatorsHash(validators))) return "validators-changed";
  return refuseFinality(headerHash(header), finality, networkId, validators);
}
