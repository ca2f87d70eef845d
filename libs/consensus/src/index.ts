export { QuorumNeeded } from "./errors.ts";
export { finalizeAlone } from "./solo.ts";
