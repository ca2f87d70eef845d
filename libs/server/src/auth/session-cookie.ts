/** Names the session cookie of one node, so that nodes on one host name do not overwrite each other's. */
export function sessionCookieName(nodeId: string): string {
  return `guts_session_${nodeId.slice(0, 8)}`;
}

/**
 * Names the cookie of a browser that wants to sign in here with the consent of a home node. On HTTPS browsers take a cookie
 * of this prefix from this very host alone, so a site beside it cannot plant one.
 */
export function visitCookieName(nodeId: string, { isSecure }: { readonly isSecure: boolean }): string {
  return `${isSecure ? "__Host-" : ""}guts_visit_${nodeId.slice(0, 8)}`;
}

/** The value of a cookie in a `Cookie` header; undefined when absent. */
export function readCookie(header: string | undefined, name: string): string | undefined {
  for (const part of (header ?? "").split(";")) {
    const separator = part.indexOf("=");
    if (separator !== -1 && part.slice(0, separator).trim() === name) return part.slice(separator + 1).trim();
  }
  return undefined;
}

export interface CookieOptions {
  readonly maxAgeSeconds: number;
  /** On HTTPS. */
  readonly isSecure: boolean;
  /** `Strict`: not even with a link from another site, which a session has to survive. */
  readonly sameSite?: "Lax" | "Strict";
}

/** A `Set-Cookie` header that starts a session. */
export function sessionCookie(name: string, token: string, options: CookieOptions): string {
  const { maxAgeSeconds, isSecure, sameSite = "Lax" } = options;
  const secure = isSecure ? "; Secure" : "";
  return `${name}=${token}; Path=/; HttpOnly; SameSite=${sameSite}; Max-Age=${maxAgeSeconds}${secure}`;
}

/** A `Set-Cookie` header that removes the session's cookie. */
export function expiredCookie(name: string): string {
  return `${name}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`;
}
