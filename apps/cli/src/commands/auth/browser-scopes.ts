import type { TokenScope } from "@guts/api";

/**
 * What `guts auth login --web` asks for: everyday commands, which are repositories, the profile, organizations and teams, keys of
 * SSH and GPG, and tokens (its own to sign out with among them). Deleting repositories, audit logs and the site must be asked for by
 * `--scopes`.
 */
export const browserScopes = [
  "repo",
  "user",
  "admin:org",
  "admin:public_key",
  "admin:ssh_signing_key",
  "admin:gpg_key",
  "admin:credentials",
] as const satisfies readonly TokenScope[];
