import { cpSync, existsSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  contentCodec,
  contentRefOf,
  credentialIdOf,
  ForgeState,
  kindOf,
  KINDS,
  ledgerLimits,
  proveState,
  receiptBytes,
  rowKey,
  signedTransactionCodec,
  signTransaction,
  tables,
  type Genesis,
  type KindName,
  type PayloadOf,
} from "@guts/ledger";
import { allScopes } from "@guts/governance";
import {
  encode,
  nodeIdOf,
  parseHandle,
  parsePrivateSeed,
  parseRefName,
  parseRepositoryName,
  publicKeyOf,
  signMessage,
  utf8,
  zeroObjectId,
  type AccountId,
  type Digest,
  type Height,
  type ObjectId,
  type PrivateSeed,
  type RepositoryId,
  type TimeMs,
} from "@guts/primitives";
import { refuseFinality, verifyStateProof } from "@guts/verifier";
import { afterEach, describe, expect, test } from "vitest";

import { AppliedLedger } from "./applied-ledger.ts";
import { FinalizedBlocks } from "./finalized-blocks.ts";
import { LocalChain } from "./local-chain.fixture.ts";
import { openGate } from "./project-git.ts";
import { NetworkSequencer } from "./sequencer.ts";
import { LedgerTransactions } from "./submit-transaction.ts";
import { QuorumReceipts } from "../replication/receipt-collector.ts";

const seedOf = (byte: number): PrivateSeed => parsePrivateSeed(new Uint8Array(32).fill(byte))!;
const nodeSeed = seedOf(1);
const nodeId = nodeIdOf(publicKeyOf(nodeSeed));
const startTime = 1_700_000_000_000;
const genesis: Genesis = {
  rulesVersion: ledgerLimits.rulesVersion,
  name: "test",
  time: startTime as TimeMs,
  registration: "open",
  administrators: [],
  validators: [{ name: "one", nodeId, consensusKey: publicKeyOf(nodeSeed) }],
};
const noGit = {
  createRepository: async () => {},
  forkRepository: async () => {},
  deleteRepository: async () => {},
  projectRefs: async () => {},
  rebuildRefs: async () => {},
  syncRefs: async () => {},
};

/** Receipts of the only validator, which asks nobody. */
function soloReceipts(ledger: AppliedLedger, seed: PrivateSeed): QuorumReceipts {
  const nobody = (): never => {
    throw new RangeError("a network of one has nobody to ask");
  };
  return new QuorumReceipts({
    ledger,
    link: { request: nobody },
    holder: { offer: nobody },
    issuer: { sign: (statement) => ({ validator: 0, signature: signMessage(seed, receiptBytes(statement)) }) },
    isSilent: nobody,
    onMissing: nobody,
  });
}

/** A node's ledger without doors, on a real directory. */
class TestLedger implements Disposable {
  readonly transactions: LedgerTransactions;
  readonly ledger: AppliedLedger;
  readonly failures: unknown[] = [];
  now = startTime + 1_000;
  readonly #local: LocalChain;

  constructor(directory: string) {
    const sequencer = new NetworkSequencer({
      submit: (raw, contents) => this.#local.submit(raw, contents),
      withdraw: (id) => this.#local.withdraw(id),
    });
    const now = (): number => this.now;
    const onFailure = (failure: unknown): void => void this.failures.push(failure);
    let following: FinalizedBlocks | undefined;
    this.#local = new LocalChain({
      directory,
      genesis,
      seed: nodeSeed,
      now,
      onFailure,
      onApplied: (applied) => void following?.follow(applied).then(() => sequencer.follow(applied), onFailure),
    });
    const { chain } = this.#local;
    this.ledger = new AppliedLedger(chain, nodeId, { get: () => undefined });
    following = new FinalizedBlocks({
      chain,
      notes: chain.state,
      forge: this.ledger.state(),
      git: noGit,
      objects: openGate,
      onRows: () => {},
      onEvents: (height) => this.ledger.announce(height),
    });
    const receipts = soloReceipts(this.ledger, nodeSeed);
    this.transactions = new LedgerTransactions({ chain, sequencer, nodeId, nodeSeed, receipts, now });
  }

  get chain(): LocalChain["chain"] {
    return this.#local.chain;
  }

  /** Submits a command that `seed` signs. */
  async sign<Kind extends KindName>(seed: PrivateSeed, account: number, kind: Kind, payload: PayloadOf<Kind>) {
    const body = {
      networkId: this.chain.state.networkId,
      rulesVersion: ledgerLimits.rulesVersion,
      account,
      idempotencyKey: crypto.getRandomValues(new Uint8Array(16)),
      expiresTime: (this.now + 60_000) as TimeMs,
      expiresHeight: (this.chain.state.tip.height + 100) as Height,
      kind: kindOf(kind).tag,
      payload: encode(kindOf(kind).payload, payload),
    };
    const bytes = encode(signedTransactionCodec, signTransaction(body, seed));
    return this.transactions.submitSigned(bytes, [], AbortSignal.timeout(10_000));
  }

  async signUp(handle: string, seed: PrivateSeed): Promise<AccountId> {
    const outcome = await this.sign(seed, 0, "account.create", {
      handle: parseHandle(handle)!,
      rootKey: publicKeyOf(seed),
      deviceKey: undefined,
      homeNode: nodeId,
      invitation: undefined,
    });
    if (outcome.outcome !== "applied") throw new Error(JSON.stringify(outcome));
    return outcome.result.account;
  }

  /** A token of this node with all scopes, made by delegation. */
  async createToken(account: AccountId): Promise<Digest> {
    const id = credentialIdOf(crypto.getRandomValues(new Uint8Array(20)));
    const payload = {
      id,
      kind: "token",
      scopes: allScopes,
      label: "t",
      expiresTime: undefined,
      audience: [nodeId],
    } as const;
    const outcome = await this.transactions.submit(
      { kind: "credential.create", payload },
      { by: { account, delegation: true }, signal: AbortSignal.timeout(10_000) },
    );
    expect(outcome.outcome).toBe("applied");
    return id;
  }

  /** Transactions that wait for a block. */
  get pendingCount(): number {
    return this.#local.pendingCount;
  }

  async createRepository(
    account: AccountId,
    credential: Digest,
    name: string,
    { idempotencyKey, signal = AbortSignal.timeout(10_000) }: { idempotencyKey?: string; signal?: AbortSignal } = {},
  ) {
    const description = { salt: crypto.getRandomValues(new Uint8Array(16)), text: utf8(`about ${name}`) };
    const payload = {
      owner: account,
      name: parseRepositoryName(name)!,
      visibility: "public",
      objectFormat: "sha1",
      defaultBranch: undefined,
      description: contentRefOf(description),
      homepage: undefined,
    } as const;
    return this.transactions.submit(
      { kind: "repository.create", payload },
      { by: { account, credential }, contents: [description], idempotencyKey, signal },
    );
  }

  push(account: AccountId, credential: Digest, at: { repository: RepositoryId; oldId: ObjectId; newId: ObjectId }) {
    const { repository, oldId, newId } = at;
    const update = {
      name: parseRefName("refs/heads/main")!,
      oldId,
      newId,
      isFastForward: false,
      hasMerges: false,
      newType: "commit",
    } as const;
    return this.transactions.submitPush(
      { repository, isAtomic: false, updates: [update], packs: [], pushOptions: [] },
      { by: { account, credential }, signal: AbortSignal.timeout(10_000) },
    );
  }

  [Symbol.dispose](): void {
    this.#local[Symbol.dispose]();
  }
}

const directories: string[] = [];
function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "guts-ledger-"));
  directories.push(directory);
  return directory;
}
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

const commit = (byte: string): ObjectId => byte.repeat(40) as ObjectId;
const none = zeroObjectId("sha1");

describe("the ledger of one node", () => {
  test("carries a person from sign-up to a push, and certifies every block", async () => {
    using node = new TestLedger(temporaryDirectory());
    const account = await node.signUp("alice", seedOf(7));
    expect(account).toBe(1);
    const token = await node.createToken(account);
    const created = await node.createRepository(account, token, "hello");
    expect(created).toMatchObject({ outcome: "applied", height: 3, result: { repository: 1 } });
    const pushed = await node.push(account, token, { repository: 1 as RepositoryId, oldId: none, newId: commit("a") });
    expect(pushed).toMatchObject({ outcome: "applied", height: 4, result: { refusals: [undefined] } });
    expect(node.ledger.state().ref(1 as RepositoryId, parseRefName("refs/heads/main")!)).toBe(commit("a"));
    const { networkId } = node.chain.state;
    for (let height = 1; height <= 4; height++) {
      const block = node.chain.state.block(height as Height)!;
      expect(refuseFinality(block.hash, block.finality, networkId, genesis.validators)).toBeUndefined();
    }
    const proof = proveState(node.chain.state, rowKey(tables.accountTable, account));
    expect(verifyStateProof(node.chain.state.block(4 as Height)!.header.stateRoot, proof)).toBe(true);
    expect(node.failures).toEqual([]);
  });

  test("lets exactly one of many concurrent pushes to one branch win", async () => {
    using node = new TestLedger(temporaryDirectory());
    const account = await node.signUp("alice", seedOf(7));
    const token = await node.createToken(account);
    await node.createRepository(account, token, "race");
    const ids = "123456789abcdef".split("").map(commit);
    const outcomes = await Promise.all(
      ids.map((newId) => node.push(account, token, { repository: 1 as RepositoryId, oldId: none, newId })),
    );
    expect(outcomes.filter(({ outcome }) => outcome === "applied")).toHaveLength(1);
    expect(outcomes.filter((outcome) => "rejection" in outcome && outcome.rejection === "ref-stale")).toHaveLength(
      ids.length - 1,
    );
  });

  test("refuses early what the rules would reject, without a block", async () => {
    using node = new TestLedger(temporaryDirectory());
    const account = await node.signUp("alice", seedOf(7));
    const token = await node.createToken(account);
    await node.createRepository(account, token, "hello");
    const { height } = node.chain.state.tip;
    expect(await node.createRepository(account, token, "HELLO")).toEqual({
      outcome: "refused",
      rejection: "repository-name-taken",
    });
    expect(await node.sign(seedOf(8), account, "account.close", {})).toEqual({
      outcome: "refused",
      rejection: "key-not-live",
    });
    expect(node.chain.state.tip.height).toBe(height);
  });

  test("applies a repeated idempotency key once and gives the first answer again", async () => {
    using node = new TestLedger(temporaryDirectory());
    const account = await node.signUp("alice", seedOf(7));
    const token = await node.createToken(account);
    const first = await node.createRepository(account, token, "hello", { idempotencyKey: "key-1" });
    expect(await node.createRepository(account, token, "hello", { idempotencyKey: "key-1" })).toEqual(first);
    expect(await node.createRepository(account, token, "other", { idempotencyKey: "key-1" })).toEqual({
      outcome: "refused",
      rejection: "key-reused",
    });
  });

  test("gives one answer to two transactions that carry out one command", async () => {
    using node = new TestLedger(temporaryDirectory());
    const account = await node.signUp("alice", seedOf(7));
    const token = await node.createToken(account);
    const create = () => node.createRepository(account, token, "hello", { idempotencyKey: "key" });
    const [first, second] = await Promise.all([create(), create()]);
    expect(first).toMatchObject({ outcome: "applied", height: 3, result: { repository: 1 } });
    expect(second).toEqual(first);
    expect(node.pendingCount).toBe(0);
  });

  test("says at once when nothing can apply a transaction any more, and leaves it unknown while something can", async () => {
    using node = new TestLedger(temporaryDirectory());
    const account = await node.signUp("alice", seedOf(7));
    const token = await node.createToken(account);
    const [closed, late] = await Promise.all([
      node.sign(seedOf(7), account, "account.close", {}),
      node.createRepository(account, token, "late"),
    ]);
    expect(closed).toMatchObject({ outcome: "applied", height: 3 });
    expect(late).toMatchObject({ outcome: "rejected", height: 3, rejection: "account-not-active" });
    const bob = await node.signUp("bob", seedOf(8));
    const brief = await node.createToken(bob);
    const [revoked, waiting] = await Promise.all([
      node.sign(seedOf(8), bob, "credential.revoke", { id: brief }),
      node.createRepository(bob, brief, "late", { signal: AbortSignal.timeout(300) }),
    ]);
    expect([revoked.outcome, waiting.outcome]).toEqual(["applied", "unknown"]);
  });

  test("opens with the same root and rows after every block", async () => {
    const directory = temporaryDirectory();
    {
      using node = new TestLedger(directory);
      const account = await node.signUp("alice", seedOf(7));
      const token = await node.createToken(account);
      await node.createRepository(account, token, "hello");
    }
    using node = new TestLedger(directory);
    expect(node.chain.state.tip.height).toBe(3);
    const owner = node.ledger.state().findAccount(parseHandle("Alice")!)!.found;
    const { found } = node.ledger.state().findRepository(owner.id, parseRepositoryName("hello")!)!;
    expect(node.ledger.text(found.description!)).toBe("about hello");
  });

  test("executes again what the block log has and the state lost", async () => {
    const directory = temporaryDirectory();
    const before = temporaryDirectory();
    {
      using node = new TestLedger(directory);
      await node.signUp("alice", seedOf(7));
    }
    for (const name of ["state.sqlite"]) cpSync(join(directory, name), join(before, name));
    let root: Digest;
    {
      using node = new TestLedger(directory);
      const account = 1 as AccountId;
      const token = await node.createToken(account);
      await node.createRepository(account, token, "hello");
      root = node.chain.state.root();
    }
    cpSync(join(before, "state.sqlite"), join(directory, "state.sqlite"));
    using node = new TestLedger(directory);
    expect(node.chain.state.tip.height).toBe(3);
    expect(node.chain.state.root()).toEqual(root);
  });

  test("makes a damaged state again from the block log, and sets the damaged file aside", async () => {
    const directory = temporaryDirectory();
    let root: Digest;
    {
      using node = new TestLedger(directory);
      await node.signUp("alice", seedOf(7));
      root = node.chain.state.root();
    }
    writeFileSync(join(directory, "state.sqlite"), new Uint8Array(8_192).fill(7));
    using node = new TestLedger(directory);
    expect(node.chain.state.tip.height).toBe(1);
    expect(node.chain.state.root()).toEqual(root);
    expect(existsSync(join(directory, "state.sqlite.damaged"))).toBe(true);
  });

  test("passes over a torn block at the end of the log, which the journal makes final again", async () => {
    const directory = temporaryDirectory();
    const beforeState = temporaryDirectory();
    {
      using node = new TestLedger(directory);
      await node.signUp("alice", seedOf(7));
    }
    cpSync(join(directory, "state.sqlite"), join(beforeState, "state.sqlite"));
    {
      using node = new TestLedger(directory);
      await node.createToken(1 as AccountId);
    }
    cpSync(join(beforeState, "state.sqlite"), join(directory, "state.sqlite"));
    const log = join(directory, "blocks", "00000000.log");
    truncateSync(log, 1_200);
    using node = new TestLedger(directory);
    expect(node.chain.state.tip.height).toBe(2);
    await node.signUp("bob", seedOf(9));
    expect(node.chain.state.tip.height).toBe(3);
    expect([...node.chain.state.eventsAbove(0 as Height)].map(({ kind }) => kind)).toEqual([
      "account.create",
      "credential.create",
      "account.create",
    ]);
  });

  test("erases a redacted text and still opens from the log", async () => {
    const directory = temporaryDirectory();
    const empty = temporaryDirectory();
    new TestLedger(empty)[Symbol.dispose]();
    {
      using node = new TestLedger(directory);
      const account = await node.signUp("alice", seedOf(7));
      const token = await node.createToken(account);
      await node.createRepository(account, token, "hello");
      const { description } = node.ledger.state().repository(1 as RepositoryId)!;
      const payload = { digests: [description!.digest], reason: "private" };
      const outcome = await node.transactions.submit(
        { kind: "content.redact", payload },
        { by: { account, credential: token }, signal: AbortSignal.timeout(10_000) },
      );
      expect(outcome.outcome).toBe("applied");
      expect(node.ledger.text(description!)).toBeUndefined();
    }
    cpSync(join(empty, "state.sqlite"), join(directory, "state.sqlite"));
    using node = new TestLedger(directory);
    expect(node.chain.state.tip.height).toBe(4);
    expect(node.ledger.text(node.ledger.state().repository(1 as RepositoryId)!.description!)).toBeUndefined();
  });

  test("refuses malformed submissions without a block", async () => {
    using node = new TestLedger(temporaryDirectory());
    const signal = AbortSignal.timeout(10_000);
    const refused = { outcome: "refused", rejection: "malformed" };
    expect(await node.transactions.submitSigned(new Uint8Array(), [], signal)).toEqual(refused);
    expect(await node.transactions.submitSigned(new Uint8Array(300).fill(255), [], signal)).toEqual(refused);
    expect(node.chain.state.tip.height).toBe(0);
  });
});

test("the kinds in the registry are distinct", () => {
  const tags = Object.values(KINDS).map(({ tag }) => tag);
  expect(new Set(tags).size).toBe(tags.length);
  expect(new ForgeState({ get: () => undefined, scan: () => [] }).account(1 as AccountId)).toBeUndefined();
  expect(encode(contentCodec, { salt: new Uint8Array(16), text: utf8("x") }).length).toBe(21);
});
