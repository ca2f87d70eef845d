/**
 * What a block does to the state: a pure function over overlays, executed before a validator votes (DESIGN D4).
 *
 * A leader feeds candidates one by one and seals what was admissible; a voter feeds a proposal's transactions, refuses it
 * at the first inadmissible one, and compares the roots. Both use `BlockExecution`, so they cannot disagree by code.
 */
import { decode, DecodeError, equalBytes, toHex, type Digest, type Height, type TimeMs } from "@guts/primitives";
import { appendLeaf, headerHash, mountainRangeRoot, validatorsHash, type Header } from "@guts/verifier";
import { decodeEnvelope, resultsRoot, transactionsRoot, type Block, type ResultRecord } from "./block.ts";
import { contentRefOf, isAdmissible, type Content } from "./content.ts";
import type { LedgerEvent } from "./event.ts";
import { executeTransaction, type InadmissibleCode, type TransactionOutcome } from "./execute-transaction.ts";
import { expire } from "./expire.ts";
import { findKind, type AnyKind } from "./kinds/index.ts";
import { workOf, type BoundedContentRef } from "./kind.ts";
import {
  blockBytesMax,
  blockContentBytesMax,
  blockTransactionsMax,
  blockWorkMax,
  envelopeBytesMax,
  rulesVersion,
} from "./limits.ts";
import { readPushMandate } from "./push-certificate.ts";
import { isNonceOf } from "./push-nonce.ts";
import { updateStateTree, type PageReader, type TreeUpdate } from "./state-tree.ts";
import { Overlay, type StateChange, type StateReader } from "./state.ts";
import { readRow, writeRow } from "./table.ts";
import { headersTable, networkTable } from "./tables.ts";
import { pushCertificateOf, transactionId, verifyEnvelope, type Envelope } from "./transaction.ts";

/** The state that a block builds upon. */
export interface ParentState extends StateReader, PageReader {}

/** The block before: at height 0 there is no header, and `hash` is the network's id. */
export interface ParentBlock {
  readonly hash: Digest;
  readonly height: Height;
  readonly time: TimeMs;
}

/** What fixes a block's place before its transactions are known. */
export interface BlockPlace {
  readonly networkId: Digest;
  readonly epoch: number;
  readonly view: number;
  readonly proposer: number;
  readonly time: TimeMs;
  readonly parent: ParentBlock;
}

/** A block with everything that its application writes. */
export interface ExecutedBlock {
  readonly header: Header;
  readonly hash: Digest;
  readonly transactions: readonly Uint8Array[];
  readonly changes: readonly StateChange[];
  readonly tree: TreeUpdate;
  readonly events: readonly LedgerEvent[];
  readonly results: readonly ResultRecord[];
  /** The detached texts of the applied transactions, by digest in hexadecimal. */
  readonly contents: ReadonlyMap<string, Content>;
}

/**
 * The texts that came along with transactions. `finalized` for blocks that a quorum has finalized: their texts were there
 * to vote, and a redaction may have erased them since.
 */
export type GivenContents = ReadonlyMap<string, Content> | "finalized";

/**
 * The hashes of the blocks before this one, which signed pushes name. `finalized` for a block that a quorum has finalized:
 * those who voted have compared them.
 */
export type BlockHashes = ((height: Height) => Digest | undefined) | "finalized";

/** Why a transaction cannot stand in this block. */
export type AddRefusal =
  | InadmissibleCode
  | "push-nonce-unknown"
  | "block-full"
  | "malformed-envelope"
  | "wrong-signature"
  | "content-missing"
  | "content-inadmissible";

/** Why a proposed block is not to be voted for. */
export type BlockRefusal = "wrong-place" | "wrong-time" | "wrong-rules" | "wrong-roots" | AddRefusal;

/** One block while its transactions are executed. */
export class BlockExecution {
  readonly #parent: ParentState;
  readonly #place: BlockPlace;
  readonly #hashes: BlockHashes;
  readonly #state: Overlay;
  readonly #transactions: Uint8Array[] = [];
  readonly #events: LedgerEvent[] = [];
  readonly #results: ResultRecord[] = [];
  readonly #contents = new Map<string, Content>();
  #bytes = 0;
  #contentBytes = 0;
  #work = 0;

  constructor(parent: ParentState, place: BlockPlace, hashes: BlockHashes = "finalized") {
    this.#parent = parent;
    this.#place = place;
    this.#hashes = hashes;
    this.#state = new Overlay(parent);
    const headers = readRow(this.#state, headersTable, {})!;
    if (place.parent.height > 0) writeRow(this.#state, headersTable, {}, appendLeaf(headers, place.parent.hash));
    expire(this.#state, place.time);
  }

  /** Executes one more transaction; `isVerified` says that its signatures have been checked before. */
  add(
    raw: Uint8Array,
    contents: GivenContents,
    isVerified: boolean,
  ): TransactionOutcome | { readonly outcome: "inadmissible"; readonly code: AddRefusal } {
    const isFull = this.#transactions.length >= blockTransactionsMax || this.#bytes + raw.length > blockBytesMax;
    if (isFull) return { outcome: "inadmissible", code: "block-full" };
    const envelope = raw.length > envelopeBytesMax ? undefined : decodeEnvelope(raw);
    if (envelope === undefined) return { outcome: "inadmissible", code: "malformed-envelope" };
    if (!isVerified && !verifyEnvelope(envelope)) return { outcome: "inadmissible", code: "wrong-signature" };
    if (!isNonceKnown(envelope, this.#hashes)) return { outcome: "inadmissible", code: "push-nonce-unknown" };
    const command = readCommand(envelope);
    const work = command === undefined ? 0 : workOf(command.kind, command.payload);
    const spared = command?.kind.spared?.(command.payload) ?? 0;
    if (work <= blockWorkMax && this.#work + work > blockWorkMax)
      return { outcome: "inadmissible", code: "block-full" };
    const own = ownContents(envelope, contents);
    if (typeof own === "string") return { outcome: "inadmissible", code: own };
    const ownBytes = own.reduce((sum, [, { text }]) => sum + text.length, 0);
    if (this.#contentBytes + ownBytes > blockContentBytesMax) return { outcome: "inadmissible", code: "block-full" };
    const { time, networkId, parent } = this.#place;
    const position = { networkId, time, height: (parent.height + 1) as Height, index: this.#transactions.length };
    const outcome = executeTransaction(this.#state, envelope, position);
    if (outcome.outcome !== "inadmissible") this.#keep(raw, envelope, { outcome, own, ownBytes, work, spared });
    return outcome;
  }

  /** Seals the block: computes its roots. Nothing may be added afterwards. */
  seal(): ExecutedBlock {
    const changes = this.#state.changes();
    const tree = updateStateTree(this.#parent, changes);
    const { validators } = readRow(this.#state, networkTable, {})!;
    const { parent, networkId, epoch, view, proposer, time } = this.#place;
    const setHash = validatorsHash(validators);
    const header: Header = {
      rulesVersion,
      networkId,
      epoch,
      view,
      height: (parent.height + 1) as Height,
      parent: parent.hash,
      time,
      proposer,
      transactionsRoot: transactionsRoot(this.#transactions),
      resultsRoot: resultsRoot(this.#results),
      stateRoot: tree.root,
      headersRoot: mountainRangeRoot(readRow(this.#state, headersTable, {})!),
      validatorsHash: setHash,
      nextValidatorsHash: setHash,
    };
    return {
      header,
      hash: headerHash(header),
      transactions: this.#transactions,
      changes,
      tree,
      events: this.#events,
      results: this.#results,
      contents: this.#contents,
    };
  }

  #keep(
    raw: Uint8Array,
    envelope: Envelope,
    kept: {
      readonly outcome: Exclude<TransactionOutcome, { outcome: "inadmissible" }>;
      readonly own: OwnContents;
      readonly ownBytes: number;
      readonly work: number;
      readonly spared: number;
    },
  ): void {
    const { outcome, own, ownBytes, work, spared } = kept;
    this.#work += outcome.outcome === "applied" ? work - spared : work;
    this.#transactions.push(raw);
    this.#bytes += raw.length;
    this.#contentBytes += ownBytes;
    const id = transactionId(envelope.body);
    if (outcome.outcome === "rejected") {
      this.#results.push({ transactionId: id, verdict: { type: "rejected", code: outcome.code } });
      return;
    }
    for (const [name, content] of own) this.#contents.set(name, content);
    this.#events.push(outcome.event);
    this.#results.push({ transactionId: id, verdict: { type: "applied", result: outcome.event.result } });
  }
}

/** Executes a proposed block; the executed block, or why it is not to be voted for. */
export function executeBlock(
  parent: ParentState,
  block: Block,
  given: {
    readonly place: BlockPlace;
    readonly contents: GivenContents;
    readonly isVerified: (raw: Uint8Array) => boolean;
    readonly hashes?: BlockHashes;
  },
):
  | { readonly outcome: "valid"; readonly block: ExecutedBlock }
  | { readonly outcome: "invalid"; readonly code: BlockRefusal } {
  if (block.header.rulesVersion !== rulesVersion) return { outcome: "invalid", code: "wrong-rules" };
  if (!isPlacedAt(block.header, given.place)) return { outcome: "invalid", code: "wrong-place" };
  if (given.place.time <= given.place.parent.time) return { outcome: "invalid", code: "wrong-time" };
  const execution = new BlockExecution(parent, given.place, given.hashes);
  for (const raw of block.transactions) {
    const added = execution.add(raw, given.contents, given.isVerified(raw));
    if (added.outcome === "inadmissible") return { outcome: "invalid", code: added.code };
  }
  const sealed = execution.seal();
  const isSame = equalBytes(sealed.hash, headerHash(block.header));
  return isSame ? { outcome: "valid", block: sealed } : { outcome: "invalid", code: "wrong-roots" };
}

function isPlacedAt(header: Header, { networkId, epoch, view, proposer, time, parent }: BlockPlace): boolean {
  return (
    equalBytes(header.networkId, networkId) &&
    equalBytes(header.parent, parent.hash) &&
    header.height === parent.height + 1 &&
    header.epoch === epoch &&
    header.view === view &&
    header.proposer === proposer &&
    header.time === time
  );
}

/** Whether a signed push names a block of this chain; one whose nonce is none is refused for that later. */
function isNonceKnown({ authorization }: Envelope, hashes: BlockHashes): boolean {
  const certificate = pushCertificateOf(authorization);
  if (certificate === undefined || hashes === "finalized") return true;
  const nonce = readPushMandate(certificate.text)?.nonce;
  const hash = nonce && hashes(nonce.height);
  return nonce === undefined || (hash !== undefined && isNonceOf(nonce, hash));
}

type OwnContents = readonly (readonly [string, Content])[];

/** The texts an envelope commits to, found among those that came along and checked. */
function ownContents(envelope: Envelope, contents: GivenContents): OwnContents | AddRefusal {
  if (contents === "finalized") return [];
  const own: (readonly [string, Content])[] = [];
  for (const { ref, bytesMax, format } of contentRefsOf(envelope)) {
    const name = toHex(ref.digest);
    const content = contents.get(name);
    if (content === undefined) return "content-missing";
    const computed = contentRefOf(content);
    const isRight = equalBytes(computed.digest, ref.digest) && computed.length === ref.length;
    if (!isRight || ref.length > bytesMax || !isAdmissible(content.text, format)) return "content-inadmissible";
    own.push([name, content]);
  }
  return own;
}

/** The text references of a payload; none when it does not decode, which execution then reports. */
export function contentRefsOf(envelope: Envelope): readonly BoundedContentRef[] {
  const command = readCommand(envelope);
  return command?.kind.contents?.(command.payload) ?? [];
}

/** The kind and payload of an envelope; undefined when there are none, which execution then reports. */
function readCommand({ body }: Envelope): { readonly kind: AnyKind; readonly payload: unknown } | undefined {
  const found = findKind(body.kind);
  if (found === undefined) return undefined;
  try {
    return { kind: found.kind, payload: decode(found.kind.payload, body.payload) };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}
