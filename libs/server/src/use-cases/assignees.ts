import { isAssignable } from "@guts/governance";
import type { ForgeState, Repository } from "@guts/ledger";
import type { AccountId } from "@guts/primitives";

/** Whether somebody can be given issues that others wrote. */
export function isAssignableTo(state: ForgeState, repository: Repository, account: AccountId): boolean {
  return state.isActivePerson(account) && isAssignable(state.grants(repository, account), false);
}
