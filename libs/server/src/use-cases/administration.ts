import { refuseNetworkAudit, type AuditRefusal } from "@guts/governance";

import type { Actor, SignedInActor } from "../auth/actor.ts";
import { refusalOfRejection } from "./rejection.ts";

/** Why what is for the network's administrators is not shown to the actor, by governance's rule; undefined when it is. */
export function refuseAdministrationView({ account, scopes }: SignedInActor): AuditRefusal | undefined {
  return refuseNetworkAudit({ actor: account.id, isAdministrator: account.isAdministrator === "yes" }, scopes);
}

/** Whether the actor may see it. */
export function isAdministrator(actor: Actor): boolean {
  return actor.account !== undefined && refuseAdministrationView(actor) === undefined;
}

/** Throws `Refusal` `forbidden` or `scope-missing` unless the actor may see it. */
export function requireAdministrator(actor: SignedInActor): void {
  const refusal = refuseAdministrationView(actor);
  if (refusal !== undefined) throw refusalOfRejection(refusal);
}
