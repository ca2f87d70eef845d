import type { Account, ForgeState, Repository } from "@guts/ledger";
import { parseHandle, parseRepositoryName } from "@guts/primitives";

/** A repository under its present name, and whether it was asked for by a former name of it or of its owner. */
export interface LocatedRepository {
  readonly repository: Repository;
  readonly owner: Account;
  /** `OWNER/REPO` as they are called now. */
  readonly fullName: string;
  readonly isFormerName: boolean;
}

/** The account that has or had this handle, unless it is closed. */
export function findAccount(
  state: ForgeState,
  handleText: string,
): { account: Account; isFormerName: boolean } | undefined {
  const handle = parseHandle(handleText);
  const found = handle === undefined ? undefined : state.findAccount(handle);
  if (found === undefined || found.found.status !== "active") return undefined;
  return { account: found.found, isFormerName: found.isFormerName };
}

/** The repository that `OWNER/REPO` names, whoever asks; undefined when there is none. */
export function locateRepository(
  state: ForgeState,
  ownerText: string,
  nameText: string,
): LocatedRepository | undefined {
  const named = findAccount(state, ownerText);
  const name = parseRepositoryName(nameText);
  if (named === undefined || name === undefined) return undefined;
  const found = state.findRepository(named.account.id, name);
  if (found === undefined) return undefined;
  const { found: repository } = found;
  // A transferred repository is found under its former owner's name too.
  const owner = repository.owner === named.account.id ? named.account : state.account(repository.owner);
  if (owner === undefined) return undefined;
  const isFormerName = named.isFormerName || found.isFormerName;
  return { repository, owner, fullName: `${owner.handle}/${repository.name}`, isFormerName };
}
