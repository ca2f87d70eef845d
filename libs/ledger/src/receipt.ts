/**
 * Storage receipts: a quorum's word that the objects of a push are durable with them (DESIGN D3; formats-v1, "Receipt").
 *
 * Every signer signs the same bytes. They name what is stored and what git says of it, so nobody's claim is trusted alone.
 */
import {
  bool,
  digestCodec,
  encode,
  fixed,
  heightCodec,
  inDomain,
  list,
  oneOf,
  repositoryIdCodec,
  signatureCodec,
  struct,
  u16,
  u32,
  u64,
  verifySignature,
  type Codec,
  type Decoded,
} from "@guts/primitives";
import { quorumOf, validatorCountMax, type Validator } from "@guts/verifier";
import { packsPerPushMax, refUpdatesPerPushMax } from "./limits.ts";
import { mergeFactCodec } from "./pull-tables.ts";
import { objectIdCodec, refNameCodec } from "./ref-codecs.ts";

/** What kind of object a ref points to after the update; `none` for a deletion. */
const objectTypeCodec: Codec<ObjectType> = oneOf({ none: 0, commit: 1, tree: 2, blob: 3, tag: 4 });
/** The type of a git object, or that there is none. */
export type ObjectType = "none" | "commit" | "tree" | "blob" | "tag";

/** The version of the facts in the receipts that nodes ask for and give. Version 1 did not say `hasMerges`. */
export const factsVersion = 2;

/** The version of the facts in receipts for merges, which say besides what was merged and how. */
export const mergeFactsVersion = 3;

const firstFacts = {
  name: refNameCodec,
  oldId: objectIdCodec,
  newId: objectIdCodec,
  /** Whether the old commit is an ancestor of the new one. False for creations and deletions. */
  isFastForward: bool,
  newType: objectTypeCodec,
};

/** One ref update with what git says of it, in facts of version 1. */
export const firstCertifiedUpdateCodec = struct(firstFacts);
const secondFacts = {
  ...firstFacts,
  /**
   * Whether a commit with two or more parents is among those that the new commit reaches and the old one does not. False for
   * creations and deletions.
   */
  hasMerges: bool,
};
/** The same in version 2. */
export const certifiedUpdateCodec = struct(secondFacts);
/** And in version 3: every signer has computed the merge and found the new commit. */
export const mergedUpdateCodec = struct({ ...secondFacts, merge: mergeFactCodec });
/** The update of the branch that a merge is made into. */
export type MergedUpdate = Decoded<typeof mergedUpdateCodec>;
/** A command of a push, certified. Zero ids stand for "no object" as in git's protocol. */
export type CertifiedUpdate = Decoded<typeof certifiedUpdateCodec>;
/** A command by a receipt of any version. */
export type AnyCertifiedUpdate = Decoded<typeof firstCertifiedUpdateCodec> & {
  readonly hasMerges?: boolean;
  readonly merge?: MergedUpdate["merge"];
};

/** A pack that holds objects of a push. */
export const packRefCodec = struct({ sha256: fixed(32), sizeBytes: u64 });
/** A pack by its SHA-256 and size. */
export type PackRef = Decoded<typeof packRefCodec>;

const statementHead = struct({
  networkId: digestCodec,
  epoch: u64,
  repository: repositoryIdCodec,
  /** Who is to hold the objects: 1 = all validators of the epoch. */
  placement: u16,
  factsVersion: u16,
});
const statementRest = struct({
  packs: list(packRefCodec, packsPerPushMax),
  /** Objects reachable from the refs finalized at this height are not repeated in the packs. */
  baseHeight: heightCodec,
  expiresHeight: heightCodec,
});

/** The statement under a receipt. Its updates have the facts of its version. */
export type ReceiptStatement = Decoded<typeof statementHead> & {
  readonly updates: readonly AnyCertifiedUpdate[];
} & Decoded<typeof statementRest>;

/** What every signer states. The version stands before the updates, whose layout it selects. */
export const receiptStatementCodec: Codec<ReceiptStatement> = {
  write: (writer, statement) => {
    statementHead.write(writer, statement);
    updatesCodec(statement.factsVersion).write(writer, statement.updates);
    statementRest.write(writer, statement);
  },
  read: (reader) => {
    const head = statementHead.read(reader);
    const updates = updatesCodec(head.factsVersion).read(reader);
    return { ...head, updates, ...statementRest.read(reader) };
  },
};

function updatesCodec(version: number): Codec<readonly AnyCertifiedUpdate[]> {
  const codecs = { [factsVersion]: certifiedUpdateCodec, [mergeFactsVersion]: mergedUpdateCodec };
  const codec = codecs[version as keyof typeof codecs] ?? firstCertifiedUpdateCodec;
  return list(codec as Codec<AnyCertifiedUpdate>, refUpdatesPerPushMax);
}

/** Signatures of validators by index, ascending, each once. */
export const receiptSignaturesCodec = list(struct({ validator: u32, signature: signatureCodec }), validatorCountMax);
/** Who signed a statement. */
export type ReceiptSignatures = Decoded<typeof receiptSignaturesCodec>;

/** The only placement of version 1. */
export const placementAllValidators = 1;

/** The bytes under a receipt's signature. */
export function receiptBytes(statement: ReceiptStatement): Uint8Array {
  return inDomain("receipt", encode(receiptStatementCodec, statement));
}

/** Whether a quorum of the epoch's validators signed the statement. */
export function isCertified(
  statement: ReceiptStatement,
  signatures: ReceiptSignatures,
  validators: readonly Validator[],
): boolean {
  if (signatures.length < quorumOf(validators.length)) return false;
  const message = receiptBytes(statement);
  return signatures.every(({ validator, signature }, index) => {
    const signer = validators[validator];
    const isAscending = index === 0 || signatures[index - 1]!.validator < validator;
    return isAscending && signer !== undefined && verifySignature(signer.consensusKey, message, signature);
  });
}
