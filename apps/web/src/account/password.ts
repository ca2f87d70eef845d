/** The least characters of a password; the node's own limit, `passwordLengthMin` of the API. */
export const passwordLengthMin = 10;

/** What is wrong with a new password, or undefined. Length is what counts; no rules about kinds of characters. */
export function passwordProblem(password: string): string | undefined {
  return password.length < passwordLengthMin ? `Use at least ${passwordLengthMin} characters.` : undefined;
}
