/** Who may open an account on a network. */

/**
 * The network's rule, set at genesis and by administrators since: anybody; whoever holds an invitation; nobody but its
 * administrators and those for whom they open an account.
 */
export type Registration = "open" | "invite" | "closed";

/** What a live invitation that signed the sign-up is good for: `for-closed` ones are, while registration is closed. */
export type ShownInvitation = "none" | "usual" | "for-closed";

/** What the newcomer shows. */
export interface RegistrationFacts {
  readonly registration: Registration;
  readonly invitation: ShownInvitation;
  /** Whether the account's root key is one that genesis names as an administrator's. */
  readonly isAdministratorKey: boolean;
}

/** Why the sign-up is refused, or undefined. Administrators of genesis may always open their own account. */
export function refuseRegistration(facts: RegistrationFacts): "registration-closed" | "invitation-needed" | undefined {
  const { registration, invitation, isAdministratorKey } = facts;
  if (registration === "open" || isAdministratorKey || invitation === "for-closed") return undefined;
  if (registration === "closed") return "registration-closed";
  return invitation === "none" ? "invitation-needed" : undefined;
}
