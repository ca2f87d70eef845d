export { assert, assertNever, InvariantViolation } from "./assert.ts";
export type { Branded } from "./branded.ts";
export { compareBytes, concatBytes, equalBytes, fromHex, fromUtf8, toHex, utf8 } from "./bytes.ts";
export { GutsError } from "./guts-error.ts";
export {
  foldName,
  handleLengthMax,
  parseFoldedName,
  parseHandle,
  parseRepositoryName,
  repositoryNameLengthMax,
  type FoldedName,
  type Handle,
  type RepositoryName,
} from "./names.ts";
export {
  isZeroObjectId,
  objectIdLength,
  parseObjectId,
  zeroObjectId,
  type ObjectFormat,
  type ObjectId,
} from "./object-id.ts";
export { parseBranchName, parseRefName, refNameBytesMax, shortRefName, type RefName } from "./ref-name.ts";
export {
  bool,
  bytes,
  ByteReader,
  ByteWriter,
  decode,
  DecodeError,
  encode,
  EncodeError,
  fixed,
  list,
  mapped,
  oneOf,
  option,
  restText,
  struct,
  text,
  u16,
  u32,
  u64,
  u8,
  union,
  type AnyCodec,
  type Codec,
  type Decoded,
  type DecodeErrorCode,
} from "./codec.ts";
export {
  digestCodec,
  digestOf,
  domainNames,
  inDomain,
  parseDigest,
  zeroDigest,
  type Digest,
  type Domain,
} from "./digest.ts";
export {
  accountIdCodec,
  heightCodec,
  nodeIdCodec,
  nodeIdOf,
  parseAccountId,
  parseHeight,
  parseNodeId,
  parseRepositoryId,
  parseTeamId,
  parseTimeMs,
  publicKeyOfNode,
  repositoryIdCodec,
  teamIdCodec,
  timeCodec,
  timeMsMax,
  type AccountId,
  type Height,
  type NodeId,
  type RepositoryId,
  type TeamId,
  type TimeMs,
} from "./ids.ts";
export {
  encodeRecoveryCode,
  parseRecoveryCode,
  recoveryEntropyLength,
  rootSeedOf,
  type RecoveryCode,
} from "./recovery-code.ts";
export {
  isSoundPublicKey,
  parsePrivateSeed,
  parsePublicKey,
  publicKeyCodec,
  publicKeyOf,
  signatureCodec,
  signMessage,
  verifySignature,
  type PrivateSeed,
  type PublicKey,
  type Signature,
} from "./signature.ts";
export {
  parseSshPublicKey,
  sshBlobOf,
  sshKeyBlobBytesMax,
  sshRsaBitsMin,
  type SshKeyRefusal,
  type SshPublicKey,
} from "./ssh-public-key.ts";
export { sshSignedBytes } from "./ssh-signature.ts";
