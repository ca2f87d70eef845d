/**
 * Brings a node that is behind to where its peers are: finalized blocks by range, each proved final before it is executed.
 *
 * The state roots must come out equal, so a peer can withhold blocks but not forge them. Texts that a peer does not send, since
 * they were erased or since it lies, leave the block valid.
 */
import { contentRefsOf, decodeEnvelope, executeBlock, type Content } from "@guts/ledger";
import { encode, toHex, type Height, type NodeId } from "@guts/primitives";
import { headerHash, refuseFinality } from "@guts/verifier";
import type { Network } from "@guts/network";
import type { AppliedBlock, Chain } from "../chain/chain.ts";
import type { ChainView } from "../chain/chain-view.ts";
import { nameContents } from "@guts/ledger";
import {
  answerBytesCap,
  answerBytesMax,
  blocksAnswerCodec,
  blocksPerAnswerMax,
  blocksRequestCodec,
  PROTOCOLS,
  tryDecode,
  type SyncedBlock,
} from "@guts/transfer";

/** How long a peer has for one answer. */
export const blocksRequestTimeoutMs = 15_000;

/** What fetching blocks needs. */
export interface BlockSyncOptions {
  readonly chain: Chain;
  readonly network: Pick<Network, "request" | "peers" | "penalize">;
  /** A block was fetched, proved and applied. */
  readonly onApplied: (applied: AppliedBlock) => void;
  /** Waits while the rest of the node is too far behind. */
  readonly untilFollowed: (height: Height) => Promise<void>;
  readonly onTrouble: (from: NodeId, problem: string) => void;
}

/** Fetches blocks, one range after the other, from whoever has them. */
export class BlockSync {
  readonly #options: BlockSyncOptions;
  #target = 0;
  #running: Promise<void> | undefined;

  constructor(options: BlockSyncOptions) {
    this.#options = options;
  }

  /** The height that blocks are being fetched up to. */
  get target(): Height | undefined {
    return this.#running === undefined ? undefined : (this.#target as Height);
  }

  /** Fetches blocks up to `height`, first from `from`. One run at a time: a later call raises the aim of the one under way. */
  reach(height: Height, from: NodeId, signal: AbortSignal): Promise<void> {
    this.#target = Math.max(this.#target, height);
    this.#running ??= this.#run(from, signal).finally(() => (this.#running = undefined));
    return this.#running;
  }

  async #run(first: NodeId, signal: AbortSignal): Promise<void> {
    const { chain, network, untilFollowed } = this.#options;
    const tried = new Set<NodeId>();
    let from: NodeId | undefined = first;
    while (from !== undefined && chain.state.tip.height < this.#target && !signal.aborted) {
      const before = chain.state.tip.height;
      await this.#fetchRange(from, signal);
      await untilFollowed(chain.state.tip.height);
      if (chain.state.tip.height > before) tried.clear();
      else tried.add(from);
      if (tried.has(from))
        from = network.peers().find(({ nodeId, role }) => role !== undefined && !tried.has(nodeId))?.nodeId;
    }
  }

  async #fetchRange(from: NodeId, signal: AbortSignal): Promise<void> {
    const { chain, network, onTrouble } = this.#options;
    const fromHeight = (chain.state.tip.height + 1) as Height;
    const body = encode(blocksRequestCodec, { fromHeight, countMax: blocksPerAnswerMax });
    try {
      const raw = await network.request(from, PROTOCOLS.blocks, body, {
        signal: AbortSignal.any([signal, AbortSignal.timeout(blocksRequestTimeoutMs)]),
        responseBytesMax: answerBytesCap,
      });
      const answer = tryDecode(blocksAnswerCodec, raw);
      const problem = answer === undefined ? "an answer that cannot be read" : this.#apply(answer.blocks);
      if (problem === undefined) return;
      network.penalize(from, 50, problem);
      onTrouble(from, problem);
    } catch (error) {
      if (!signal.aborted) onTrouble(from, (error as Error).message);
    }
  }

  /** Applies what fits on the chain as it is now; a problem is the sender's fault. */
  #apply(blocks: readonly SyncedBlock[]): string | undefined {
    const { chain, onApplied } = this.#options;
    const { networkId, genesis } = chain.state;
    for (const { block, contents, finality } of blocks) {
      const { header } = block;
      const parent = chain.state.tip;
      if (header.height <= parent.height) continue; // Consensus was faster.
      if (header.height !== parent.height + 1) return "blocks with a gap";
      const refusal = refuseFinality(headerHash(header), finality, networkId, genesis.validators);
      if (refusal !== undefined) return `a block that is not final: ${refusal}`;
      const { epoch, view, proposer, time } = header;
      const place = { networkId, epoch, view, proposer, time, parent };
      const executed = executeBlock(chain.state, block, { place, contents: "finalized", isVerified: () => true });
      if (executed.outcome === "invalid") return `a block with other transactions than its header: ${executed.code}`;
      const applied = {
        block: { ...executed.block, contents: committedContents(block.transactions, contents) },
        finality,
      };
      chain.append(applied);
      onApplied(applied);
    }
    return undefined;
  }
}

/** Those of `contents` that the envelopes commit to: nothing else finds its way into the log. */
function committedContents(
  transactions: readonly Uint8Array[],
  contents: readonly Content[],
): ReadonlyMap<string, Content> {
  const named = nameContents(contents);
  const committed = new Map<string, Content>();
  for (const raw of transactions) {
    const envelope = decodeEnvelope(raw);
    for (const { ref } of envelope === undefined ? [] : contentRefsOf(envelope)) {
      const content = named.get(toHex(ref.digest));
      if (content !== undefined) committed.set(toHex(ref.digest), content);
    }
  }
  return committed;
}

/** Answers another node's request for blocks; undefined when it is malformed. */
export function answerBlocks(chain: ChainView, request: Uint8Array): Uint8Array | undefined {
  const asked = tryDecode(blocksRequestCodec, request);
  if (asked === undefined) return undefined;
  const blocks: SyncedBlock[] = [];
  const count = Math.min(asked.countMax, blocksPerAnswerMax);
  for (let index = 0, bytes = 0; blocks.length < count && bytes < answerBytesMax; index++) {
    const stored = chain.state.block((asked.fromHeight + index) as Height);
    const logged = stored === undefined ? undefined : chain.readBlock(stored.position);
    if (logged === undefined) break;
    const contents = contentsOf(chain, logged.block.transactions);
    blocks.push({ block: logged.block, contents, finality: logged.finality });
    for (const raw of logged.block.transactions) bytes += raw.length;
    for (const { text } of contents) bytes += text.length;
  }
  return encode(blocksAnswerCodec, { blocks });
}

function contentsOf(chain: ChainView, transactions: readonly Uint8Array[]): readonly Content[] {
  return transactions.flatMap((raw) => {
    const envelope = decodeEnvelope(raw);
    if (envelope === undefined) return [];
    return contentRefsOf(envelope).flatMap(({ ref }) => chain.contents.get(ref.digest) ?? []);
  });
}
