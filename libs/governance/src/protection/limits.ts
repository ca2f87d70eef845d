/** Every maximum of protection rules. */

/** Bytes of a pattern: as long as the longest ref name. */
export const patternBytesMax = 255;
/** Approvals that a rule may ask for: as many as GitHub lets one ask for. */
export const approvalsMax = 6;
/** People, and teams, whom a rule names. */
export const protectionActorsMax = 100;
/** Checks that a rule names, and bytes of the name of each. */
export const protectionChecksMax = 50;
export const checkNameBytesMax = 255;
/** Rules of one repository. */
export const protectionRulesPerRepositoryMax = 50;
/** Steps of matching patterns that one push may take; some hundred refs against some rules with many wildcards. */
export const matchStepsPerPushMax = 500_000;
