import { decodeMessage, encodeMessage, type Message, type Peer, type SignedVote } from "@guts/consensus";
import { toHex, zeroDigest, type Digest, type TimeMs } from "@guts/primitives";
import { headerHash, quorumOf, type Certificate, type Header, type VoteKind } from "@guts/verifier";
import type { Random } from "../../random.ts";
import { simulatedEpoch } from "../world/cluster-options.ts";
import type { Cluster } from "../world/cluster.ts";
import { encodeBody, headerOn, type SimulatedTransaction } from "../world/simulated-host.ts";

/** A block that a liar has made or seen. */
export interface SeenBlock {
  readonly header: Header;
  readonly hash: Digest;
}

/** A block of a liar's making. */
export interface MadeBlock extends SeenBlock {
  readonly body: Uint8Array;
}

/** What a scripted adversary does. It hears everything that is sent to its validator. */
export interface Script {
  onMessage?(message: Message, from: Peer): void;
  /** A higher view than any before has begun; the first time, soon after the start. */
  onView?(view: number): void;
  /** Twenty times a second. */
  onTick?(): void;
}

const tickMs = 50;

/**
 * A validator that does not run the core: its key, its place on the network, and what it has learnt by listening. It can say
 * whatever a key holder can, to whomever it wants.
 */
export class Liar {
  readonly self: number;
  readonly validatorCount: number;
  readonly quorum: number;
  readonly random: Random;
  readonly blocks = new Map<string, SeenBlock>();
  readonly notarizations = new Map<number, Certificate>();
  readonly nullifications = new Map<number, Certificate>();
  /** One above the highest certified view. */
  view = 1;
  readonly #cluster: Cluster;
  readonly #host: number;

  constructor(cluster: Cluster, self: number, makeScript: (liar: Liar) => Script) {
    this.#cluster = cluster;
    this.self = self;
    this.validatorCount = cluster.options.validators.length;
    this.quorum = quorumOf(this.validatorCount);
    this.random = cluster.options.random;
    const script = makeScript(this);
    this.#host = cluster.addForeignHost(self, (from, parcel) => {
      const message = parcel.type === "frame" ? decodeMessage(parcel.frame) : undefined;
      if (message === undefined) return;
      this.#learn(message);
      enterView();
      script.onMessage?.(message, from);
    });
    let entered = 0;
    const enterView = (): void => {
      if (this.view <= entered) return;
      entered = this.view;
      script.onView?.(this.view);
    };
    const tick = (): void => {
      enterView();
      script.onTick?.();
      cluster.scheduler.after(tickMs, tick);
    };
    cluster.scheduler.after(tickMs, tick);
  }

  /** Everyone else. */
  get others(): readonly Peer[] {
    return Array.from({ length: this.validatorCount }, (_, index) => index).filter((index) => index !== this.self);
  }

  isLeaderOf(view: number): boolean {
    return (view + simulatedEpoch) % this.validatorCount === this.self;
  }

  vote(kind: VoteKind, view: number, header: Digest = zeroDigest, epoch = simulatedEpoch): SignedVote {
    return this.#voteAs(this.self, { kind, epoch, view, header });
  }

  /** Another validator's vote. Only those of an earlier epoch are there for the taking, on old nodes' disks. */
  oldVoteOf(validator: number, kind: VoteKind, view: number, header: Digest = zeroDigest): SignedVote {
    return this.#voteAs(validator, { kind, epoch: simulatedEpoch - 1, view, header });
  }

  send(to: Peer, message: Message): void {
    this.#cluster.inspect(message, this.self);
    this.sendBytes(to, encodeMessage(message));
  }

  sendBytes(to: Peer, frame: Uint8Array): void {
    this.#cluster.transmit(this.#host, to, frame);
  }

  broadcast(message: Message): void {
    this.#cluster.inspect(message, this.self);
    const frame = encodeMessage(message);
    for (const to of this.others) this.sendBytes(to, frame);
  }

  broadcastVote(vote: SignedVote): void {
    this.broadcast({ type: "vote", vote });
  }

  /** True time on the wall. */
  get nowMs(): number {
    return this.#cluster.wallMs;
  }

  /** A block for `view` on `parent` (undefined: genesis), well made but for the time that it is given. */
  build(
    view: number,
    parent: SeenBlock | undefined,
    {
      transactions = [],
      time,
    }: { readonly transactions?: readonly SimulatedTransaction[]; readonly time?: number } = {},
  ): MadeBlock {
    const { terms } = this.#cluster;
    const body = encodeBody(transactions);
    const honestTime = Math.max(this.nowMs, (parent?.header.time ?? 0) + 1);
    const place = {
      ...{ parent: parent?.hash ?? terms.networkId, epoch: simulatedEpoch, view, proposer: this.self },
      time: (time ?? honestTime) as TimeMs,
    };
    const header = headerOn(parent?.header, place, body, terms);
    const block = { header, hash: headerHash(header), body };
    this.blocks.set(toHex(block.hash), block);
    return block;
  }

  /** The proposal of a block; `parentView` is where its parent is said to be. */
  proposalOf(block: MadeBlock, parentView: number): Extract<Message, { readonly type: "proposal" }> {
    const { header, body, hash } = block;
    return { type: "proposal", parentView, header, body, vote: this.vote("notarize", header.view, hash) };
  }

  /** The newest notarized block that was seen whole, below `view`. Undefined: genesis. */
  notarizedBelow(view: number): SeenBlock | undefined {
    const views = [...this.notarizations.keys()]
      .filter((notarized) => notarized < view)
      .sort((one, other) => other - one);
    for (const notarized of views) {
      const block = this.blocks.get(toHex(this.notarizations.get(notarized)!.header));
      if (block !== undefined) return block;
    }
    return undefined;
  }

  /** The newest block of a view from `from` on and below `view` that was seen and never notarized. */
  uncertifiedBetween(from: number, view: number): SeenBlock | undefined {
    const open = [...this.blocks.values()].filter(({ header, hash }) => {
      const certificate = this.notarizations.get(header.view);
      const isNotarized = certificate !== undefined && toHex(certificate.header) === toHex(hash);
      return header.view >= from && header.view < view && !isNotarized;
    });
    return open.sort((one, other) => one.header.view - other.header.view).at(-1);
  }

  #voteAs(validator: number, terms: Pick<SignedVote, "kind" | "epoch" | "view" | "header">): SignedVote {
    const { networkId } = this.#cluster.terms;
    return {
      ...terms,
      validator,
      signature: this.#cluster.options.signatures.sign(validator, { networkId, ...terms }),
    };
  }

  #learn(message: Message): void {
    if (message.type === "proposal" || message.type === "blockResponse") this.#learnHeader(message.header);
    if (message.type === "certificate") this.#learnCertificate(message.certificate);
    if (message.type !== "status") return;
    if (message.entry !== undefined) this.#learnCertificate(message.entry);
    if (message.tip === undefined) return;
    this.#learnHeader(message.tip.header);
    this.#learnCertificate(message.tip.certificate);
  }

  #learnHeader(header: Header): void {
    const hash = headerHash(header);
    this.blocks.set(toHex(hash), { header, hash });
  }

  #learnCertificate(certificate: Certificate): void {
    const { kind, view } = certificate;
    (kind === "nullify" ? this.nullifications : this.notarizations).set(view, certificate);
    this.view = Math.max(this.view, view + 1);
  }
}

/** The view of a block as a parent. */
export function viewOf(block: SeenBlock | undefined): number {
  return block?.header.view ?? 0;
}
