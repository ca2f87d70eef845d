/** Names the session cookie of one node, so that nodes on one host name do not overwrite each other's. */
export function sessionCookieName(nodeId: string): string {
  return `guts_session_${nodeId.slice(0, 8)}`;
}

/** The value of a cookie in a `Cookie` header; undefined when absent. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? "").split(";")) {
    const separator = part.indexOf("=");
    if (separator !== -1 && part.slice(0, separator).trim() === name) return part.slice(separator + 1).trim();
  }
  return undefined;
}

/** A `Set-Cookie` header that starts a session. `isSecure` on HTTPS. */
export function sessionCookie(
  name: string,
  token: string,
  options: { readonly maxAgeSeconds: number; readonly isSecure: boolean },
): string {
  const secure = options.isSecure ? "; Secure" : "";
  return `${name}=${token}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${options.maxAgeSeconds}${secure}`;
}

/** A `Set-Cookie` header that removes the session's cookie. */
export function expiredCookie(name: string): string {
  return `${name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`;
}
