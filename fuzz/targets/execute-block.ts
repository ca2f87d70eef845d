/**
 * Whatever stands in a block, execution gives a verdict and never throws; and what a proposer makes of hostile
 * transactions, leaving out the inadmissible ones, every voter accepts with the same hash.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { decode, equalBytes, fromHex, type Digest, type Height } from "@guts/primitives";
import { blockCodec, BlockExecution, executeBlock, parseGenesis, type BlockPlace } from "@guts/ledger";
import { MemoryState } from "@guts/testing";

const fixture = join(import.meta.dirname, "../../docs/protocol/fixtures/v1/chain.json");
const chain = JSON.parse(readFileSync(fixture, "utf8")) as { genesis: string; blocks: { block: string }[] };
const genesis = parseGenesis(fromHex(chain.genesis)!).genesis!;
const networkId = fromHex((JSON.parse(readFileSync(fixture, "utf8")) as { networkId: string }).networkId)! as Digest;

/** The state after most of the fixture chain, and the place of the block that follows there. */
const { state, place } = stateBeforeLast(6);

export const dictionary = ["\0\0\0\x01", "\0\0\0\0", "\x01", "\x02", "\x05", "\x06", "refs/heads/main"];

export function fuzz(bytes: Uint8Array): void {
  const block = decode(blockCodec, bytes);
  const given = { place, contents: "finalized", isVerified: () => true } as const;
  executeBlock(state, block, given);
  const execution = new BlockExecution(state, place);
  for (const raw of block.transactions) execution.add(raw, "finalized", true);
  const sealed = execution.seal();
  const again = executeBlock(state, { header: sealed.header, transactions: sealed.transactions }, given);
  if (again.outcome !== "valid" || !equalBytes(again.block.hash, sealed.hash))
    throw new Error("a voter refuses what a proposer sealed");
}

function stateBeforeLast(count: number): { readonly state: MemoryState; readonly place: BlockPlace } {
  const replayed = MemoryState.ofGenesis(genesis);
  let parent = { hash: networkId, height: 0 as Height, time: genesis.time };
  let next: BlockPlace | undefined;
  for (const [index, { block }] of chain.blocks.entries()) {
    const { header, transactions } = decode(blockCodec, fromHex(block)!);
    const { epoch, view, proposer, time } = header;
    next = { networkId, epoch, view, proposer, time, parent };
    if (index === chain.blocks.length - count) break;
    const given = { place: next, contents: "finalized", isVerified: () => true } as const;
    const executed = executeBlock(replayed, { header, transactions }, given);
    if (executed.outcome === "invalid") throw new Error(`the fixture chain is invalid: ${executed.code}`);
    replayed.apply(executed.block);
    parent = { hash: executed.block.hash, height: header.height, time };
  }
  return { state: replayed, place: next! };
}
