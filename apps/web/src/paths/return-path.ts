/**
 * Where to go after signing in, from a query parameter that anyone may have written. Only a path of this site is
 * followed: a scheme, a host (`//host`, `/\host`) or a control character gives the home page.
 */
export function parseReturnPath(text: unknown): string {
  if (typeof text !== "string" || !/^\/(?![/\\])[^\\\p{Cc}]*$/u.test(text)) return "/";
  return text;
}
