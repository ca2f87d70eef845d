/** Who may open an account on a network. */

/** The network's rule, fixed at genesis: anybody; whoever holds an invitation; nobody but its administrators. */
export type Registration = "open" | "invite" | "closed";

/** What the newcomer shows. */
export interface RegistrationFacts {
  readonly registration: Registration;
  /** Whether a live invitation's key signed this sign-up. */
  readonly isInvited: boolean;
  /** Whether the account's root key is one that genesis names as an administrator's. */
  readonly isAdministratorKey: boolean;
}

/** Why the sign-up is refused, or undefined. Administrators of genesis may always open their own account. */
export function refuseRegistration(facts: RegistrationFacts): "registration-closed" | "invitation-needed" | undefined {
  if (facts.registration === "open" || facts.isAdministratorKey) return undefined;
  if (facts.registration === "closed") return "registration-closed";
  return facts.isInvited ? undefined : "invitation-needed";
}
