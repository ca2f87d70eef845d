/** A version of the wire protocol. Pushing has no version 2: a server answers such a client in version 0. */
export type ProtocolVersion = 0 | 1 | 2;

/**
 * The version that a client asks for in the `Git-Protocol` header or the `GIT_PROTOCOL` environment variable.
 *
 * The value is a colon-separated list of keys and `key=value` pairs (git(1), GIT_PROTOCOL). The highest version that we
 * know wins, and anything unknown means nothing.
 */
export function parseProtocolVersion(value: string | undefined): ProtocolVersion {
  const keys = new Set((value ?? "").split(":"));
  if (keys.has("version=2")) return 2;
  return keys.has("version=1") ? 1 : 0;
}
