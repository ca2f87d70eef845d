/** Asks for blocks that certificates name and this node lacks: one peer at a time, the next one when no answer comes. */
import type { Digest } from "@guts/primitives";
import { wantedBlocksMax } from "../limits.ts";
import type { Peer } from "../ports.ts";
import type { BlockId } from "../voting-rules.ts";
import type { Terms } from "./terms.ts";

/** A block that is missing. */
export interface WantedBlock {
  readonly hash: Digest;
  /** Who should have it. */
  readonly first: Peer | undefined;
  /** Nobody else can vouch for the body. */
  readonly isFromFirstOnly: boolean;
}

interface Search {
  block: WantedBlock;
  askedAt: number;
  tries: number;
}

/** Searches by block. */
export class Fetcher {
  readonly #terms: Terms;
  readonly #searchById = new Map<BlockId, Search>();
  #certificateSearch: { readonly view: number; readonly askedAt: number } | undefined;

  constructor(terms: Terms) {
    this.#terms = terms;
  }

  /** The block of this id as it is wanted, when it is. */
  wanted(id: BlockId): WantedBlock | undefined {
    return this.#searchById.get(id)?.block;
  }

  /** How many peers were asked for a block, the one that is to answer included. */
  triesFor(id: BlockId): number {
    return this.#searchById.get(id)?.tries ?? 0;
  }

  /** Takes what is missing now; returns whom to ask for what. */
  update(
    wanted: ReadonlyMap<BlockId, WantedBlock>,
    now: number,
  ): readonly { readonly to: Peer; readonly hash: Digest }[] {
    for (const id of this.#searchById.keys()) if (!wanted.has(id)) this.#searchById.delete(id);
    const requests: { to: Peer; hash: Digest }[] = [];
    for (const [id, block] of wanted) {
      const search = this.#searchById.get(id) ?? { block, askedAt: -Infinity, tries: 0 };
      if (!this.#searchById.has(id) && this.#searchById.size >= wantedBlocksMax) continue;
      this.#searchById.set(id, search);
      search.block = block;
      if (now - search.askedAt < this.#terms.timing.fetchMs) continue;
      const to = this.#nextPeer(search);
      search.askedAt = now;
      search.tries++;
      if (to !== undefined) requests.push({ to, hash: block.hash });
    }
    return requests;
  }

  /** The peer that was asked gave nothing that helps: the next one is asked at once. */
  giveUpOn(id: BlockId): void {
    const search = this.#searchById.get(id);
    if (search !== undefined) search.askedAt = -Infinity;
  }

  /** Whether to ask for the certificates that `view` needs: the first time its leader, then everybody. */
  askForCertificates(view: number, now: number): "leader" | "everybody" | undefined {
    const search = this.#certificateSearch;
    if (search?.view === view && now - search.askedAt < this.#terms.timing.fetchMs) return undefined;
    this.#certificateSearch = { view, askedAt: now };
    return search?.view === view ? "everybody" : "leader";
  }

  /** When a search goes on if no answer comes. */
  get retryAt(): number {
    let askedAt = this.#certificateSearch?.askedAt ?? Infinity;
    for (const search of this.#searchById.values()) askedAt = Math.min(askedAt, search.askedAt);
    return askedAt + this.#terms.timing.fetchMs;
  }

  onCertificatesComplete(): void {
    this.#certificateSearch = undefined;
  }

  /** Who is likeliest to have the block, and in between each of the others in turn. */
  #nextPeer({ block: { first, isFromFirstOnly }, tries }: Search): Peer | undefined {
    if (isFromFirstOnly || (tries % 2 === 0 && first !== undefined)) return first;
    const { self, validatorCount } = this.#terms;
    const round = first === undefined ? tries : (tries - 1) / 2;
    for (let step = 1; step <= validatorCount; step++) {
      const next = ((first ?? self ?? 0) + round + step) % validatorCount;
      if (next !== self) return next;
    }
    return undefined;
  }
}
