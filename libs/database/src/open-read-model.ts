import type { AccountId, Digest, Height, RepositoryId, TimeMs } from "@guts/primitives";
import type { Connection, Executor } from "./connection/connection.ts";
import { openEmbedded } from "./connection/embedded.ts";
import { classified } from "./connection/failures.ts";
import { migrateSchema } from "./connection/migrate.ts";
import { openServer } from "./connection/server.ts";
import { DatabaseError } from "./database-error.ts";
import { projectTimeoutMs, readTriesMax, statementTimeoutMs } from "./limits.ts";
import type * as listing from "./listings.ts";
import type { IssueLists } from "./issue-lists.ts";
import type { OrganizationLists } from "./organization-lists.ts";
import { Projection } from "./projection/projection.ts";
import * as accounts from "./queries/accounts.ts";
import * as audit from "./queries/audit.ts";
import * as collaboration from "./queries/collaboration.ts";
import { listFollows } from "./queries/follows.ts";
import { listStatusHistory } from "./queries/status-history.ts";
import { listAudience, listForks, listStandings } from "./queries/standings.ts";
import * as history from "./queries/history.ts";
import * as repositories from "./queries/repositories.ts";
import type {
  AppliedBlock,
  Cursor,
  DatabaseLocation,
  LedgerSnapshot,
  ProjectOutcome,
  ReadModel,
  ReadModelOptions,
} from "./read-model.ts";
import { readIssues } from "./read-issues.ts";
import { readOrganizations } from "./read-organizations.ts";
import { within } from "./waiting.ts";

/**
 * Opens the read model, creating its database or bringing its schema up to date.
 *
 * The caller holds the lock of its data directory. Throws `DatabaseError`: `unavailable`, `unsupported-server`,
 * `newer-schema`, `wrong-network`, `in-use`, `corrupt`.
 */
export async function openReadModel(options: ReadModelOptions): Promise<ReadModel> {
  const connection = await openLocation(options.location);
  try {
    await migrateSchema(connection);
    return new SqlReadModel(connection, await Projection.open(connection, options));
  } catch (error) {
    await connection.close();
    throw error;
  }
}

async function openLocation(location: DatabaseLocation): Promise<Connection> {
  return location.type === "embedded" ? openEmbedded(location) : openServer(location.url);
}

interface Waiter {
  readonly height: Height;
  readonly reached: () => void;
}

class SqlReadModel implements ReadModel {
  readonly #connection: Connection;
  readonly #projection: Projection;
  readonly organizations: OrganizationLists = readOrganizations((query, signal) => this.#read(query, signal));
  readonly issues: IssueLists = readIssues((query, signal) => this.#read(query, signal));
  readonly #waiters = new Set<Waiter>();
  /** The end of the newest write: writes run one after the other. */
  #lastWrite: Promise<unknown> = Promise.resolve();
  #writesUnderWay = 0;
  #isRebuilding = false;
  #closed: Promise<void> | undefined;

  constructor(connection: Connection, projection: Projection) {
    this.#connection = connection;
    this.#projection = projection;
  }

  cursor(): Cursor | undefined {
    return this.#projection.cursor;
  }

  async project(blocks: readonly AppliedBlock[], signal: AbortSignal): Promise<ProjectOutcome> {
    return this.#write(async () => {
      try {
        return await within(this.#projection.project(blocks), projectTimeoutMs, signal);
      } catch (error) {
        if (error instanceof DatabaseError && error.code === "timeout") await this.#connection.reset();
        throw error;
      }
    }, signal);
  }

  async rebuild(snapshot: LedgerSnapshot, signal: AbortSignal): Promise<void> {
    return this.#write(async () => this.#rebuild(snapshot, signal), signal);
  }

  async catchUp(snapshot: LedgerSnapshot, signal: AbortSignal): Promise<"caught-up" | "rebuilt"> {
    return this.#write(async () => {
      if (await this.#projection.catchUp(snapshot, signal)) return "caught-up";
      await this.#rebuild(snapshot, signal);
      return "rebuilt";
    }, signal);
  }

  async #rebuild(snapshot: LedgerSnapshot, signal: AbortSignal): Promise<void> {
    this.#isRebuilding = true;
    try {
      await this.#projection.rebuild(snapshot, signal);
    } finally {
      this.#isRebuilding = false;
    }
  }

  async #write<Result>(work: () => Promise<Result>, signal: AbortSignal): Promise<Result> {
    this.#checkOpen();
    const previous = this.#lastWrite;
    this.#writesUnderWay++;
    const written = (async () => {
      await previous.catch(() => {});
      signal.throwIfAborted();
      return work();
    })().finally(() => this.#writesUnderWay--);
    this.#lastWrite = written.catch(() => {});
    const result = await written;
    this.#tellWaiters();
    return result;
  }

  async caughtUp(height: Height, timeoutMs: number, signal: AbortSignal): Promise<boolean> {
    this.#checkOpen();
    signal.throwIfAborted();
    if (this.#hasReached(height)) return true;
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiter = { height, reached: resolve };
    this.#waiters.add(waiter);
    try {
      await within(promise, timeoutMs, signal);
      return true;
    } catch (error) {
      if (error instanceof DatabaseError && error.code === "timeout") return false;
      throw error;
    } finally {
      this.#waiters.delete(waiter);
    }
  }

  #hasReached(height: Height): boolean {
    return !this.#isRebuilding && (this.#projection.cursor?.height ?? -1) >= height;
  }

  #tellWaiters(): void {
    for (const waiter of this.#waiters) if (this.#hasReached(waiter.height)) waiter.reached();
  }

  /** Runs a list's statements, once more when the connection turned out to be gone. */
  async #read<Result>(query: (executor: Executor) => Promise<Result>, signal: AbortSignal): Promise<Result> {
    for (let attempt = 1; ; attempt++) {
      this.#checkOpen();
      if (this.#isRebuilding || this.#projection.cursor === undefined) {
        throw new DatabaseError("not-ready", "rows are being projected anew");
      }
      try {
        return await within(query(this.#connection.read), statementTimeoutMs, signal);
      } catch (failure) {
        signal.throwIfAborted();
        const error = classified(failure);
        // While a write runs, an embedded database answers late because it is busy, not because it is stuck.
        if (error.code === "timeout" && this.#writesUnderWay === 0) await this.#connection.reset();
        if (error.code !== "unavailable" || attempt >= readTriesMax) throw error;
      }
    }
  }

  #checkOpen(): void {
    if (this.#closed !== undefined) throw new DatabaseError("closed", "the read model is closed");
  }

  async close(): Promise<void> {
    this.#closed ??= (async () => {
      await this.#lastWrite;
      await this.#connection.close();
    })();
    return this.#closed;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  async listRepositories(query: listing.RepositoryQuery, signal: AbortSignal) {
    return this.#read((executor) => repositories.listRepositories(executor, query), signal);
  }

  async listPublicRepositories(query: listing.PublicRepositoryQuery, signal: AbortSignal) {
    return this.#read((executor) => repositories.listPublicRepositories(executor, query), signal);
  }

  async publicRepositoriesSince(since: number, limit: number, signal: AbortSignal) {
    return this.#read((executor) => repositories.publicRepositoriesSince(executor, since, limit), signal);
  }

  async findRepositories(search: listing.RepositorySearch, signal: AbortSignal) {
    return this.#read((executor) => repositories.findRepositories(executor, search), signal);
  }

  async accountsSince(since: number, limit: number, signal: AbortSignal) {
    return this.#read((executor) => accounts.accountsSince(executor, since, limit), signal);
  }

  async findAccounts(prefix: string, limit: number, signal: AbortSignal) {
    return this.#read((executor) => accounts.findAccounts(executor, prefix, limit), signal);
  }

  async account(id: AccountId, signal: AbortSignal) {
    return this.#read((executor) => accounts.findAccount(executor, id), signal);
  }

  async accountCounts(id: AccountId, now: TimeMs, signal: AbortSignal) {
    return this.#read((executor) => accounts.accountCounts(executor, id, now), signal);
  }

  async follows(query: listing.FollowQuery, signal: AbortSignal) {
    return this.#read((executor) => listFollows(executor, query), signal);
  }

  async standings(query: listing.StandingQuery, signal: AbortSignal) {
    return this.#read((executor) => listStandings(executor, query), signal);
  }

  async statusHistory(query: listing.StatusQuery, signal: AbortSignal) {
    return this.#read((executor) => listStatusHistory(executor, query), signal);
  }

  async forks(query: listing.ForkQuery, signal: AbortSignal) {
    return this.#read((executor) => listForks(executor, query), signal);
  }

  async audience(query: listing.AudienceQuery, signal: AbortSignal) {
    return this.#read((executor) => listAudience(executor, query), signal);
  }

  async repositoryInvitations(
    of: { readonly repository: RepositoryId } | { readonly invitee: AccountId },
    page: listing.PageRequest,
    signal: AbortSignal,
  ) {
    return this.#read((executor) => collaboration.listRepositoryInvitations(executor, of, page), signal);
  }

  async repositoryInvitation(number: number, signal: AbortSignal) {
    return this.#read((executor) => collaboration.findRepositoryInvitation(executor, number), signal);
  }

  async organizationInvitations(invitee: AccountId, now: TimeMs, signal: AbortSignal) {
    return this.#read((executor) => collaboration.listOrganizationInvitations(executor, invitee, now), signal);
  }

  async transferOffers(to: AccountId, page: listing.PageRequest, signal: AbortSignal) {
    return this.#read((executor) => collaboration.listTransferOffers(executor, to, page), signal);
  }

  async keys(account: AccountId, signal: AbortSignal) {
    return this.#read((executor) => accounts.listKeys(executor, account), signal);
  }

  async credentials(account: AccountId, signal: AbortSignal) {
    return this.#read((executor) => accounts.listCredentials(executor, account), signal);
  }

  async delegations(account: AccountId, signal: AbortSignal) {
    return this.#read((executor) => accounts.listDelegations(executor, account), signal);
  }

  async nodes(signal: AbortSignal) {
    return this.#read(accounts.listNodes, signal);
  }

  async events(query: listing.EventQuery, signal: AbortSignal) {
    return this.#read((executor) => history.listEvents(executor, query), signal);
  }

  async eventsOfBlock(height: Height, viewer: AccountId | undefined, signal: AbortSignal) {
    return this.#read((executor) => history.listEventsOfBlock(executor, height, viewer), signal);
  }

  async eventOfTransaction(id: Digest, viewer: AccountId | undefined, signal: AbortSignal) {
    return this.#read((executor) => history.findEventOfTransaction(executor, id, viewer), signal);
  }

  async audit(query: listing.AuditQuery, signal: AbortSignal) {
    return this.#read((executor) => audit.listAudit(executor, query), signal);
  }

  async auditAct(transactionId: Digest, signal: AbortSignal) {
    return this.#read((executor) => audit.findAct(executor, transactionId), signal);
  }

  async credentialHistory(id: Digest, signal: AbortSignal) {
    return this.#read((executor) => history.findCredentialHistory(executor, id), signal);
  }

  async blocks(before: Height | undefined, limit: number, signal: AbortSignal) {
    return this.#read((executor) => history.listBlocks(executor, before, limit), signal);
  }

  async block(height: Height, signal: AbortSignal) {
    return this.#read((executor) => history.findBlock(executor, height), signal);
  }

  async texts(digests: readonly Digest[], signal: AbortSignal) {
    return this.#read((executor) => history.findTexts(executor, digests), signal);
  }

  async quarantined(limit: number, signal: AbortSignal) {
    return this.#read((executor) => history.listQuarantined(executor, limit), signal);
  }
}
