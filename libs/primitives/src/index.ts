export { assert, assertNever, InvariantViolation } from "./assert.ts";
export type { Branded } from "./branded.ts";
export { compareBytes, concatBytes, equalBytes, fromHex, fromUtf8, toHex, utf8 } from "./bytes.ts";
export { GutsError } from "./guts-error.ts";
export {
  foldName,
  handleLengthMax,
  parseHandle,
  parseRepositoryName,
  repositoryNameLengthMax,
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
