/** Who may read an audit log that is not of an organization or a repository: those are asked as their own actions. */
import type { AccountId } from "@guts/primitives";
import { refuseAdministration, type AdministrationFacts } from "./administration.ts";
import type { CredentialPowers } from "./restriction.ts";
import { scopesAllow } from "./scope.ts";

/** Why not: it is somebody else's, or the credential may not. */
export type AuditRefusal = "forbidden" | "scope-missing";

/** Why the network's log is not read, or undefined. It is for the network's administrators. */
export function refuseNetworkAudit(
  facts: Pick<AdministrationFacts, "actor" | "isAdministrator">,
  scopes: CredentialPowers,
): AuditRefusal | undefined {
  if (refuseAdministration(facts) !== undefined) return "forbidden";
  return scopesAllow(scopes, "administer-site") ? undefined : "scope-missing";
}

/** Why an account's security log is not read, or undefined. It is for its account. */
export function refuseSecurityLog(of: AccountId, actor: AccountId, scopes: CredentialPowers): AuditRefusal | undefined {
  if (of !== actor) return "forbidden";
  return scopesAllow(scopes, "read-audit-log") ? undefined : "scope-missing";
}
