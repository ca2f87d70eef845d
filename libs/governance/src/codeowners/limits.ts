/** Bytes of a CODEOWNERS file; a larger one is not read, as on GitHub. */
export const codeownersBytesMax = 3 * 1024 * 1024;
/** Errors that are told of one file. */
export const codeownersErrorsMax = 100;
