/** What runs in the chain thread, by name: network, pool, execution, consensus, block sync, and what the main thread asks of them. */
import { randomInt } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import {
  ConsensusEngine,
  frameBytesMax,
  lanTiming,
  ed25519Signatures,
  type Behind,
  type Consensus,
  type ConsensusEvents,
} from "@guts/consensus";
import { readRow, tables, type Genesis } from "@guts/ledger";
import { openNetwork, type Network, type NetworkOptions, type NodeRole } from "@guts/network";
import { nodeIdOf, publicKeyOf, type NodeId } from "@guts/primitives";
import { SegmentJournal } from "@guts/storage";
import { quorumOf } from "@guts/verifier";
import type { QuorumState } from "@guts/server";
import type { AppliedBlock, Chain } from "../chain/chain.ts";
import type { ThreadPort } from "../thread-port/thread-port.ts";
import { answerBlocks, BlockSync } from "./block-sync.ts";
import type { ChainThreadData, MainSide, ServedProtocol, SubmitReceipt, ThreadSide } from "./contract.ts";
import type { NamedContents } from "@guts/ledger";
import { floorOf, systemClock, transportOver } from "./engine-ports.ts";
import { announceFinalized, finalizedTopic, hearFinalized } from "./finalized-gossip.ts";
import { FollowWindow } from "./follow-window.ts";
import { LedgerExecution } from "./ledger-execution.ts";
import { openNetworkDoor, serveProtocols } from "./network-door.ts";
import { NodeSights } from "./node-sights.ts";
import {
  blocksRequestBytesMax,
  CHANNELS,
  PROTOCOLS,
  servedFrameBytesMax,
  transactionFrameBytesMax,
} from "@guts/transfer";
import { PeerNumbers } from "./peer-numbers.ts";
import { PendingPool } from "./pending-pool.ts";
import { SpacedCall } from "./spaced-call.ts";
import { TransactionRelay } from "./transaction-relay.ts";

/** How long a submission waits for a quorum of validators to be connected, in milliseconds. */
export const quorumPatienceMs = 3_000;
const quorumPollMs = 50;

/** How often the main thread is told of the network's state when nothing happens, in milliseconds. */
const statusIntervalMs = 1_000;
/** And at most when other nodes say what they serve, in milliseconds. */
const statusSpacingMs = 50;

/** What the service is made of. */
export interface ChainServiceOptions {
  readonly data: ChainThreadData;
  readonly genesis: Genesis;
  readonly chain: Chain;
  readonly main: ThreadPort<ThreadSide, MainSide>;
  readonly onFailure: (failure: unknown) => void;
}

/** The chain thread's parts, once the stores are open. */
export class ChainService implements AsyncDisposable {
  readonly #options: ChainServiceOptions;
  readonly #nodeId: NodeId;
  readonly #validators: readonly NodeId[];
  readonly #self: number | undefined;
  readonly #pool = new PendingPool();
  readonly #window: FollowWindow;
  readonly #stopping = new AbortController();
  readonly #network = Promise.withResolvers<Network>();
  readonly #served: readonly ServedProtocol[];
  readonly #status = new SpacedCall(() => this.#tellStatus(), statusSpacingMs);
  #parts: Parts | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ChainServiceOptions) {
    const { data, genesis, chain, main } = options;
    this.#options = options;
    this.#nodeId = nodeIdOf(publicKeyOf(data.nodeSeed));
    this.#validators = genesis.validators.map(({ nodeId }) => nodeId);
    const self = this.#validators.indexOf(this.#nodeId);
    this.#self = self < 0 ? undefined : self;
    this.#window = new FollowWindow(chain.state.tip.height);
    this.#served = openNetworkDoor(main, this.#network.promise);
    main.serve("submit", ({ raw, contents }) => this.#submit(raw, contents));
    main.serve("setNote", ({ name, value }) => chain.state.setNote(name, value));
    main.hear("deferNote", ({ name, value }) => chain.state.deferNote(name, value));
    main.hear("withdraw", (id) => this.#pool.remove(id));
    main.hear("served", (height) => {
      this.#window.follow(height);
      this.#parts?.sights.serve(height);
    });
  }

  /** Opens the network and begins to vote. Called once everything before the newest block is projected. */
  async begin(): Promise<void> {
    const { data, chain } = this.#options;
    const { host, port, announce, peers } = data.p2p;
    const network = await openNetwork(
      {
        seed: data.nodeSeed,
        networkId: chain.state.networkId,
        topics: [finalizedTopic],
        listen: { host, port },
        announce,
        peers,
        roleOf: (nodeId) => this.#roleOf(nodeId),
        onMisbehaviour: (report) => this.#log("warn", report, "a peer misbehaved"),
        log: {
          debug: (fields, message) => this.#log("debug", fields, message),
          info: (fields, message) => this.#log("info", fields, message),
          warn: (fields, message) => this.#log("warn", fields, message),
        },
        prepare: (handlers) => this.#prepare(handlers),
      },
      this.#stopping.signal,
    );
    this.#network.resolve(network);
    const parts = this.#assemble(network);
    this.#parts = parts;
    parts.engine.start();
    this.#listen(parts);
    this.#status.now();
    this.#timer = setInterval(() => this.#status.now(), statusIntervalMs);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopping.abort(new Error("the node is stopping"));
    clearInterval(this.#timer);
    this.#status[Symbol.dispose]();
    if (this.#parts === undefined) return;
    this.#parts.engine.stop();
    this.#parts.relay[Symbol.dispose]();
    await this.#parts.network[Symbol.asyncDispose]();
  }

  /** What other nodes send before this one has begun is let go: whoever relies on it repeats it. */
  #prepare(handlers: Parameters<NonNullable<NetworkOptions["prepare"]>>[0]): void {
    const { chain, main } = this.#options;
    handlers.onFrame(CHANNELS.consensus, frameBytesMax, (from, frame) =>
      this.#parts?.engine.receive(this.#parts.peers.numberOf(from), frame),
    );
    handlers.onFrame(CHANNELS.transactions, transactionFrameBytesMax, (from, frame) =>
      this.#parts?.relay.take(from, frame),
    );
    handlers.onFrame(CHANNELS.served, servedFrameBytesMax, (from, frame) => this.#parts?.sights.hear(from, frame));
    handlers.onRequest(PROTOCOLS.blocks, blocksRequestOptions, async (from, body) => {
      const answer = answerBlocks(chain, body);
      if (answer !== undefined) return answer;
      this.#parts?.network.penalize(from, 20, "a request for blocks that cannot be read");
      throw new TypeError("a request for blocks that cannot be read");
    });
    serveProtocols(main, handlers, this.#served);
  }

  #assemble(network: Network): Parts {
    const { data, chain, genesis, main, onFailure } = this.#options;
    const applied = (block: AppliedBlock): void => this.#onApplied(block);
    const peers = new PeerNumbers(genesis.validators);
    const engine: Consensus = new ConsensusEngine(
      {
        networkId: chain.state.networkId,
        epoch: 0,
        validators: genesis.validators,
        self: this.#self,
        signatures: ed25519Signatures(genesis.validators, this.#self === undefined ? undefined : data.consensusSeed),
        timing: lanTiming,
        finalized: floorOf(chain),
        nonce: randomInt(2 ** 47),
      },
      {
        execution: new LedgerExecution({ chain, pool: this.#pool, onApplied: applied }),
        journal: new SegmentJournal(data.journalDirectory),
        transport: transportOver(network, peers),
        clock: systemClock,
        events: this.#eventsFor(peers, onFailure),
      },
    );
    const validators = this.#validators;
    const onPending = (): void => engine.setPending(true);
    const relay = new TransactionRelay({ chain, pool: this.#pool, network, validators, onPending });
    const sights = new NodeSights({
      network,
      validators,
      version: data.version,
      url: data.publicUrl,
      height: chain.state.tip.height,
      now: Date.now,
      onTold: () => this.#status.soon(),
      onServed: (height) => {
        this.#status.now(); // Whoever is answered now sees the heights that let the answer go.
        main.notify("peersServed", height);
      },
    });
    const sync = new BlockSync({
      chain,
      network,
      onApplied: (block) => {
        applied(block);
        engine.raiseFloor(floorOf(chain));
      },
      untilFollowed: (height) => this.#window.until(height),
      onTrouble: (from, problem) => this.#log("info", { from, problem }, "blocks could not be fetched"),
    });
    return { network, engine, relay, sights, sync, peers };
  }

  /** Connections and announcements, from now on. */
  #listen({ network, engine, relay, sights, sync, peers }: Parts): void {
    hearFinalized(network, this.#options.chain, (height, from) => {
      if (this.#self === undefined) void sync.reach(height, from, this.#stopping.signal);
    });
    const connect = (nodeId: NodeId, isConnected: boolean): void => {
      engine.setConnected(peers.numberOf(nodeId), isConnected);
      sights.setConnected(nodeId, isConnected);
      if (isConnected) relay.greet(nodeId);
      else peers.forget(nodeId, this.#validators.length);
      this.#status.now();
    };
    network.onPeers(({ nodeId, isConnected }) => connect(nodeId, isConnected));
    for (const { nodeId } of network.peers()) connect(nodeId, true);
    network.keepConnected(this.#validators.filter((nodeId) => nodeId !== this.#nodeId));
  }

  #eventsFor(peers: PeerNumbers, onFailure: (failure: unknown) => void): ConsensusEvents {
    const name = (peer: number) => peers.nodeOf(peer);
    return {
      onBehind: ({ height, from }: Behind) => {
        const nodeId = name(from);
        if (nodeId !== undefined) void this.#parts?.sync.reach(height, nodeId, this.#stopping.signal);
      },
      onEvidence: (evidence) =>
        this.#log("error", { evidence }, "a validator contradicted itself: its key is used twice, or it cheats"),
      onMisbehaviour: (from, reason) => {
        const nodeId = name(from);
        if (nodeId !== undefined) this.#parts?.network.penalize(nodeId, misbehaviourPoints, reason);
      },
      onDiverged: (block) =>
        onFailure(
          new Error(
            `a quorum accepts block ${block.height}, which this node finds invalid (${block.code}); it must not go on`,
          ),
        ),
      onStanding: (standing) =>
        this.#log(standing === "amnesiac" ? "warn" : "info", { standing }, "standing in consensus"),
      onFailure,
    };
  }

  #onApplied(applied: AppliedBlock): void {
    const { main } = this.#options;
    this.#parts?.relay.follow(applied);
    const { tree: _tree, ...block } = applied.block;
    main.notify("applied", { block, finality: applied.finality });
    if (this.#parts === undefined) return;
    const { engine, network } = this.#parts;
    if (this.#self !== undefined) announceFinalized(network, applied);
    if (applied.block.events.some(({ kind }) => kind.startsWith("node."))) network.keepConnected(this.#validators);
    engine.setPending(this.#pool.size > 0);
  }

  async #submit(raw: Uint8Array, contents: NamedContents): Promise<SubmitReceipt> {
    const quorum = await this.#awaitQuorum();
    if (quorum.upCount < quorum.neededCount) return { outcome: "validators-missing", quorum };
    const outcome = this.#parts!.relay.submit(raw, contents);
    return outcome === "full" ? { outcome: "queue-full" } : { outcome: "queued" };
  }

  /** Who is up, after a moment of patience when they are too few. */
  async #awaitQuorum(): Promise<QuorumState> {
    const validatorCount = this.#validators.length;
    const neededCount = quorumOf(validatorCount);
    for (let waitedMs = 0; ; waitedMs += quorumPollMs) {
      const upCount = this.#parts?.sights.answeringCount() ?? 0;
      if (upCount >= neededCount || waitedMs >= quorumPatienceMs) return { validatorCount, upCount, neededCount };
      await delay(quorumPollMs);
    }
  }

  #roleOf(nodeId: NodeId): NodeRole | undefined {
    if (this.#validators.includes(nodeId)) return "validator";
    return readRow(this.#options.chain.state, tables.nodeTable, nodeId) === undefined ? undefined : "node";
  }

  #tellStatus(): void {
    if (this.#parts === undefined) return;
    const { network, engine, sights, sync } = this.#parts;
    this.#options.main.notify("status", {
      consensus: engine.status(),
      nodes: sights.list(),
      peers: network.peers(),
      addresses: network.addresses,
      clockAheadMs: sights.clockAheadMs(),
      syncTarget: sync.target,
    });
  }

  #log(level: "debug" | "info" | "warn" | "error", fields: object, message: string): void {
    this.#options.main.notify("log", { level, fields, message });
  }
}

interface Parts {
  readonly network: Network;
  readonly engine: Consensus;
  readonly relay: TransactionRelay;
  readonly sights: NodeSights;
  readonly sync: BlockSync;
  readonly peers: PeerNumbers;
}

/** What one report of consensus costs a peer. */
const misbehaviourPoints = 20;

const blocksRequestOptions = {
  requestBytesMax: blocksRequestBytesMax,
  concurrencyMax: 8,
  roles: ["validator", "node"],
} as const;
