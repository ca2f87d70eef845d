import { resolvePermission, type Permission } from "@guts/governance";
import type { ForgeState, Repository } from "@guts/ledger";
import type { AccountId } from "@guts/primitives";

/** What an account may do with a repository; undefined stands for a visitor. */
export function permissionOf(state: ForgeState, repository: Repository, account: AccountId | undefined): Permission {
  return resolvePermission(state.grants(repository, account)).permission;
}
