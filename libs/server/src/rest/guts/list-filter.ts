import type { ForgeState } from "@guts/ledger";
import type { AccountId } from "@guts/primitives";

import type { ReadText } from "../github/present-user.ts";

/** Whether a text has what a list is filtered by, without case; everything has nothing. */
export function filterBy(query: string | undefined): (...texts: readonly (string | null)[]) => boolean {
  const wanted = (query ?? "").trim().toLowerCase();
  return (...texts) => wanted === "" || texts.some((text) => text?.toLowerCase().includes(wanted) === true);
}

/** The same for people, by handle and name. Accounts are looked at only when there is a filter. */
export function personFilter(state: ForgeState, text: ReadText, query: string | undefined): (id: AccountId) => boolean {
  if ((query ?? "").trim() === "") return () => true;
  const isFound = filterBy(query);
  return (id) => {
    const account = state.account(id);
    return account !== undefined && isFound(account.handle, text(account.displayName));
  };
}
