/** Lists straight from the state, for tests of the doors. */
import { permits, type Permission } from "@guts/governance";
import { scanRows, tables, type ForgeState, type Repository } from "@guts/ledger";
import type { AccountId, Height, RepositoryId, TimeMs } from "@guts/primitives";

import type { InvitationKey, Ledger, Listed, PageRequest, ReadModel } from "../ports/index.ts";
import { permissionOf } from "../use-cases/permission.ts";
import { MemoryOrganizationLists } from "./memory-organization-lists.fixture.ts";

type ListQuery = Parameters<ReadModel["listRepositories"]>[0];

/** A read model that never lags. */
export class MemoryReadModel implements ReadModel {
  readonly #ledger: Ledger;
  readonly organizations: MemoryOrganizationLists;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
    this.organizations = new MemoryOrganizationLists(ledger);
  }

  cursor(): { readonly height: Height } {
    return { height: this.#ledger.height() };
  }

  caughtUp(): Promise<boolean> {
    return Promise.resolve(true);
  }

  listRepositories(query: ListQuery): Promise<Listed<{ readonly id: RepositoryId }>> {
    const state = this.#ledger.state();
    const matching = repositoriesOf(state).filter((repository) => matches(state, repository, query));
    return Promise.resolve(paged(query.direction === "asc" ? matching : matching.toReversed(), query));
  }

  listPublicRepositories(query: PageRequest): Promise<Listed<{ readonly id: RepositoryId }>> {
    const open = repositoriesOf(this.#ledger.state()).filter(({ visibility }) => visibility === "public");
    return Promise.resolve(paged(open.toReversed(), query));
  }

  publicRepositoriesSince(since: number, limit: number): Promise<readonly { readonly id: RepositoryId }[]> {
    const open = repositoriesOf(this.#ledger.state()).filter(({ visibility }) => visibility === "public");
    return Promise.resolve(open.filter(({ id }) => id > since).slice(0, limit));
  }

  findRepositories({ prefix, viewer, limit }: Parameters<ReadModel["findRepositories"]>[0]) {
    const state = this.#ledger.state();
    const fullName = ({ owner, name }: Repository): string => `${state.account(owner)?.handle}/${name}`.toLowerCase();
    const matching = repositoriesOf(state).filter(
      (repository) =>
        fullName(repository).startsWith(prefix.toLowerCase()) &&
        permits(permissionOf(state, repository, viewer), "read"),
    );
    return Promise.resolve(matching.slice(0, limit));
  }

  accountsSince(since: number, limit: number): Promise<readonly { readonly id: AccountId }[]> {
    const ids = Array.from(scanRows(this.#ledger.state().reader, tables.accountTable), ([id]) => ({ id }));
    return Promise.resolve(ids.filter(({ id }) => id > since).slice(0, limit));
  }

  accountCounts(id: AccountId) {
    const own = repositoriesOf(this.#ledger.state()).filter(({ owner }) => owner === id);
    const ownedPublic = own.filter(({ visibility }) => visibility === "public").length;
    const invitations = this.#invitations().filter(({ invitee }) => invitee.id === id).length;
    return Promise.resolve({ ownedPublic, ownedPrivate: own.length - ownedPublic, invitations });
  }

  organizationInvitations(invitee: AccountId, now: TimeMs) {
    const rows = [...scanRows(this.#ledger.state().reader, tables.organizationInvitationTable)];
    const open = rows.filter(([key, { expiresTime }]) => key.account === invitee && expiresTime > now);
    return Promise.resolve(open.map(([key]) => ({ organization: { id: key.organization } })));
  }

  repositoryInvitations(
    of: { readonly repository: RepositoryId } | { readonly invitee: AccountId },
    page: PageRequest,
  ) {
    const matching = this.#invitations().filter((key) =>
      "repository" in of ? key.repository.id === of.repository : key.invitee.id === of.invitee,
    );
    return Promise.resolve(paged(matching, page));
  }

  transferOffers(to: AccountId, page: PageRequest) {
    const rows = [...scanRows(this.#ledger.state().reader, tables.transferOfferTable)];
    const offered = rows.filter(([, offer]) => offer.to === to).map(([id]) => ({ repository: { id } }));
    return Promise.resolve(paged(offered, page));
  }

  repositoryInvitation(number: number): Promise<InvitationKey | undefined> {
    return Promise.resolve(this.#invitations().find((invitation) => invitation.number === number));
  }

  #invitations(): readonly (InvitationKey & { readonly number: number })[] {
    return Array.from(scanRows(this.#ledger.state().reader, tables.repositoryInvitationTable), ([key, row]) => ({
      repository: { id: key.repository },
      invitee: { id: key.account },
      number: row.number,
    }));
  }
}

function repositoriesOf(state: ForgeState): readonly Repository[] {
  return Array.from(scanRows(state.reader, tables.repositoryTable), ([id, row]) => ({ id, ...row }));
}

function matches(state: ForgeState, repository: Repository, query: ListQuery): boolean {
  const isOwn = repository.owner === query.account;
  const isMember = state.collaboratorRole(repository.id, query.account) !== undefined;
  const isAffiliated = (query.affiliation !== "collaborator" && isOwn) || (query.affiliation !== "owner" && isMember);
  const held: Permission = permissionOf(state, repository, query.viewer);
  const isWanted = query.visibility === undefined || query.visibility === repository.visibility;
  return isAffiliated && isWanted && permits(held, "read");
}

function paged<Item>(items: readonly Item[], { page, perPage }: PageRequest): Listed<Item> {
  const start = (page - 1) * perPage;
  return { items: items.slice(start, start + perPage), hasMore: items.length > start + perPage };
}
