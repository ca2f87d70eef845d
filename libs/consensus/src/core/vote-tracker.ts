/** The verified votes of one view. The first vote of a validator and kind counts, whatever comes later. */
import { equalBytes, type Digest } from "@guts/primitives";
import type { Certificate, VoteKind } from "@guts/verifier";
import { areContradictory, type SignedVote } from "../evidence.ts";

const KINDS = ["notarize", "nullify", "finalize"] as const;

/** Votes by kind and validator. */
export class VoteTracker {
  readonly #voteByKind = {
    notarize: new Map<number, SignedVote>(),
    nullify: new Map<number, SignedVote>(),
    finalize: new Map<number, SignedVote>(),
  };

  of(validator: number, kind: VoteKind): SignedVote | undefined {
    return this.#voteByKind[kind].get(validator);
  }

  /** Whether exactly this vote, signature included, was verified before. */
  has(vote: SignedVote): boolean {
    const held = this.of(vote.validator, vote.kind);
    return held !== undefined && isSame(held.header, vote.header) && isSame(held.signature, vote.signature);
  }

  /** A vote of the same validator that contradicts this one. */
  contradicting(vote: SignedVote): SignedVote | undefined {
    return KINDS.map((kind) => this.of(vote.validator, kind)).find(
      (held) => held !== undefined && areContradictory(held, vote),
    );
  }

  /** Counts a verified vote, unless its validator has voted so already. */
  add(vote: SignedVote): void {
    const votes = this.#voteByKind[vote.kind];
    if (!votes.has(vote.validator)) votes.set(vote.validator, vote);
  }

  count(kind: VoteKind, header: Digest): number {
    let count = 0;
    for (const vote of this.#voteByKind[kind].values()) if (isSame(vote.header, header)) count++;
    return count;
  }

  /** The votes for one statement as a certificate of them, ordered by validator. */
  certificate(terms: Pick<Certificate, "epoch" | "view" | "kind" | "header">): Certificate {
    const votes = [...this.#voteByKind[terms.kind].values()]
      .filter((vote) => isSame(vote.header, terms.header))
      .sort((left, right) => left.validator - right.validator)
      .map(({ validator, signature }) => ({ validator, signature }));
    return { ...terms, votes };
  }

  /** Drops the votes of everybody else. */
  forgetOthers(self: number | undefined): void {
    for (const kind of KINDS)
      for (const validator of this.#voteByKind[kind].keys())
        if (validator !== self) this.#voteByKind[kind].delete(validator);
  }
}

const isSame = equalBytes;
