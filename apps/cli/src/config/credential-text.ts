/**
 * Whether a login or token is one word of printable ASCII.
 *
 * Both come from a node or a person and go into HTTP headers and into git's credential protocol, where a line feed would
 * begin another field.
 */
export function isCredentialText(text: string): boolean {
  return /^[\u0021-\u007e]{1,512}$/.test(text);
}
