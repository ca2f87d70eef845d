import { perPageDefault, perPageMax, type AccountsQuery, type AdministeredAccount } from "@guts/api";
import type { Account, ForgeState } from "@guts/ledger";
import type { AccountId } from "@guts/primitives";

import { isoTime } from "../rest/iso-time.ts";
import type { Services } from "../services.ts";
import { awaitReadModel } from "./lists.ts";
import { textReader } from "./texts.ts";

/** A page of accounts, and the id after which the next one goes on; undefined at the end. */
export interface AccountsPage {
  readonly accounts: readonly AdministeredAccount[];
  readonly last: number | undefined;
}

/** Accounts as administrators of the network see them. Who may is not asked here. */
export function administeredAccounts(needs: Pick<Services, "ledger" | "readModel">) {
  const { ledger, readModel } = needs;
  const text = textReader(ledger);
  const present = (account: Account): AdministeredAccount => {
    const state = ledger.state();
    return {
      id: account.id,
      handle: account.handle,
      name: text(account.displayName),
      isOrganization: account.isOrganization,
      isAdministrator: account.isAdministrator === "yes",
      createdAt: isoTime(account.createdTime),
      suspension: presentSuspension(state, account.id),
      isUsual: !state.hasOwnBudgetRule(account.id),
    };
  };
  const page = async (asked: AccountsQuery, signal: AbortSignal): Promise<AccountsPage> => {
    const limit = Math.min(asked.per_page ?? perPageDefault, perPageMax);
    const prefix = (asked.query ?? "").trim().toLowerCase();
    const ids = await idsOf({ ...asked, prefix, limit }, signal);
    const state = ledger.state();
    const accounts = ids.flatMap((id) => state.account(id) ?? []);
    const isLast = ids.length < limit || (prefix !== "" && asked.suspended !== true);
    return { accounts: accounts.map(present), last: isLast ? undefined : ids.at(-1) };
  };
  const idsOf = async (
    { since = 0, suspended, prefix, limit }: AccountsQuery & { readonly prefix: string; readonly limit: number },
    signal: AbortSignal,
  ): Promise<readonly AccountId[]> => {
    if (suspended === true) return suspendedIds(ledger.state(), since, { prefix, limit });
    await awaitReadModel(needs, signal);
    const found =
      prefix === ""
        ? await readModel.accountsSince(since, limit, signal)
        : await readModel.findAccounts(prefix, limit, signal);
    return found.map(({ id }) => id);
  };
  return { present, page };
}

/** Suspended accounts by id. The state has them alone, so however many accounts there are, only they are read. */
function suspendedIds(
  state: ForgeState,
  since: number,
  { prefix, limit }: { readonly prefix: string; readonly limit: number },
): readonly AccountId[] {
  const ids: AccountId[] = [];
  for (const { account } of state.suspensions(since)) {
    if (prefix !== "" && state.account(account)?.handle.toLowerCase().startsWith(prefix) !== true) continue;
    ids.push(account);
    if (ids.length === limit) break;
  }
  return ids;
}

/** Who stopped an account, when and why; null while it acts. */
export function presentSuspension(state: ForgeState, id: AccountId): AdministeredAccount["suspension"] {
  const suspension = state.suspension(id);
  if (suspension === undefined) return null;
  return {
    reason: suspension.reason,
    by: state.account(suspension.by)?.handle ?? "",
    at: isoTime(suspension.time),
    height: suspension.height,
  };
}
