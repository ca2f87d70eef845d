/** The views above the last finalized one: a window that certificates move. */
import type { Certificate } from "@guts/verifier";
import { viewsAheadMax } from "../limits.ts";
import type { BlockId, BlockRef, CertifiedViews } from "../voting-rules.ts";
import { leaderOf, type Terms } from "./terms.ts";
import { ViewState } from "./view-state.ts";

/** Views by number; below the floor nothing is kept, far above the current view nothing is begun by votes. */
export class Views implements CertifiedViews {
  readonly #terms: Terms;
  readonly #stateByView = new Map<number, ViewState>();
  #floor: BlockRef;
  #current: number;
  #entry: Certificate | undefined;

  constructor(terms: Terms, floor: BlockRef, entry: Certificate | undefined) {
    this.#terms = terms;
    this.#floor = floor;
    this.#current = Math.max(floor.view, entry?.view ?? 0) + 1;
    this.#entry = entry;
  }

  get floor(): BlockRef {
    return this.#floor;
  }

  /** The view that this node is in: one above the highest certificate. */
  get current(): ViewState {
    return this.at(this.#current);
  }

  /** The certificate of the view before the current one, unless that is an epoch's first. */
  get entry(): Certificate | undefined {
    return this.#entry;
  }

  notarizedIn(view: number): BlockId | undefined {
    return this.#stateByView.get(view)?.notarized;
  }

  isNullified(view: number): boolean {
    return this.#stateByView.get(view)?.certificate("nullify") !== undefined;
  }

  find(view: number): ViewState | undefined {
    return this.#stateByView.get(view);
  }

  /** Whether votes of a view are kept. */
  isInWindow(view: number): boolean {
    return view > this.#floor.view && view <= this.#current + viewsAheadMax;
  }

  /** The state of a view above the floor, begun when it is new. Callers have checked the window or hold a certificate. */
  at(view: number): ViewState {
    const found = this.#stateByView.get(view);
    if (found !== undefined) return found;
    const state = new ViewState(view, leaderOf(view, this.#terms));
    this.#stateByView.set(view, state);
    return state;
  }

  /** All views above the floor that something is known of, ascending. */
  ascending(): readonly ViewState[] {
    return [...this.#stateByView.values()].sort((left, right) => left.view - right.view);
  }

  /** The highest finalization that is not committed yet. */
  get finalization(): ViewState | undefined {
    return this.ascending().findLast((state) => state.certificate("finalize") !== undefined);
  }

  /**
   * Moves above a certified view. Returns whether the current view changed. A recovered node is in the view of its newest vote before
   * it has read how it got there: the certificate below is its proof of that.
   */
  leave(certificate: Certificate): boolean {
    const entryView = this.#entry?.view ?? 0;
    const isWeightier = weightOf(certificate) > weightOf(this.#entry);
    if (certificate.view > entryView || (certificate.view === entryView && isWeightier)) this.#entry = certificate;
    if (certificate.view < this.#current) return false;
    this.#current = certificate.view + 1;
    return true;
  }

  /** Drops others' votes of views that were skipped a while ago: their nullifications are all that anybody needs. */
  forgetSkipped(): void {
    for (const { view, votes } of this.#stateByView.values())
      if (view < this.#current - viewsAheadMax && this.isNullified(view)) votes.forgetOthers(this.#terms.self);
  }

  /** A view that this node has voted in is one that it had entered. */
  recoverTo(view: number): void {
    this.#current = Math.max(this.#current, view);
  }

  /** Forgets everything up to the view of a finalized block. Returns whether the current view changed. */
  raiseFloor(floor: BlockRef, certificate: Certificate | undefined): boolean {
    this.#floor = floor;
    for (const view of this.#stateByView.keys()) if (view <= floor.view) this.#stateByView.delete(view);
    if (certificate !== undefined && this.leave(certificate)) return true;
    if (this.#current > floor.view) return false;
    this.#current = floor.view + 1;
    return true;
  }
}

/** Of two certificates of a view the one that tells more. */
function weightOf(certificate: Certificate | undefined): number {
  return certificate === undefined ? -1 : ["nullify", "notarize", "finalize"].indexOf(certificate.kind);
}
