/**
 * Whether this validator may vote (docs/protocol/consensus.md, "Restored and lost journals").
 *
 * A validator whose journal lacks votes that its key has signed could contradict them. It votes again only above every view in which
 * it can have voted: its peers' answers to a question of its own tell which that is.
 */
import type { Standing } from "../ports.ts";
import type { Terms } from "./terms.ts";

/** What the journal says of earlier votes. */
export interface Remembered {
  /** The journal is another one than the key was used with. */
  readonly isLost: boolean;
  /** No vote at or below this view. */
  readonly resumeAbove: number;
}

/** The standing of one validator, or of an observer. */
export class Restoration {
  readonly #terms: Terms;
  readonly #viewByValidator = new Map<number, number>();
  readonly #askedAt: number;
  #question: number;
  #standing: Standing;
  #resumeAbove: number;

  constructor(terms: Terms, remembered: Remembered, nonce: number, now: number) {
    this.#terms = terms;
    this.#question = nonce;
    this.#askedAt = now;
    this.#resumeAbove = remembered.resumeAbove;
    if (terms.self === undefined) this.#standing = "observer";
    else if (remembered.isLost) this.#standing = "amnesiac";
    else this.#standing = terms.validatorCount === 1 ? "voting" : "asking";
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** No vote at or below this view. */
  get resumeAbove(): number {
    return this.#resumeAbove;
  }

  /** What peers are to repeat in their answer, while answers are needed. */
  get question(): number | undefined {
    return this.#standing === "asking" || this.#standing === "amnesiac" ? this.#question : undefined;
  }

  /** When an intact journal has waited long enough. */
  get waitsUntil(): number {
    return this.#standing === "asking" ? this.#askedAt + this.#terms.timing.restoreWaitMs : Infinity;
  }

  /** A validator's answer: a certificate proves that it is in `view`. */
  onAnswer(validator: number, question: number, view: number): void {
    if (question === this.#question && validator !== this.#terms.self) this.#viewByValidator.set(validator, view);
  }

  /** A vote of this key turned up that the journal does not hold: earlier answers say nothing about it. */
  onForgottenVote(): void {
    if (this.#standing === "observer" || this.#standing === "amnesiac") return;
    this.#standing = "amnesiac";
    this.#question = (this.#question + 1) % Number.MAX_SAFE_INTEGER;
    this.#viewByValidator.clear();
  }

  /** Lets the validator vote when it is safe. `floorView` is the view of the last finalized block. Returns the new bound, if any. */
  decide(floorView: number, now: number): { readonly resumeAbove: number } | "unchanged" | "voting" {
    if (this.#standing === "asking") {
      if (this.#viewByValidator.size < this.#fewAnswers && now < this.waitsUntil) return "unchanged";
      this.#standing = "voting";
      return "voting";
    }
    if (this.#standing !== "amnesiac" || this.#viewByValidator.size < this.#neededAnswers) return "unchanged";
    const told = Math.max(0, ...this.#viewByValidator.values());
    this.#resumeAbove = Math.max(floorView, this.#resumeAbove, told + this.#viewsBeyondTold);
    this.#standing = "voting";
    return { resumeAbove: this.#resumeAbove };
  }

  /**
   * A vote can be one view above what others have entered: this validator may have been the first to leave a view. Where every
   * validator is needed for a quorum nothing it signs can make two contradicting certificates, and nothing goes on without it.
   */
  get #viewsBeyondTold(): number {
    return this.#terms.faultyMax === 0 ? -1 : 1;
  }

  /** One of them is correct. */
  get #fewAnswers(): number {
    return Math.min(this.#terms.faultyMax + 1, this.#terms.validatorCount - 1);
  }

  /** So many others that a correct one among them is in no lower view than any that this validator can have voted in. */
  get #neededAnswers(): number {
    return neededAnswers(this.#terms);
  }
}

/** See "Restored and lost journals" for the proof. None in a network of one. */
export function neededAnswers({ quorum, validatorCount }: Pick<Terms, "quorum" | "validatorCount">): number {
  return validatorCount === 1 ? 0 : Math.max(2 * (validatorCount - quorum) + 1, quorum - 1);
}
