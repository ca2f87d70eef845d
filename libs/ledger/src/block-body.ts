/** What travels with a header: the envelopes, and the detached texts beside them (docs/protocol/node-messages.md). */
import { bytes, decode, DecodeError, encode, list, struct, toHex, type Decoded } from "@guts/primitives";
import type { Header } from "@guts/verifier";
import type { Block } from "./block.ts";
import { contentCodec, contentRefOf, type Content } from "./content.ts";
import type { ExecutedBlock } from "./execute-block.ts";
import { blockTransactionsMax, envelopeBytesMax } from "./limits.ts";

/** Texts that may come along with one block, or with one transaction. */
export const contentsPerBlockMax = 4_096;

/** The bytes of a body. */
export const blockBodyCodec = struct({
  transactions: list(bytes(envelopeBytesMax), blockTransactionsMax),
  contents: list(contentCodec, contentsPerBlockMax),
});
/** Envelopes in order and the texts that they commit to. */
export type BlockBody = Decoded<typeof blockBodyCodec>;

/** Texts by the hexadecimal of the digests that commit to them. */
export type NamedContents = ReadonlyMap<string, Content>;

/** The body of a block that was executed here. */
export function encodeBody({ transactions, contents }: Pick<ExecutedBlock, "transactions" | "contents">): Uint8Array {
  return encode(blockBodyCodec, { transactions, contents: [...contents.values()] });
}

/** The block and texts in a proposal; undefined when the body is malformed. */
export function openBody(header: Header, body: Uint8Array): { block: Block; contents: NamedContents } | undefined {
  try {
    const { transactions, contents } = decode(blockBodyCodec, body);
    return { block: { header, transactions }, contents: nameContents(contents) };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** Texts under the digests that commit to them. */
export function nameContents(contents: Iterable<Content>): NamedContents {
  return new Map(Array.from(contents, (content) => [toHex(contentRefOf(content).digest), content]));
}
