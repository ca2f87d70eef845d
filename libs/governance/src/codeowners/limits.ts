/** Bytes of a CODEOWNERS file; a larger one is not read, as on GitHub. */
export const codeownersBytesMax = 3 * 1024 * 1024;
/** Characters of a pattern: as long as a path may be. */
export const codeownersPatternMax = 4_096;
/** Characters of a line that an error shows. */
export const codeownersShownMax = 500;
/** Errors that are told of one file. */
export const codeownersErrorsMax = 100;
