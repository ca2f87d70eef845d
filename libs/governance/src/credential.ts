/** Whether a token or session may be used now. What it may do is in `scope.ts`. */
import type { NodeId, TimeMs } from "@guts/primitives";

/** What decides whether a credential lives. `expiresTime` undefined: until it is revoked. */
export interface CredentialTerms {
  readonly expiresTime: TimeMs | undefined;
  readonly audience: readonly NodeId[];
}

/** Why a credential cannot be used. */
export type CredentialRefusal = "credential-expired" | "credential-wrong-node";

/** Whether a credential may be used at `node` at `time`; undefined means yes. */
export function refuseCredential(terms: CredentialTerms, node: NodeId, time: TimeMs): CredentialRefusal | undefined {
  if (terms.expiresTime !== undefined && terms.expiresTime <= time) return "credential-expired";
  return terms.audience.includes(node) ? undefined : "credential-wrong-node";
}
