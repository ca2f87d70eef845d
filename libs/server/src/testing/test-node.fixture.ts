/** A whole node for tests of the doors: the real server, rules and git, with everything else in memory. */
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { createClient, type ApiClient } from "@guts/api";
import {
  followedMovesOf,
  idempotencyKeyOfProof,
  KINDS,
  refMovesOf,
  sessionProofLength,
  signCommand,
  type Genesis,
  type LedgerEvent,
} from "@guts/ledger";
import {
  decode,
  parseHandle,
  parsePrivateSeed,
  publicKeyOf,
  toHex,
  type AccountId,
  type Digest,
  type PrivateSeed,
  type RepositoryId,
  type TimeMs,
} from "@guts/primitives";
import { openGitEngine, type GitEngine } from "@guts/storage";
import { pino, type Logger } from "pino";
import { expect } from "vitest";

import { createLogger } from "../http/logger.ts";
import type { NetworkView, PrivateStore, StoredEmails, StoredPasskey } from "../ports/index.ts";
import { createServer, type Server, type ServerOptions } from "../server.ts";
import { watchGithubShapes } from "./github-shapes.fixture.ts";
import { MemoryLedger } from "./memory-ledger.fixture.ts";
import { MemoryReadModel } from "./memory-read-model.fixture.ts";

/** Private facts in memory. */
export class MemoryPrivateStore implements PrivateStore {
  readonly #hashes = new Map<AccountId, string>();
  readonly #uses = new Map<string, TimeMs>();
  readonly #emails = new Map<AccountId, StoredEmails>();
  readonly #passkeys = new Map<string, StoredPasskey>();

  passkey(id: Uint8Array): StoredPasskey | undefined {
    return this.#passkeys.get(toHex(id));
  }

  passkeys(account: AccountId): readonly StoredPasskey[] {
    return [...this.#passkeys.values()].filter((passkey) => passkey.account === account);
  }

  addPasskey(passkey: StoredPasskey): boolean {
    if (this.#passkeys.has(toHex(passkey.id))) return false;
    this.#passkeys.set(toHex(passkey.id), passkey);
    return true;
  }

  renamePasskey(id: Uint8Array, name: string): void {
    this.#passkeys.set(toHex(id), { ...this.passkey(id)!, name });
  }

  removePasskey(id: Uint8Array): void {
    this.#passkeys.delete(toHex(id));
  }

  usePasskey(id: Uint8Array, signCount: number, time: TimeMs): void {
    this.#passkeys.set(toHex(id), { ...this.passkey(id)!, signCount, usedTime: time });
  }

  passwordHash(account: AccountId): string | undefined {
    return this.#hashes.get(account);
  }

  setPasswordHash(account: AccountId, phc: string): void {
    this.#hashes.set(account, phc);
  }

  emails(account: AccountId): StoredEmails {
    return this.#emails.get(account) ?? { addresses: [], isPublic: false };
  }

  setEmails(account: AccountId, emails: StoredEmails): void {
    this.#emails.set(account, emails);
  }

  lastUse(credential: Digest): TimeMs | undefined {
    return this.#uses.get(toHex(credential));
  }

  touchCredential(credential: Digest, time: TimeMs): void {
    this.#uses.set(toHex(credential), time);
  }
}

export type TestNodeOptions = Partial<
  Pick<ServerOptions, "webRoot" | "clock" | "publicUrl" | "requestLimits" | "earlyRefPolicy">
> & {
  readonly registration?: "open" | "invite" | "closed";
  /** What the node sees of others; by default nobody. */
  readonly network?: (ledger: MemoryLedger) => NetworkView;
  readonly validators?: Genesis["validators"];
  readonly administrators?: Genesis["administrators"];
  /** Collects log lines instead of dropping them. */
  readonly logLines?: string[];
};

/** A signed command for which a node starts a session; both in base64. */
export interface SessionStatement {
  readonly envelope: string;
  readonly proof: string;
}

/** An account of a test with its token and root key. */
export interface TestAccount {
  readonly handle: string;
  readonly id: AccountId;
  readonly token: string;
  readonly seed: PrivateSeed;
  readonly client: ApiClient;
}

/** One running node. Dispose it at the end of the test file. */
export class TestNode implements AsyncDisposable {
  readonly ledger: MemoryLedger;
  readonly git: GitEngine;
  readonly server: Server;
  readonly url: string;
  readonly directory: string;
  /** Answers so far that GitHub's clients would not understand. */
  readonly mismatches: readonly string[];
  #count = 0;

  private constructor(parts: Pick<TestNode, "ledger" | "git" | "server" | "url" | "directory" | "mismatches">) {
    this.ledger = parts.ledger;
    this.git = parts.git;
    this.server = parts.server;
    this.url = parts.url;
    this.directory = parts.directory;
    this.mismatches = parts.mismatches;
  }

  static async start(options: TestNodeOptions = {}): Promise<TestNode> {
    const directory = mkdtempSync(join(tmpdir(), "guts-server-test-"));
    const git = await openGitEngine(
      { directory: join(directory, "git"), spawnerCount: 1 },
      new AbortController().signal,
    );
    const ledger = new MemoryLedger(options);
    ledger.onApplied = (event) => project(ledger, git, event);
    const server = await createServer({
      ledger,
      chain: ledger,
      transactions: ledger,
      readModel: new MemoryReadModel(ledger, ledger.events),
      privateStore: new MemoryPrivateStore(),
      git,
      network: options.network?.(ledger) ?? aloneNetwork(ledger),
      clock: options.clock ?? { nowMs: () => ledger.time() },
      random: (length) => new Uint8Array(randomBytes(length)),
      logger: loggerOf(options.logLines),
      parts: [{ name: "ledger", state: () => ({ state: "ready" }) }],
      version: "0.0.0",
      checkResponses: true,
      // One address makes all requests of a test file.
      requestLimits: options.requestLimits ?? { addressRequestsPerHour: 100_000, webRequestsPerMinute: 100_000 },
      ...(options.earlyRefPolicy !== undefined && { earlyRefPolicy: options.earlyRefPolicy }),
      ...(options.webRoot !== undefined && { webRoot: options.webRoot }),
      ...(options.publicUrl !== undefined && { publicUrl: options.publicUrl }),
    });
    ledger.onApplied = async (event) => {
      await project(ledger, git, event);
      server.follow([event]);
    };
    const url = await server.listen({ host: "127.0.0.1", port: 0 });
    const mismatches = watchGithubShapes(server.app.server);
    return new TestNode({ ledger, git, server, url, directory, mismatches });
  }

  /** Signs a fresh account up. Handles differ within a node. */
  async signUp(
    name = "user",
    password?: string,
    seed = parsePrivateSeed(new Uint8Array(randomBytes(32)))!,
  ): Promise<TestAccount> {
    const handle = `${name}${++this.#count}`;
    const body = { ...this.accountStatement(handle, seed), session: "token" as const };
    const client = createClient({ baseUrl: this.url });
    const { account, token } = await client.call("POST /api/guts/signup", {
      body: password === undefined ? body : { ...body, password },
    });
    const own = createClient({ baseUrl: this.url, token: token ?? "" });
    return { handle, id: account.id as AccountId, token: token ?? "", seed, client: own };
  }

  /** A signed `account.create` with the proof that it is brought by who signed it. */
  accountStatement(handle: string, seed: PrivateSeed): SessionStatement {
    const payload = {
      handle: parseHandle(handle)!,
      rootKey: publicKeyOf(seed),
      deviceKey: undefined,
      homeNode: this.ledger.nodeId,
      invitation: undefined,
    };
    return this.signForSession({ kind: "account.create", payload }, 0, seed);
  }

  /** A command signed by a person's key, in base64. */
  sign(command: Parameters<typeof signCommand>[0], account: number, seed: PrivateSeed): string {
    return this.signForSession(command, account, seed).envelope;
  }

  /** The same with the proof that a sign-up or recovery needs. */
  signForSession(command: Parameters<typeof signCommand>[0], account: number, seed: PrivateSeed): SessionStatement {
    const proof = new Uint8Array(randomBytes(sessionProofLength));
    const terms = {
      networkId: toHex(this.ledger.networkId),
      height: this.ledger.height(),
      timeMs: this.ledger.time(),
      account,
      idempotencyKey: idempotencyKeyOfProof(proof),
    };
    const envelope = Buffer.from(signCommand(command, terms, seed)).toString("base64");
    return { envelope, proof: Buffer.from(proof).toString("base64") };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    await this.git[Symbol.asyncDispose]();
    rmSync(this.directory, { recursive: true, force: true });
    expect(this.mismatches, "answers that differ from GitHub's description").toEqual([]);
  }
}

/** What a node sees that has no others. */
export function aloneNetwork(ledger: MemoryLedger): NetworkView {
  return {
    addresses: () => ["/ip4/127.0.0.1/tcp/3003/p2p/12D3KooWtest"],
    peers: () => [],
    consensus: () => ({
      epoch: 0,
      view: ledger.height(),
      leader: ledger.nodeId,
      nullifiedViewCount: 0,
      evidenceCount: 0,
    }),
    sync: () => ({ state: "current" }),
    clockAheadMs: () => undefined,
    genesis: () => Uint8Array.of(1, 2, 3),
  };
}

/** What a node does with git once a transaction is applied. */
async function project(ledger: MemoryLedger, git: GitEngine, event: LedgerEvent): Promise<void> {
  const { signal } = new AbortController();
  if (event.kind === "repository.create") {
    const { repository } = decode(KINDS["repository.create"].result, event.result);
    const row = ledger.state().repository(repository);
    if (row !== undefined) await git.createRepository(repository, row.objectFormat, signal);
  } else if (event.kind === "repository.fork") {
    const row = ledger.state().repository(event.scope.id as RepositoryId)!;
    const { parent: source } = decode(KINDS["repository.fork"].payload, event.payload);
    await git.forkRepository(row.id, { source, format: row.objectFormat, signal });
    await git.rebuildRefs(row.id, ledger.state().refs(row.id), row.defaultBranch, signal);
  } else if (event.kind === "repository.delete") await git.deleteRepository(event.scope.id as RepositoryId, signal);
  const moved = [...refMovesOf(event), ...followedMovesOf(ledger.state(), event)];
  if (moved.length > 0) {
    const row = ledger.state().repository(event.scope.id as RepositoryId);
    if (row !== undefined) await git.projectRefs(row.id, moved, row.defaultBranch, signal);
  }
}

function loggerOf(lines: string[] | undefined): Logger {
  if (lines === undefined) return pino({ level: "silent" });
  return createLogger({ level: "debug", destination: { write: (line) => void lines.push(line) } });
}
