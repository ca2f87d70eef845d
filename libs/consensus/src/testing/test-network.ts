/** Engines on an in-memory bus with one virtual clock: what a test needs to see messages flow, be lost, and be late. */
import { digestOf, nodeIdOf, parsePrivateSeed, publicKeyOf, type Signature, utf8 } from "@guts/primitives";
import { voteBytes, type Validator, type VoteStatement } from "@guts/verifier";
import { ConsensusEngine } from "../engine.ts";
import type { Evidence } from "../evidence.ts";
import { freshJournalRecords } from "../journal-record.ts";
import { decodeMessage, type Message } from "../messages.ts";
import type { Behind, Execution, Journal, Misbehaviour, Peer, VoteSignatures } from "../ports.ts";
import { lanTiming, type Timing } from "../timing.ts";
import type { VotingRules } from "../voting-rules.ts";
import { networkId, TextChain } from "./text-chain.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** A journal in memory that knows what was synced. */
export class MemoryJournal implements Journal {
  records: Uint8Array[];
  syncedCount: number;
  syncCount = 0;
  bytes = 0;

  constructor(records: readonly Uint8Array[] = freshJournalRecords()) {
    this.records = [...records];
    this.syncedCount = records.length;
  }

  read(): Iterable<Uint8Array> {
    return this.records;
  }

  append(record: Uint8Array): void {
    this.records.push(record);
    this.bytes += record.length;
  }

  sync(): void {
    this.syncedCount = this.records.length;
    this.syncCount++;
  }

  compact(keep: Iterable<Uint8Array>): void {
    this.records = [...keep];
    this.syncedCount = this.records.length;
    this.bytes = 0;
  }
}

/** Signatures that cost one hash: good enough where nobody forges. */
export function cheapSignatures(self: number): VoteSignatures {
  const sign = (validator: number, statement: VoteStatement): Signature => {
    const digest = digestOf("vote", utf8(`${validator}`), voteBytes(statement));
    return new Uint8Array([...digest, ...digest]) as Signature;
  };
  return {
    sign: (statement) => sign(self, statement),
    verify: (validator, statement, signature) =>
      sign(validator, statement).every((byte, index) => byte === signature[index]),
  };
}

/** One node of a test. */
export interface TestNode {
  readonly index: number;
  readonly chain: TextChain;
  engine: ConsensusEngine;
  journal: MemoryJournal;
  isAlive: boolean;
  readonly sent: Message[];
  readonly evidence: Evidence[];
  readonly behind: Behind[];
  readonly misbehaviours: (readonly [Peer, Misbehaviour])[];
  readonly diverged: string[];
}

/** What a test may change. */
export interface TestNetworkOptions {
  readonly validatorCount: number;
  readonly observerCount?: number;
  readonly timing?: Partial<Timing>;
  readonly delayMs?: number;
  readonly skewMs?: (index: number) => number;
  readonly rules?: (index: number) => VotingRules | undefined;
}

/** Validators 0 to n - 1, then observers. */
export class TestNetwork {
  readonly clock = new VirtualClock();
  readonly nodes: readonly TestNode[];
  readonly validators: readonly Validator[];
  /** Whether a frame arrives. */
  passes: (from: number, to: number, message: Message) => boolean = () => true;
  /** Whether hosts bring the blocks of a node that is behind. */
  hasBlockSync = true;
  readonly #options: TestNetworkOptions;
  #nonce = 1;

  constructor(options: TestNetworkOptions) {
    this.#options = options;
    this.validators = Array.from({ length: options.validatorCount }, (_, index) => testValidator(index));
    const count = options.validatorCount + (options.observerCount ?? 0);
    this.nodes = Array.from({ length: count }, (_, index) => this.#nodeOf(index));
  }

  start(...indexes: readonly number[]): void {
    for (const node of this.#select(indexes)) node.engine.start();
  }

  /** Gives a line to the pools of all living nodes, or of some. */
  submit(line: string, ...indexes: readonly number[]): void {
    for (const node of this.#select(indexes)) {
      if (!node.isAlive) continue;
      node.chain.pool.push(line);
      node.engine.setPending(true);
    }
  }

  run(durationMs: number): void {
    this.clock.advance(durationMs);
  }

  stop(index: number): void {
    this.nodes[index]!.isAlive = false;
    this.nodes[index]!.engine.stop();
  }

  /** Starts a node again with the records that its journal synced, or with others. */
  restart(index: number, records?: readonly Uint8Array[]): void {
    const node = this.nodes[index]!;
    node.engine.stop();
    node.isAlive = true;
    node.journal = new MemoryJournal(records ?? node.journal.records.slice(0, node.journal.syncedCount));
    node.engine = this.#engineOf(node);
    node.engine.start();
  }

  /** Delivers a message as if `from` had sent it. */
  inject(from: number, to: number, frame: Uint8Array): void {
    this.nodes[to]!.engine.receive(from, frame);
  }

  heights(): readonly number[] {
    return this.nodes.map(({ chain }) => chain.tip.height);
  }

  #select(indexes: readonly number[]): readonly TestNode[] {
    return indexes.length === 0 ? this.nodes : indexes.map((index) => this.nodes[index]!);
  }

  #nodeOf(index: number): TestNode {
    const node = {
      ...{ index, chain: new TextChain(), journal: new MemoryJournal(), isAlive: true },
      ...{ sent: [], evidence: [], behind: [], misbehaviours: [], diverged: [] },
    };
    return Object.assign(node, { engine: this.#engineOf(node) });
  }

  #engineOf(node: Omit<TestNode, "engine">): ConsensusEngine {
    const { index, chain, journal } = node;
    const { validatorCount, timing, rules, skewMs } = this.#options;
    const isCurrent = (): boolean => node.isAlive && node.journal === journal;
    return new ConsensusEngine(
      {
        ...{ networkId, epoch: 0, validators: this.validators, finalized: chain.tip, nonce: this.#nonce++ },
        self: index < validatorCount ? index : undefined,
        signatures: cheapSignatures(index),
        timing: { ...lanTiming, ...timing },
        ...(rules?.(index) === undefined ? {} : { rules: rules(index)! }),
      },
      {
        execution: this.#executionOf(node),
        journal,
        clock: this.clock.clockOf({ isAlive: isCurrent, skewMs: skewMs?.(index) ?? 0 }),
        transport: {
          send: (to, frame) => this.#carry(node, to, frame),
          broadcast: (frame) => {
            for (const { index: to } of this.nodes) if (to !== index) this.#carry(node, to, frame);
          },
        },
        events: {
          onBehind: (behind) => this.#onBehind(node, behind),
          onEvidence: (evidence) => void node.evidence.push(evidence),
          onMisbehaviour: (from, reason) => void node.misbehaviours.push([from, reason]),
          onDiverged: ({ code }) => void node.diverged.push(code),
          onFailure: (failure) => {
            throw failure;
          },
        },
      },
    );
  }

  #onBehind(node: Omit<TestNode, "engine">, behind: Behind): void {
    node.behind.push(behind);
    if (this.hasBlockSync) this.clock.after(5, () => this.syncFrom(behind.from, node.index));
  }

  /** Block sync of a host: the blocks that `to` lacks, from the chain of `from`. */
  syncFrom(from: number, to: number): void {
    const { chain, engine, isAlive } = this.nodes[to]!;
    const missing = this.nodes[from]!.chain.blocks.slice(chain.blocks.length);
    if (!isAlive || missing.length === 0) return;
    for (const { proposal, certificate } of missing) chain.commit(proposal, certificate);
    engine.raiseFloor(chain.tip);
    engine.setPending(chain.pool.length > 0);
  }

  /** As a host does: a commit that empties the pool says so. */
  #executionOf(node: Omit<TestNode, "engine">): Execution {
    const { chain } = node;
    return {
      build: (place, options) => chain.build(place, options),
      execute: (proposal) => chain.execute(proposal),
      discard: (hash) => chain.discard(hash),
      commit: (proposal, certificate) => {
        chain.commit(proposal, certificate);
        this.nodes[node.index]!.engine.setPending(chain.pool.length > 0);
      },
    };
  }

  #carry(node: Omit<TestNode, "engine">, to: number, frame: Uint8Array): void {
    const message = decodeMessage(frame)!;
    node.sent.push(message);
    this.clock.after(this.#options.delayMs ?? 1, () => {
      const target = this.nodes[to]!;
      if (target.isAlive && this.passes(node.index, to, message)) target.engine.receive(node.index, frame);
    });
  }
}

/** The validator of an index; its key is a function of it. */
export function testValidator(index: number): Validator {
  const key = publicKeyOf(parsePrivateSeed(new Uint8Array(32).fill(index + 1))!);
  return { name: `v${index}`, consensusKey: key, nodeId: nodeIdOf(key) };
}
