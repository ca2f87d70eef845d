/** Lists straight from the state, for tests of the doors. */
import { permits, type Permission } from "@guts/governance";
import { auditOf, KINDS, scanRows, tables, type ForgeState, type LedgerEvent, type Repository } from "@guts/ledger";
import {
  decode,
  equalBytes,
  type AccountId,
  type Digest,
  type Height,
  type RepositoryId,
  type TimeMs,
} from "@guts/primitives";

import type {
  AuditLog,
  AuditLogQuery,
  CredentialHistory,
  InvitationKey,
  Ledger,
  Listed,
  PageRequest,
  ReadModel,
} from "../ports/index.ts";
import { permissionOf } from "../use-cases/permission.ts";
import { MemoryIssueLists } from "./memory-issue-lists.fixture.ts";
import { MemoryOrganizationLists } from "./memory-organization-lists.fixture.ts";

type ListQuery = Parameters<ReadModel["listRepositories"]>[0];

/** A read model that never lags. */
export class MemoryReadModel implements ReadModel {
  readonly #ledger: Ledger;
  readonly organizations: MemoryOrganizationLists;
  readonly issues: MemoryIssueLists;

  readonly #events: readonly LedgerEvent[];

  constructor(ledger: Ledger, events: readonly LedgerEvent[]) {
    this.#ledger = ledger;
    this.organizations = new MemoryOrganizationLists(ledger);
    this.issues = new MemoryIssueLists(ledger, events);
    this.#events = events;
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

  async findAccounts(prefix: string, limit: number): Promise<readonly { readonly id: AccountId }[]> {
    const state = this.#ledger.state();
    const handleOf = (id: AccountId): string => state.account(id)!.handle.toLowerCase();
    const all = await this.accountsSince(0, Number.MAX_SAFE_INTEGER);
    const found = all.filter(({ id }) => handleOf(id).startsWith(prefix));
    return found.toSorted((left, right) => (handleOf(left.id) < handleOf(right.id) ? -1 : 1)).slice(0, limit);
  }

  accountCounts(id: AccountId) {
    const own = repositoriesOf(this.#ledger.state()).filter(({ owner }) => owner === id);
    const ownedPublic = own.filter(({ visibility }) => visibility === "public").length;
    const invitations = this.#invitations().filter(({ invitee }) => invitee.id === id).length;
    return Promise.resolve({ ownedPublic, ownedPrivate: own.length - ownedPublic, invitations });
  }

  follows({ account, list, ...page }: PageRequest & { account: AccountId; list: "followers" | "following" }) {
    const keys = Array.from(scanRows(this.#ledger.state().reader, tables.followTable), ([key]) => key);
    const ids =
      list === "following"
        ? keys.filter((key) => key.account === account).map(({ followed }) => followed)
        : keys.filter(({ followed }) => followed === account).map((key) => key.account);
    return Promise.resolve(paged(ids, page));
  }

  standings({ list, account, viewer, direction, ...page }: Parameters<ReadModel["standings"]>[0]) {
    const state = this.#ledger.state();
    const began = this.#standings(list === "starred" ? "star" : "watch").filter((row) => row.account === account);
    const shown = began.filter(({ repository }) => {
      const found = state.repository(repository);
      return found !== undefined && permits(permissionOf(state, found, viewer), "read");
    });
    const ids = shown.map(({ repository }) => ({ id: repository }));
    return Promise.resolve(paged(direction === "asc" ? ids : ids.toReversed(), page));
  }

  audience({ list, repository, ...page }: Parameters<ReadModel["audience"]>[0]) {
    const began = this.#standings(list === "stargazers" ? "star" : "watch");
    const of = began.filter((row) => row.repository === repository);
    return Promise.resolve(
      paged(
        of.map(({ account }) => account),
        page,
      ),
    );
  }

  statusHistory({ repository, commit, ...page }: Parameters<ReadModel["statusHistory"]>[0]) {
    const of = this.#events.filter(({ kind, payload }) => {
      if (kind !== "status.set") return false;
      const said = decode(KINDS["status.set"].payload, payload);
      return said.repository === repository && said.commit === commit;
    });
    return Promise.resolve(paged(of.toReversed(), page));
  }

  forks({ parent, viewer, direction, ...page }: Parameters<ReadModel["forks"]>[0]) {
    const state = this.#ledger.state();
    const made = [...scanRows(state.reader, tables.forkTable)].filter(([, row]) => row.parent === parent);
    const shown = made.filter(([id]) => permits(permissionOf(state, state.repository(id)!, viewer), "read"));
    const ids = shown.map(([id]) => ({ id }));
    return Promise.resolve(paged(direction === "asc" ? ids : ids.toReversed(), page));
  }

  #standings(what: "star" | "watch") {
    const { reader } = this.#ledger.state();
    const stars = Array.from(scanRows(reader, tables.starTable), ([key, row]) => ({ ...key, ...row }));
    const watches = Array.from(scanRows(reader, tables.subscriptionTable), ([key, row]) => ({ ...key, ...row }));
    const rows = what === "star" ? stars : watches.filter(({ state }) => state === "subscribed");
    return rows.toSorted((left, right) => left.sinceTime - right.sinceTime);
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

  audit({ log, within, actions, actor, from, until, before = Infinity, limit }: AuditLogQuery) {
    const isListed = (event: LedgerEvent, { type, id }: AuditLog) =>
      this.#logsOf(event).some((each) => each.type === type && each.id === id);
    const acts = this.#events.filter((event) => {
      const isWanted = actions === undefined || actions.includes(auditOf(event)?.action ?? "");
      const isBy = actor === undefined || event.actor === actor;
      const isThen = event.time >= (from ?? 0) && event.time <= (until ?? Infinity) && event.sequence < before;
      return isWanted && isBy && isThen && isListed(event, log) && (within === undefined || isListed(event, within));
    });
    return Promise.resolve(acts.toReversed().slice(0, limit));
  }

  auditAct(id: Digest) {
    const act = this.#events.find(({ transactionId }) => equalBytes(transactionId, id));
    const logs = act === undefined ? [] : this.#logsOf(act);
    return Promise.resolve(act === undefined || logs.length === 0 ? undefined : { act, logs });
  }

  /** As the read model lists it, with the owner that a repository has now. */
  #logsOf(event: LedgerEvent): readonly AuditLog[] {
    const entry = auditOf(event);
    if (entry === undefined) return [];
    const { scope } = event;
    const repository = scope.type === "repository" ? (scope.id as RepositoryId) : entry.repository;
    const owner = repository === undefined ? undefined : this.#ledger.state().repository(repository)?.owner;
    const accounts = [event.actor, entry.target, owner, scope.type === "account" ? scope.id : undefined];
    return [
      ...accounts.flatMap((id) => (id === undefined ? [] : [{ type: "account", id } as const])),
      ...(repository === undefined ? [] : [{ type: "repository", id: repository } as const]),
      ...(entry.isOfNetwork ? [{ type: "network", id: 0 } as const] : []),
    ];
  }

  repositoryInvitation(number: number): Promise<InvitationKey | undefined> {
    return Promise.resolve(this.#invitations().find((invitation) => invitation.number === number));
  }

  credentialHistory(id: Digest): Promise<CredentialHistory | undefined> {
    const about = this.#events.filter(({ payload }) => equalBytes(payload.subarray(0, id.length), id));
    return Promise.resolve(about.reduce<CredentialHistory | undefined>(historyAfter, undefined));
  }

  #invitations(): readonly (InvitationKey & { readonly number: number })[] {
    return Array.from(scanRows(this.#ledger.state().reader, tables.repositoryInvitationTable), ([key, row]) => ({
      repository: { id: key.repository },
      invitee: { id: key.account },
      number: row.number,
    }));
  }
}

function historyAfter(
  before: CredentialHistory | undefined,
  { kind, payload, time }: LedgerEvent,
): CredentialHistory | undefined {
  if (kind === "credential.revoke") return before && { ...before, revokedTime: time };
  if (kind === "credential.create")
    return { expiresTime: decode(KINDS[kind].payload, payload).expiresTime, revokedTime: undefined };
  if (kind !== "credential.create-restricted") return before;
  return { expiresTime: decode(KINDS[kind].payload, payload).expiresTime, revokedTime: undefined };
}

function repositoriesOf(state: ForgeState): readonly Repository[] {
  return Array.from(scanRows(state.reader, tables.repositoryTable), ([id, row]) => ({ id, ...row }));
}

function matches(state: ForgeState, repository: Repository, query: ListQuery): boolean {
  const isOwn = repository.owner === query.account;
  const isMember = state.collaboratorRole(repository.id, query.account) !== undefined;
  const isInside = state.organizations.member(repository.owner, query.account) !== undefined;
  const kinds = {
    owner: isOwn,
    collaborator: isMember,
    "organization-member": isInside,
    personal: isOwn || isMember,
  };
  const isAffiliated = query.affiliation === "any" ? kinds.personal || isInside : kinds[query.affiliation];
  const held: Permission = permissionOf(state, repository, query.viewer);
  const isWanted = query.visibility === undefined || query.visibility === repository.visibility;
  return isAffiliated && isWanted && permits(held, "read");
}

function paged<Item>(items: readonly Item[], { page, perPage }: PageRequest): Listed<Item> {
  const start = (page - 1) * perPage;
  return { items: items.slice(start, start + perPage), hasMore: items.length > start + perPage };
}
