/** A network of nodes without a network: real git, real TLS over loopback, a ledger that the test writes, a link in memory. */
import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  ForgeState,
  genesisHash,
  ledgerLimits,
  Overlay,
  tables,
  writeRow,
  removeRow,
  type CertifiedUpdate,
  type Genesis,
  type PackRef,
} from "@guts/ledger";
import {
  fromHex,
  isZeroObjectId,
  nodeIdOf,
  publicKeyOf,
  type AccountId,
  type Digest,
  type Height,
  type NodeId,
  type ObjectFormat,
  type ObjectId,
  type PrivateSeed,
  type RefName,
  type RepositoryId,
  type RepositoryName,
  type TimeMs,
} from "@guts/primitives";
import { openGitEngine, type GitEngine, type PushLimits, type Quarantine } from "@guts/storage";
import { MemoryState } from "@guts/testing";
import { transferLimits, type NodeLink } from "@guts/transfer";
import type { Validator } from "@guts/verifier";
import { HeldRepositories, ServedState } from "./held-repositories.ts";
import { holdBlocks } from "./limits.ts";
import type { ReplicationLedger } from "./pack-holder.ts";
import { openReplication, type Replication } from "./replication.ts";
import type { CollectOutcome, StoredPush } from "./receipt-collector.ts";

export const repository = 513 as RepositoryId;
export const mainRef = "refs/heads/main" as RefName;
export const pushLimits: PushLimits = {
  packBytesMax: 64 << 20,
  objectsMax: 100_000,
  inflatedBytesMax: 256 << 20,
  timeoutMs: 20_000,
};

/** A signal that never fires. */
export function never(): AbortSignal {
  return new AbortController().signal;
}

type RequestHandler = Parameters<NodeLink["onRequest"]>[2];
type StreamHandler = Parameters<NodeLink["onStream"]>[2];

/** What a test may do to messages on their way. */
export type Tamper = (message: { from: NodeId; to: NodeId; protocol: string; answer: Uint8Array }) => Uint8Array;

/** A link of a node to all others. Nodes that are down do not answer. */
class MemoryLink implements NodeLink {
  readonly requests = new Map<string, RequestHandler>();
  readonly streams = new Map<string, StreamHandler>();
  readonly #network: TestNetwork;
  readonly #nodeId: NodeId;

  constructor(network: TestNetwork, nodeId: NodeId) {
    this.#network = network;
    this.#nodeId = nodeId;
  }

  async request(
    to: NodeId,
    protocol: string,
    body: Uint8Array,
    { signal, responseBytesMax }: { readonly signal: AbortSignal; readonly responseBytesMax: number },
  ): Promise<Uint8Array> {
    signal.throwIfAborted();
    const handler = this.#network.find(to)?.link.requests.get(protocol);
    if (handler === undefined) throw new RangeError("not connected");
    this.#network.asked.push(protocol);
    if (this.#network.mute.has(to)) {
      await new Promise((_, reject) => signal.addEventListener("abort", () => reject(signal.reason)));
    }
    const answer = await handler(this.#nodeId, Uint8Array.from(body), signal);
    const given = this.#network.tamper({ from: this.#nodeId, to, protocol, answer });
    if (given.length > responseBytesMax) throw new RangeError("too long");
    return given;
  }

  async *openStream(
    to: NodeId,
    protocol: string,
    body: Uint8Array,
    { signal }: { readonly signal: AbortSignal },
  ): AsyncGenerator<Uint8Array> {
    const handler = this.#network.find(to)?.link.streams.get(protocol);
    if (handler === undefined) throw new RangeError("not connected");
    this.#network.asked.push(protocol);
    yield* handler(this.#nodeId, Uint8Array.from(body), signal);
  }

  onRequest(protocol: string, _limits: object, handler: RequestHandler): void {
    this.requests.set(protocol, handler);
  }

  onStream(protocol: string, _limits: object, handler: StreamHandler): void {
    this.streams.set(protocol, handler);
  }
}

/** One node: its git, its state, its replication. */
export class TestNode {
  readonly nodeSeed = new Uint8Array(randomBytes(32)) as PrivateSeed;
  readonly consensusSeed = new Uint8Array(randomBytes(32)) as PrivateSeed;
  readonly nodeId = nodeIdOf(publicKeyOf(this.nodeSeed));
  readonly directory: string;
  readonly link: MemoryLink;
  readonly log: string[] = [];
  readonly #network: TestNetwork;
  state!: MemoryState;
  height = 0 as Height;
  git!: GitEngine;
  held!: HeldRepositories;
  replication!: Replication;
  isUp = false;
  /** Overridden to make a node see other facts than git. */
  receive: ((engine: GitEngine) => GitEngine) | undefined;

  constructor(network: TestNetwork, name: string) {
    this.#network = network;
    this.directory = join(network.directory, name);
    mkdirSync(this.directory, { recursive: true });
    this.link = new MemoryLink(network, this.nodeId);
  }

  get forge(): ForgeState {
    return new ForgeState(this.state);
  }

  get served(): ForgeState {
    return new ServedState(this.forge, this.held);
  }

  async start(isTlsServed = true): Promise<void> {
    const directory = join(this.directory, "git");
    mkdirSync(directory, { recursive: true });
    const engine = await openGitEngine({ directory, spawnerCount: 1, holdBlocks }, never());
    this.git = this.receive?.(engine) ?? engine;
    await this.git.sweep();
    this.held = new HeldRepositories(join(this.directory, "held"));
    const logger = {
      info: (fields: object, message: string) => void this.log.push(`${message} ${JSON.stringify(fields)}`),
      warn: (fields: object, message: string) => void this.log.push(`${message} ${JSON.stringify(fields)}`),
    };
    this.replication = await openReplication(
      {
        ledger: this.#ledger(),
        forge: this.forge,
        git: this.git,
        link: this.link,
        nodeSeed: this.nodeSeed,
        consensusSeed: this.consensusSeed,
        held: this.held,
        directory: join(this.directory, "replication"),
        listen: isTlsServed ? { host: "127.0.0.1", port: 0 } : undefined,
        limits: pushLimits,
        pace: { ...transferLimits.transferPace, stallMs: 2_000 },
        logger,
        onComplete: () => {},
        isSilent: (nodeId) => this.#network.mute.has(nodeId),
      },
      never(),
    );
    this.isUp = true;
  }

  async stop(): Promise<void> {
    if (!this.isUp) return;
    this.isUp = false;
    await this.replication[Symbol.asyncDispose]();
    await this.git[Symbol.asyncDispose]();
  }

  /** A push as this node's doors take it, up to the receipts: received, promoted, collected. The pack is the client's unless given. */
  async receivePush(
    client: Client,
    updates: readonly { name: RefName; oldId: ObjectId; newId: ObjectId }[],
    pack?: AsyncIterable<Uint8Array>,
  ): Promise<{ push: StoredPush; quarantine: Quarantine }> {
    const tips = Array.from(this.served.refs(repository), ([, id]) => id);
    const wants = updates.map(({ newId }) => newId).filter((id) => !isZeroObjectId(id));
    const made = (): AsyncIterable<Uint8Array> => inPieces(client.pack(wants, tips));
    const outcome = await this.git.receivePack(repository, {
      commands: updates,
      pack: pack ?? (wants.length === 0 ? undefined : made()),
      tips,
      limits: pushLimits,
      signal: never(),
    });
    if (outcome.outcome === "rejected") throw new Error(`${outcome.code}: ${outcome.message}`);
    await outcome.quarantine.promote(never());
    const certified: CertifiedUpdate[] = updates.map((update, index) => ({
      ...update,
      isFastForward: outcome.facts[index]!.isFastForward,
      hasMerges: outcome.facts[index]!.hasMerges,
      newType: outcome.facts[index]!.newType ?? "none",
    }));
    const packs: PackRef[] = outcome.packs.map(({ sha256, sizeBytes }) => ({ sha256: fromHex(sha256)!, sizeBytes }));
    return { push: { repository, updates: certified, packs }, quarantine: outcome.quarantine };
  }

  collect(push: StoredPush, signal = never()): Promise<CollectOutcome> {
    return this.replication.receipts.collect(push, signal);
  }

  /** Follows a finalized push: objects, then refs. */
  async follow(push: StoredPush, options: { isCatchingUp?: boolean; holders?: readonly NodeId[] } = {}): Promise<void> {
    const { updates, packs } = push;
    const holders =
      options.holders ?? this.#network.nodes.map(({ nodeId }) => nodeId).filter((id) => id !== this.nodeId);
    const wish = { repository, updates, packs, holders, isCatchingUp: options.isCatchingUp ?? false };
    const isMine = await this.replication.objects.prepare(wish, never());
    if (isMine) await this.git.projectRefs(repository, updates, mainRef, never());
    this.replication.onFollowed(this.height, [{ repository, updates }]);
  }

  gitDirectory(): string {
    return join(
      this.directory,
      "git/repositories",
      (repository % 256).toString(16).padStart(2, "0"),
      `${repository}.git`,
    );
  }

  /** Plain git in the stored repository. */
  plainGit(...args: readonly string[]): string {
    return runGit(["--git-dir", this.gitDirectory(), ...args]);
  }

  #ledger(): ReplicationLedger {
    const served = this.served;
    return {
      networkId: this.#network.networkId,
      nodeId: this.nodeId,
      state: () => served,
      height: () => this.height,
      waitForHeight: async (height, signal) => {
        while (this.height < height) {
          signal.throwIfAborted();
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      },
    };
  }
}

/** All nodes, their common ledger, and what goes wrong between them. */
export class TestNetwork implements AsyncDisposable {
  readonly directory = mkdtempSync(join(tmpdir(), "guts-replication-test-"));
  readonly nodes: TestNode[] = [];
  /** Nodes that take requests and never answer. */
  readonly mute = new Set<NodeId>();
  /** Protocols that were used, in order. */
  readonly asked: string[] = [];
  tamper: Tamper = ({ answer }) => answer;
  networkId!: Digest;
  #height = 0;
  #time = 1_700_000_000_000;

  /** A network of `validatorCount` validators and some other nodes, all with the same empty repository. */
  static async open(options: {
    readonly validators: number;
    readonly observers?: number;
    readonly format?: ObjectFormat;
    readonly prepare?: (node: TestNode, index: number) => void;
    readonly withoutTls?: boolean;
  }): Promise<TestNetwork> {
    const network = new TestNetwork();
    const count = options.validators + (options.observers ?? 0);
    for (let index = 0; index < count; index++) network.nodes.push(new TestNode(network, `node-${index}`));
    const validators: Validator[] = network.nodes
      .slice(0, options.validators)
      .map(({ nodeId, consensusSeed }, index) => ({
        name: `v${index}`,
        nodeId,
        consensusKey: publicKeyOf(consensusSeed),
      }));
    const genesis: Genesis = {
      rulesVersion: ledgerLimits.rulesVersion,
      name: "test",
      time: network.#time as TimeMs,
      registration: "open",
      administrators: [],
      validators,
    };
    network.networkId = genesisHash(genesis);
    for (const [index, node] of network.nodes.entries()) {
      node.state = MemoryState.ofGenesis(genesis);
      network.#write(node, (state) => {
        for (const other of network.nodes)
          writeRow(state, tables.nodeTable, other.nodeId, { name: "node", sinceHeight: 0 as Height });
        writeRow(state, tables.repositoryTable, repository, network.#row(options.format ?? "sha1"));
      });
      options.prepare?.(node, index);
      await node.start(options.withoutTls !== true);
      await node.git.createRepository(repository, options.format ?? "sha1", never());
    }
    return network;
  }

  find(nodeId: NodeId): TestNode | undefined {
    return this.nodes.find((node) => node.nodeId === nodeId && node.isUp);
  }

  /** Finalizes a push: every node's state has it; those that are up and named follow. */
  async finalize(
    push: StoredPush,
    followers: readonly TestNode[] = this.nodes.filter(({ isUp }) => isUp),
  ): Promise<void> {
    this.#height += 1;
    this.#time += 1_000;
    for (const node of this.nodes) {
      this.#write(node, (state) => {
        for (const { name, newId } of push.updates) {
          const key = { repository, name };
          if (isZeroObjectId(newId)) removeRow(state, tables.refTable, key);
          else writeRow(state, tables.refTable, key, newId);
        }
        const row = node.forge.repository(repository)!;
        const { id: _, ...rest } = row;
        writeRow(state, tables.repositoryTable, repository, { ...rest, updatedTime: this.#time as TimeMs });
      });
      node.height = this.#height as Height;
    }
    await Promise.all(followers.map((node) => node.follow(push)));
  }

  /** A whole push at a node: received, certified, finalized, followed. */
  async push(
    node: TestNode,
    client: Client,
    updates: readonly { name: RefName; oldId: ObjectId; newId: ObjectId }[],
    followers?: readonly TestNode[],
  ): Promise<CollectOutcome> {
    const { push, quarantine } = await node.receivePush(client, updates);
    const outcome = await node.collect(push);
    if (outcome.outcome === "certified") await this.finalize(push, followers);
    await quarantine[Symbol.asyncDispose]();
    return outcome;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const node of this.nodes) await node.stop();
    rmSync(this.directory, { recursive: true, force: true });
  }

  #write(node: TestNode, change: (state: Overlay) => void): void {
    const overlay = new Overlay(node.state);
    change(overlay);
    node.state.write(overlay.changes(), []);
  }

  #row(objectFormat: ObjectFormat): tables.RepositoryRow {
    const time = this.#time as TimeMs;
    return {
      owner: 1 as AccountId,
      name: "engine" as RepositoryName,
      visibility: "public",
      objectFormat,
      defaultBranch: mainRef,
      defaultBranchIs: "assumed",
      state: "active",
      description: undefined,
      homepage: undefined,
      createdTime: time,
      createdHeight: 0 as Height,
      updatedTime: time,
      pushedTime: undefined,
      refCount: 0,
    };
  }
}

const environment = {
  PATH: "/usr/local/bin:/usr/bin:/bin",
  HOME: "/nonexistent",
  GIT_CONFIG_NOSYSTEM: "1",
  GIT_CONFIG_GLOBAL: "/dev/null",
  GIT_AUTHOR_NAME: "Ada",
  GIT_AUTHOR_EMAIL: "ada@example.org",
  GIT_COMMITTER_NAME: "Ada",
  GIT_COMMITTER_EMAIL: "ada@example.org",
};

function runGit(args: readonly string[], input?: string, cwd?: string): string {
  const options = { env: environment, maxBuffer: 1 << 28, stdio: "pipe" as const, ...(cwd ? { cwd } : {}) };
  return execFileSync("git", args, input === undefined ? options : { ...options, input })
    .toString()
    .trim();
}

/** A person's working copy. */
export class Client implements Disposable {
  readonly #path = mkdtempSync(join(tmpdir(), "guts-replication-client-"));
  readonly zero: ObjectId;

  constructor(format: ObjectFormat = "sha1") {
    this.zero = "0".repeat(format === "sha1" ? 40 : 64) as ObjectId;
    runGit(["init", "-q", "-b", "main", `--object-format=${format}`, "."], undefined, this.#path);
  }

  /** A commit that adds one file; a large one does not compress. */
  commit(path: string, content = `${path}\n`): ObjectId {
    const blob = runGit(["hash-object", "-w", "--stdin"], content, this.#path);
    runGit(["update-index", "--add", "--cacheinfo", `100644,${blob},${path}`], undefined, this.#path);
    runGit(["commit", "-q", "-m", path], undefined, this.#path);
    return runGit(["rev-parse", "HEAD"], undefined, this.#path) as ObjectId;
  }

  /** Starts again from an earlier commit. */
  reset(commit: ObjectId): void {
    runGit(["reset", "-q", "--soft", commit], undefined, this.#path);
  }

  /** A thin pack, as a client sends it. */
  pack(wants: readonly string[], haves: readonly string[]): Buffer {
    const known = haves.filter((id) => this.#has(id));
    return execFileSync("git", ["pack-objects", "--revs", "--thin", "--stdout", "-q", "--delta-base-offset"], {
      cwd: this.#path,
      env: environment,
      input: [...wants, ...known.map((id) => `^${id}`), ""].join("\n"),
      maxBuffer: 1 << 28,
    });
  }

  update(oldId: ObjectId | undefined, newId: ObjectId | undefined, name = mainRef) {
    return { name, oldId: oldId ?? this.zero, newId: newId ?? this.zero };
  }

  [Symbol.dispose](): void {
    rmSync(this.#path, { recursive: true, force: true });
  }

  #has(id: string): boolean {
    try {
      runGit(["cat-file", "-e", id], undefined, this.#path);
      return true;
    } catch {
      return false;
    }
  }
}

async function* inPieces(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}
