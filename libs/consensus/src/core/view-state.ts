/** What a node knows of one view. */
import type { Height } from "@guts/primitives";
import type { Certificate, VoteKind } from "@guts/verifier";
import type { Peer } from "../ports.ts";
import type { BlockId, OwnVotes } from "../voting-rules.ts";
import { idOf } from "./terms.ts";
import { VoteTracker } from "./vote-tracker.ts";

/** What a validator has voted in a view that it has not voted in. */
export const noVotes: OwnVotes = { notarized: undefined, isNullified: false, finalized: undefined };

/** Own votes, others' votes and certificates of one view above the last finalized one. */
export class ViewState {
  readonly view: number;
  readonly leader: number;
  readonly votes = new VoteTracker();
  own: OwnVotes = noVotes;
  /** The leader's proposal was found wrong: it gets no vote. */
  isRefused = false;
  /** Where the leader says its proposal's parent is. */
  parentView: number | undefined;
  /** The height of the block that the finalization names, once a header has told it. */
  finalizedHeight: Height | undefined;
  /** Who sent the last certificate. */
  source: Peer | undefined;
  readonly #certificates: { [Kind in VoteKind]?: Certificate } = {};

  constructor(view: number, leader: number) {
    this.view = view;
    this.leader = leader;
  }

  certificate(kind: VoteKind): Certificate | undefined {
    return this.#certificates[kind];
  }

  /** All certificates of the view, the weightiest first. */
  get certificates(): readonly Certificate[] {
    const { finalize, notarize, nullify } = this.#certificates;
    return [finalize, notarize, nullify].filter((certificate) => certificate !== undefined);
  }

  setCertificate(certificate: Certificate, source: Peer | undefined): void {
    this.#certificates[certificate.kind] = certificate;
    this.source = source ?? this.source;
  }

  /** The block that a quorum notarized, as a notarization or a finalization tells. */
  get notarized(): BlockId | undefined {
    const certificate = this.#certificates.notarize ?? this.#certificates.finalize;
    return certificate && idOf(certificate.header);
  }

  /** The block that the leader proposed: the one of its first notarize vote. */
  get proposed(): BlockId | undefined {
    const vote = this.votes.of(this.leader, "notarize");
    return vote && idOf(vote.header);
  }

  /** Remembers a vote of this node. */
  setOwn(kind: VoteKind, id: BlockId): void {
    if (kind === "notarize") this.own = { ...this.own, notarized: id };
    else if (kind === "finalize") this.own = { ...this.own, finalized: id };
    else this.own = { ...this.own, isNullified: true };
  }
}
