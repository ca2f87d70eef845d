import {
  decodeMessage,
  type Behind,
  type ConsensusOptions,
  type Message,
  type Misbehaviour,
  type Peer,
  viewsAheadMax,
} from "@guts/consensus";
import { digestOf, toHex, utf8 } from "@guts/primitives";
import { headerHash, quorumOf, validatorsHash, type Header, type VoteStatement } from "@guts/verifier";
import { ChainCheck, type FinalBlock } from "../checks/chain-check.ts";
import { certificatesIn, ownVotesIn } from "../checks/message-contents.ts";
import type { Property, Violation } from "../checks/violation.ts";
import { VoteCheck, type CheckedVote } from "../checks/vote-check.ts";
import { Scheduler } from "./scheduler.ts";
import {
  decodeBody,
  isInvalid,
  type HostFinalBlock,
  type HostTerms,
  type SimulatedTransaction,
} from "./simulated-host.ts";
import { SimulatedNetwork } from "./simulated-network.ts";
import { epochStartMs, type NodeQuirks, type NodeSurroundings } from "./node-surroundings.ts";
import { SimulatedNode } from "./simulated-node.ts";
import { simulatedEpoch, skewMsMax, type ClusterOptions, type Parcel } from "./cluster-options.ts";
import { TraceHash } from "./trace-hash.ts";

/** How often a pool sends what waits to the other pools. */
const poolIntervalMs = 1_000;
/** Blocks that one answer of block sync brings. */
const syncBlocksMax = 64;

/** Nodes on a network, and the checks that watch them from outside. */
export class Cluster {
  readonly scheduler = new Scheduler();
  readonly trace = new TraceHash();
  readonly network: SimulatedNetwork<Parcel>;
  readonly terms: HostTerms;
  readonly nodes: SimulatedNode[] = [];
  readonly violations: Violation[] = [];
  readonly chain: ChainCheck;
  readonly convicted = new Set<number>();
  readonly options: ClusterOptions;
  readonly #votes: VoteCheck;
  /** Hosts behind a peer number: one, or two twins. */
  readonly #hostsOfPeer = new Map<Peer, number[]>();
  readonly #peerOfHost: Peer[] = [];
  readonly #isLinked = new Set<string>();

  constructor(options: ClusterOptions) {
    this.options = options;
    this.network = new SimulatedNetwork(this.scheduler, options.random);
    this.terms = {
      networkId: digestOf("genesis", utf8("simulation")),
      validatorsHash: validatorsHash(options.validators),
    };
    const report = this.report.bind(this);
    const genesis = toHex(this.terms.networkId);
    const aheadMsMax = options.timing.clockSkewMs + skewMsMax;
    this.chain = new ChainCheck({ genesis, aheadMsMax, report });
    const { byzantine, validators } = options;
    this.#votes = new VoteCheck({ genesis, byzantine, quorum: quorumOf(validators.length), report });
  }

  /** True time, as clocks without skew show it. */
  get wallMs(): number {
    return epochStartMs + this.scheduler.nowMs;
  }

  report(property: Property, detail: string): void {
    this.violations.push({ property, timeMs: this.scheduler.nowMs, detail });
  }

  /** Adds a node that runs the core: validator `peer`, or an observer when `peer` is beyond the validators. */
  addNode(peer: Peer, quirks: NodeQuirks = {}): SimulatedNode {
    const id = this.#addHost(peer);
    const node = new SimulatedNode(id, peer, this.#surroundingsOf(id, peer), quirks);
    this.nodes.push(node);
    return node;
  }

  /** Adds a host that runs something else; answers its number. */
  addForeignHost(peer: Peer, deliver: (from: Peer, parcel: Parcel) => void): number {
    const id = this.#addHost(peer);
    this.network.attach(id, (from, parcel) => deliver(this.#peerOfHost[from]!, parcel));
    return id;
  }

  /** Sends a frame from a host to every host behind `to`. */
  transmit(from: number, to: Peer, frame: Uint8Array): void {
    for (const host of this.#hostsOfPeer.get(to) ?? [])
      if (host !== from) this.network.send(from, host, { type: "frame", frame });
  }

  start(node: SimulatedNode): void {
    this.network.attach(node.id, (from, parcel) => this.#deliver(node, from, parcel));
    this.trace.addText(`start ${node.id}`);
    this.chain.onRestarted(node.id, node.disk.chain.length);
    node.start();
    this.refreshConnections();
    if (this.options.hasPools)
      this.scheduler.after(this.options.random.below(poolIntervalMs), () => this.#sharePool(node));
  }

  /** A client hands a transaction to one node, whose pool sends it to the others at once and repeats it. */
  submit(node: SimulatedNode, transaction: SimulatedTransaction): void {
    this.trace.addText(`submit ${node.id} ${transaction}`);
    if (node.submit(transaction) && this.options.hasPools) this.#sendTransactions(node, [transaction]);
  }

  /** Tells every node which peers it is connected to now. */
  refreshConnections(): void {
    for (const node of this.nodes) {
      if (!node.isUp) continue;
      for (const [peer, hosts] of this.#hostsOfPeer) {
        if (peer === node.peer) continue;
        const isConnected = hosts.some((host) => this.network.areConnected(node.id, host));
        const key = `${node.id}/${peer}`;
        if (isConnected === this.#isLinked.has(key)) continue;
        if (isConnected) this.#isLinked.add(key);
        else this.#isLinked.delete(key);
        node.setConnected(peer, isConnected);
      }
    }
  }

  /**
   * Registers the blocks that a frame proposes, and the votes that its sender casts in it. Answers whether one of these votes has
   * never left its sender before.
   */
  inspect(message: Message, sender: Peer): boolean {
    const { byzantine, validators } = this.options;
    if (message.type === "proposal") this.onBuilt(message.header);
    if (byzantine.has(sender) || sender >= validators.length) return false;
    const isNew = ownVotesIn(message, sender).map((vote) => this.#votes.onSent(sender, checkedVoteOf(vote)));
    for (const certificate of certificatesIn(message)) this.#votes.onCertificate(sender, checkedVoteOf(certificate));
    return isNew.includes(true);
  }

  /** What peers can make a node keep is bounded by how far it is from the last finalized block, whatever they send. */
  checkBounds(): void {
    for (const node of this.nodes) {
      const status = node.consensus?.status();
      if (status === undefined || node.host === undefined) continue;
      const { view, finalizedView, viewCount } = status;
      if (viewCount > view - finalizedView + viewsAheadMax)
        this.report("bounded", `node ${node.id} holds ${viewCount} views between ${finalizedView} and ${view}`);
      // A view has one proposal that is executed, and one that a quorum vouches for.
      if (node.host.overlayCount > 2 * viewCount)
        this.report("bounded", `node ${node.id} holds ${node.host.overlayCount} executed blocks of ${viewCount} views`);
    }
  }

  /** Somebody made a block; others' votes for it may be seen before it is. */
  onBuilt(header: Header): void {
    const { view, parent } = header;
    this.#votes.onBlock(toHex(headerHash(header)), { view, parent: toHex(parent) });
  }

  #addHost(peer: Peer): number {
    const id = this.#peerOfHost.length;
    this.#peerOfHost.push(peer);
    this.#hostsOfPeer.set(peer, [...(this.#hostsOfPeer.get(peer) ?? []), id]);
    return id;
  }

  #surroundingsOf(id: number, peer: Peer): NodeSurroundings {
    const { random, make, timing, journalScale, validators, signatures } = this.options;
    const self = peer < validators.length ? peer : undefined;
    const peersOf = () => [...this.#hostsOfPeer.keys()].filter((other) => other !== peer);
    const options: Omit<ConsensusOptions, "finalized" | "nonce"> = {
      networkId: this.terms.networkId,
      epoch: simulatedEpoch,
      validators,
      self,
      signatures: {
        sign: (statement) => {
          this.#onSigned(peer, statement);
          return signatures.sign(peer, statement);
        },
        verify: signatures.verify,
      },
      timing,
    };
    return {
      ...{ scheduler: this.scheduler, random, terms: this.terms, make, options, journalScale },
      get peers() {
        return peersOf();
      },
      transmit: (to, frame) => this.transmit(id, to, frame),
      onBuilt: (header) => this.onBuilt(header),
      onSend: (node, frame) => this.#onSend(node, frame),
      onFinal: (node, block) => this.#onFinal(node, block),
      onBehind: (node, behind) => this.#onBehind(node, behind),
      onEvidence: (_node, { first }) => this.#onEvidence(first.validator),
      onMisbehaviour: (node, from, reason) => this.#onMisbehaviour(node, from, reason),
      onDeath: (node, failure) => this.#onDeath(node, failure),
    };
  }

  #deliver(node: SimulatedNode, fromHost: number, parcel: Parcel): void {
    const from = this.#peerOfHost[fromHost]!;
    this.trace.addNumber(this.scheduler.nowMs * 64 + node.id);
    if (parcel.type === "frame") {
      this.trace.addBytes(parcel.frame.subarray(0, 256));
      node.receive(from, parcel.frame);
      return;
    }
    for (const transaction of parcel.transactions) node.submit(transaction);
  }

  #sharePool(node: SimulatedNode): void {
    if (!node.isUp) return;
    if (!node.isPaused) this.#sendTransactions(node, [...node.host!.waiting].slice(0, 32));
    this.scheduler.after(poolIntervalMs, () => this.#sharePool(node));
  }

  #sendTransactions(node: SimulatedNode, transactions: readonly SimulatedTransaction[]): void {
    if (transactions.length === 0) return;
    for (const [peer, hosts] of this.#hostsOfPeer)
      if (peer !== node.peer)
        for (const host of hosts) this.network.send(node.id, host, { type: "transactions", transactions });
  }

  #onSend(node: SimulatedNode, frame: Uint8Array): void {
    const message = decodeMessage(frame)!;
    const isNewVote = this.inspect(message, node.peer);
    // What needs no sync, such as a certificate, may wait for the next one; a vote may not.
    if (isNewVote && node.disk.journal.unsyncedCount > 0)
      this.report("journal-first", `node ${node.id} sends a ${message.type} before it synced its journal`);
  }

  #onSigned(validator: number, statement: VoteStatement): void {
    if (!this.options.byzantine.has(validator)) this.#votes.onSigned(validator, checkedVoteOf(statement));
  }

  #onFinal(node: SimulatedNode, { header, hash, body }: HostFinalBlock): void {
    this.trace.addText(`final ${node.id}`);
    this.trace.addBytes(hash);
    const { height, view, time } = header;
    const block: FinalBlock = {
      ...{ height, view, hash: toHex(hash), parent: toHex(header.parent), timeMs: time },
      hasInvalidTransaction: decodeBody(body).some(isInvalid),
    };
    this.chain.onFinalized(node.id, block, this.wallMs);
  }

  /** Block sync: some time later a connected node that has the blocks hands them over. */
  #onBehind(node: SimulatedNode, { height }: Behind): void {
    this.scheduler.after(20 + this.options.random.below(100), () => {
      const own = node.host?.height;
      if (own === undefined || own >= height) return;
      const sources = this.nodes.filter(
        (source) => source.disk.chain.length > own && source.isUp && this.network.areConnected(source.id, node.id),
      );
      const source = this.options.random.pick(sources);
      if (source !== undefined) node.catchUp(source.disk.chain.slice(own, own + syncBlocksMax));
    });
  }

  #onEvidence(validator: number): void {
    this.trace.addText(`evidence ${validator}`);
    this.convicted.add(validator);
    if (!this.options.byzantine.has(validator)) this.report("notarize-once", `validator ${validator} was convicted`);
  }

  #onMisbehaviour(node: SimulatedNode, from: Peer, reason: Misbehaviour): void {
    this.trace.addText(`misbehaviour ${node.id} ${from} ${reason}`);
    const { byzantine } = this.options;
    if (!byzantine.has(from) && !byzantine.has(node.peer))
      this.report("fair", `validator ${node.peer} accuses honest ${from} of ${reason}`);
  }

  #onDeath(node: SimulatedNode, failure: unknown): void {
    this.trace.addText(`death ${node.id}`);
    this.network.detach(node.id);
    for (const key of this.#isLinked) if (key.startsWith(`${node.id}/`)) this.#isLinked.delete(key);
    if (failure !== undefined)
      this.report(
        "no-crash",
        `node ${node.id}: ${failure instanceof Error ? failure.stack : "threw what is no error"}`,
      );
    this.scheduler.after(0, () => this.refreshConnections());
  }
}

function checkedVoteOf({ kind, epoch, view, header }: Omit<VoteStatement, "networkId">): CheckedVote {
  return { kind, epoch, view, block: kind === "nullify" ? "" : toHex(header) };
}
