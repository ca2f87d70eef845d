/** Execution for tests: a block's body is lines of text, the pool is a list of lines, a line "invalid" makes a block invalid. */
import {
  digestOf,
  equalBytes,
  fromUtf8,
  toHex,
  utf8,
  zeroDigest,
  type Digest,
  type Height,
  type TimeMs,
} from "@guts/primitives";
import { headerHash, type Certificate, type Header } from "@guts/verifier";
import type { Execution, ExecutionOutcome, FinalizedBlock, Proposal, ProposalPlace } from "../ports.ts";

/** A finalized block as a node keeps it. */
export interface ChainedBlock {
  readonly proposal: Proposal;
  readonly certificate: Certificate;
}

export const genesisTime = 1_000_000 as TimeMs;
export const networkId = digestOf("genesis", utf8("consensus test"));

/** The block before the first. */
export const genesisBlock: FinalizedBlock = { hash: networkId, height: 0 as Height, view: 0, time: genesisTime };

/** The chain of one node. */
export class TextChain implements Execution {
  readonly blocks: ChainedBlock[] = [];
  readonly pool: string[] = [];
  readonly discarded: Digest[] = [];
  /** Lines that this node calls invalid. */
  readonly forbidden = new Set<string>();
  /** Blocks that were executed or built, by hash. */
  readonly #executed = new Map<string, Proposal>();

  get tip(): FinalizedBlock {
    const last = this.blocks.at(-1);
    if (last === undefined) return genesisBlock;
    const { header, hash } = last.proposal;
    const { height, view, time } = header;
    return { hash, height, view, time, header, certificate: last.certificate };
  }

  get lines(): readonly string[] {
    return this.blocks.flatMap(({ proposal }) => linesOf(proposal.body));
  }

  build(place: ProposalPlace, { mustPropose }: { readonly mustPropose: boolean }) {
    const taken = this.#linesUpTo(place.parent);
    const lines = this.pool.filter((line) => !taken.has(line));
    if (lines.length === 0 && !mustPropose) return undefined;
    const body = utf8(lines.join("\n"));
    const header = headerOn(this.#heightOf(place.parent), place, body);
    this.#executed.set(toHex(headerHash(header)), { header, body, hash: headerHash(header) });
    return { header, body };
  }

  execute(proposal: Proposal): ExecutionOutcome {
    const { header, body, hash } = proposal;
    if (!equalBytes(header.transactionsRoot, digestOf("transaction", body))) return { outcome: "not-the-body" };
    const isKnownParent = toHex(header.parent) === toHex(this.tip.hash) || this.#executed.has(toHex(header.parent));
    if (!isKnownParent) throw new Error("executed before its parent");
    const isForbidden = linesOf(body).some((line) => line === "invalid" || this.forbidden.has(line));
    if (isForbidden) return { outcome: "invalid", code: "forbidden" };
    this.#executed.set(toHex(hash), proposal);
    return { outcome: "valid" };
  }

  commit(proposal: Proposal, certificate: Certificate): void {
    if (proposal.header.height !== this.tip.height + 1 || !equalBytes(proposal.header.parent, this.tip.hash))
      throw new Error("committed out of order");
    this.blocks.push({ proposal, certificate });
    const done = new Set(linesOf(proposal.body));
    const left = this.pool.filter((line) => !done.has(line));
    this.pool.splice(0, this.pool.length, ...left);
  }

  discard(hash: Digest): void {
    this.discarded.push(hash);
    this.#executed.delete(toHex(hash));
  }

  #heightOf(hash: Digest): number {
    return this.#executed.get(toHex(hash))?.header.height ?? this.tip.height;
  }

  #linesUpTo(parent: Digest): ReadonlySet<string> {
    const lines = new Set(this.lines);
    for (let at = this.#executed.get(toHex(parent)); at !== undefined; at = this.#executed.get(toHex(at.header.parent)))
      for (const line of linesOf(at.body)) lines.add(line);
    return lines;
  }
}

/** A header on a parent of the given height. */
export function headerOn(parentHeight: number, place: ProposalPlace, body: Uint8Array): Header {
  return {
    ...place,
    ...{ rulesVersion: 1, networkId, height: (parentHeight + 1) as Height },
    transactionsRoot: digestOf("transaction", body),
    ...{ resultsRoot: zeroDigest, stateRoot: zeroDigest, headersRoot: zeroDigest },
    ...{ validatorsHash: zeroDigest, nextValidatorsHash: zeroDigest },
  };
}

function linesOf(body: Uint8Array): readonly string[] {
  return fromUtf8(body)!
    .split("\n")
    .filter((line) => line !== "");
}
