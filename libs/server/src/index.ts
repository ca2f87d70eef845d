export type * from "./ports/index.ts";
export { createToken, credentialIdOfToken, isToken, type RandomBytes } from "./auth/token.ts";
export { fingerprintOf, hostKeyOf, type HostKey, type PublicHostKey } from "./ssh/host-key.ts";
export type { SshDoor } from "./ssh/ssh-door.ts";
export { sshRemoteOf, sshUrlOf, type SshAddress } from "./use-cases/ssh-address.ts";
export { createLogger } from "./http/logger.ts";
export { createServer, type Server, type ServerOptions } from "./server.ts";
export type { EarlyRefPolicy, RefPolicy } from "./use-cases/ref-policy.ts";
export { gitLimits, requestLimits, type GitLimits, type RequestLimits } from "./limits.ts";
