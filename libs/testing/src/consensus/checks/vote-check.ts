import type { Property } from "./violation.ts";

/** A vote; digests in hexadecimal. */
export interface CheckedVote {
  readonly kind: "notarize" | "nullify" | "finalize";
  readonly epoch: number;
  readonly view: number;
  readonly block: string;
}

/** Where a proposed block stands. */
export interface ProposedBlock {
  readonly view: number;
  readonly parent: string;
}

/**
 * The voting rules, checked from outside: on what leaves honest validators, over their whole lives, restarts included.
 *
 * Certificates are judged by an all-knowing count: every vote that an honest validator ever signed, and every vote that a
 * Byzantine one could cast. A vote that rests on a certificate that cannot exist is a broken rule, whoever fooled the voter.
 */
export class VoteCheck {
  readonly #signed = new Map<string, Set<number>>();
  readonly #sent = new Set<string>();
  readonly #ownVotes = new Map<string, string>();
  readonly #blocks = new Map<string, ProposedBlock>();
  readonly #byzantine: ReadonlySet<number>;
  readonly #quorum: number;
  readonly #report: (property: Property, detail: string) => void;

  constructor(options: {
    readonly genesis: string;
    readonly byzantine: ReadonlySet<number>;
    readonly quorum: number;
    readonly report: (property: Property, detail: string) => void;
  }) {
    this.#byzantine = options.byzantine;
    this.#quorum = options.quorum;
    this.#report = options.report;
    this.#blocks.set(options.genesis, { view: 0, parent: "" });
  }

  /** Makes a block known, whoever made it. */
  onBlock(hash: string, block: ProposedBlock): void {
    if (!this.#blocks.has(hash)) this.#blocks.set(hash, block);
  }

  /** Honest `validator` signs a vote, which it may yet lose in a crash, or show to others inside a certificate only. */
  onSigned(validator: number, vote: CheckedVote): void {
    this.#votersOf(vote).add(validator);
  }

  /** A vote of honest `validator` leaves it; answers whether for the first time. */
  onSent(validator: number, vote: CheckedVote): boolean {
    const key = `${validator}/${nameOf(vote)}`;
    if (this.#sent.has(key)) return false;
    this.#sent.add(key);
    if (!this.#votersOf(vote).has(validator)) {
      this.#report(
        "genuine",
        `validator ${validator} never signed the ${vote.kind} of view ${vote.view} that it passes on`,
      );
      return false;
    }
    this.#checkOwn(validator, vote);
    if (vote.kind === "notarize") this.#checkParent(validator, vote);
    if (vote.kind === "finalize" && !this.#isCertified("notarize", vote.view, vote.block, vote.epoch))
      this.#report("certified-parent", `validator ${validator} finalizes view ${vote.view}, which nobody notarized`);
    return true;
  }

  /** Honest `validator` passes on a certificate, which it must have checked. */
  onCertificate(validator: number, { kind, epoch, view, block }: CheckedVote): void {
    if (!this.#isCertified(kind, view, block, epoch))
      this.#report("genuine", `validator ${validator} passes on a ${kind} certificate of view ${view} that is none`);
  }

  /** R1 and R2. */
  #checkOwn(validator: number, { kind, epoch, view, block }: CheckedVote): void {
    const remember = (name: string, value: string): string => {
      const key = `${validator}/${epoch}/${view}/${name}`;
      const known = this.#ownVotes.get(key);
      if (known === undefined) this.#ownVotes.set(key, value);
      return known ?? value;
    };
    if (kind === "notarize" && remember("notarize", block) !== block)
      this.#report("notarize-once", `validator ${validator} notarizes two blocks in view ${view}`);
    if (kind !== "notarize" && remember("end", kind) !== kind)
      this.#report("nullify-or-finalize", `validator ${validator} nullifies and finalizes view ${view}`);
  }

  /** R3: a notarized parent, and every view between skipped by a quorum. */
  #checkParent(validator: number, vote: CheckedVote): void {
    const parent = this.#blocks.get(vote.block)?.parent;
    const below = parent === undefined ? undefined : this.#blocks.get(parent);
    const where = `validator ${validator} notarizes ${vote.block.slice(0, 8)} in view ${vote.view}`;
    if (parent === undefined || below === undefined) {
      this.#report("certified-parent", `${where} on a block that nobody proposed`);
      return;
    }
    if (below.view > 0 && !this.#isCertified("notarize", below.view, parent, vote.epoch))
      this.#report("certified-parent", `${where}, whose parent has no certificate`);
    for (let view = below.view + 1; view < vote.view; view++)
      if (!this.#isCertified("nullify", view, "", vote.epoch))
        this.#report("certified-parent", `${where}, and view ${view} was not skipped`);
  }

  #isCertified(kind: CheckedVote["kind"], view: number, block: string, epoch: number): boolean {
    let count = this.#byzantine.size;
    for (const voter of this.#votersOf({ kind, epoch, view, block })) if (!this.#byzantine.has(voter)) count += 1;
    return count >= this.#quorum;
  }

  #votersOf(vote: CheckedVote): Set<number> {
    const key = nameOf(vote);
    let voters = this.#signed.get(key);
    if (voters === undefined) {
      voters = new Set();
      this.#signed.set(key, voters);
    }
    return voters;
  }
}

function nameOf({ kind, epoch, view, block }: CheckedVote): string {
  return `${kind}/${epoch}/${view}/${kind === "nullify" ? "" : block}`;
}
