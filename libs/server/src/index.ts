export type * from "./ports/index.ts";
export { createToken, credentialIdOfToken, isToken, type RandomBytes } from "./auth/token.ts";
