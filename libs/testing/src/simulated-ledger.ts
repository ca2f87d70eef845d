/**
 * A ledger of one process that executes commands which nobody in particular wishes: for tests of what follows a ledger.
 *
 * Everything is decided by one seed. The chain is real: genesis, envelopes with signatures, receipts of a quorum,
 * blocks with roots. Only votes are left out.
 */
import {
  decode,
  encode,
  nodeIdOf,
  parsePrivateSeed,
  publicKeyOf,
  signMessage,
  toHex,
  utf8,
  type Digest,
  type Height,
  type NodeId,
  type PrivateSeed,
  type TimeMs,
} from "@guts/primitives";
import {
  admissibleText,
  admitTransaction,
  BlockExecution,
  contentRefOf,
  contentSaltLength,
  envelopeCodec,
  ForgeState,
  genesisHash,
  kindOf,
  ledgerLimits,
  pushTerms,
  readPushMandate,
  receiptBytes,
  signTransaction,
  type Authorization,
  type BlockPlace,
  type Content,
  type ContentRef,
  type ExecutedBlock,
  type Genesis,
  type KindName,
  type LedgerCommand,
  type LedgerEvent,
  type ParentBlock,
  type PushCertificate,
  type ReceiptSignatures,
  type ReceiptStatement,
  type TransactionBody,
} from "@guts/ledger";
import { MemoryState } from "./memory-state.ts";
import { Random } from "./random.ts";

/** A node of the simulated network, which is a validator too. */
export interface SimulatedNode {
  readonly id: NodeId;
  readonly seed: PrivateSeed;
}

/** Who signs a command. */
export type SimulatedSigner =
  | { readonly type: "key"; readonly seed: PrivateSeed }
  | { readonly type: "credential"; readonly credential: Digest }
  | { readonly type: "push-certificate"; readonly certificate: PushCertificate }
  | { readonly type: "countersigned"; readonly credential: Digest; readonly certificate: PushCertificate }
  | { readonly type: "delegation" };

/** A command with who gives it and which node admits it; account 0 signs up. */
export interface SimulatedCommand {
  readonly command: LedgerCommand;
  readonly account: number;
  readonly signer: SimulatedSigner;
  readonly node: SimulatedNode;
}

/** How often each kind was applied, and each rejection given. */
export type OutcomeCounts = ReadonlyMap<string, number>;

/** The chain, its state and its history. */
export class SimulatedLedger {
  readonly random: Random;
  readonly nodes: readonly [SimulatedNode, SimulatedNode, SimulatedNode];
  /** The key whose account administers the network. */
  readonly administratorSeed: PrivateSeed;
  readonly genesis: Genesis;
  readonly networkId: Digest;
  readonly state: MemoryState;
  readonly forge: ForgeState;
  readonly blocks: ExecutedBlock[] = [];
  readonly events: LedgerEvent[] = [];
  /** Every text that was applied, by the hexadecimal of its digest; undefined once it was erased. */
  readonly texts = new Map<string, string | undefined>();
  readonly #counts = new Map<string, number>();
  readonly #offered = new Map<string, Content>();
  #tip: ParentBlock;

  /** `founders` changes what the genesis document says. */
  constructor(seed: number, founders: Partial<Genesis> = {}) {
    this.random = new Random(seed);
    const node = (): SimulatedNode => {
      const nodeSeed = this.newSeed();
      return { id: nodeIdOf(publicKeyOf(nodeSeed)), seed: nodeSeed };
    };
    this.nodes = [node(), node(), node()];
    this.administratorSeed = this.newSeed();
    this.genesis = {
      rulesVersion: ledgerLimits.rulesVersion,
      name: "simulated",
      time: 1_700_000_000_000 as TimeMs,
      registration: "open",
      administrators: [publicKeyOf(this.administratorSeed)],
      validators: this.nodes.map(({ id, seed: key }, index) => ({
        name: `validator-${index}`,
        consensusKey: publicKeyOf(key),
        nodeId: id,
      })),
      ...founders,
    };
    this.networkId = genesisHash(this.genesis);
    this.state = MemoryState.ofGenesis(this.genesis);
    this.forge = new ForgeState(this.state);
    this.#tip = { hash: this.networkId, height: 0 as Height, time: this.genesis.time };
  }

  /** The newest block; at height 0 its hash is the network's id. */
  get tip(): ParentBlock {
    return this.#tip;
  }

  /** The texts offered since the last block, by the hexadecimal of their digests. */
  get offered(): ReadonlyMap<string, Content> {
    return this.#offered;
  }

  get counts(): OutcomeCounts {
    return this.#counts;
  }

  newSeed(): PrivateSeed {
    return parsePrivateSeed(this.random.bytes(32))!;
  }

  /** A reference to a text that then comes along with the transaction that names it. */
  offerText(text: string): ContentRef {
    return this.offer(utf8(text));
  }

  /** Offers any bytes as detached content of the next block. */
  offer(text: Uint8Array): ContentRef {
    const content = { salt: this.random.bytes(contentSaltLength), text };
    const ref = contentRefOf(content);
    this.#offered.set(toHex(ref.digest), content);
    return ref;
  }

  /** A quorum's signatures under a statement about a push. */
  certify(statement: ReceiptStatement): ReceiptSignatures {
    const message = receiptBytes(statement);
    return this.nodes.map(({ seed }, validator) => ({ validator, signature: signMessage(seed, message) }));
  }

  /**
   * Executes the commands in one block, `stepMs` after the one before, and makes it the tip. What cannot stand in a
   * block is left out.
   */
  appendBlock(stepMs: number, commands: readonly SimulatedCommand[]): ExecutedBlock {
    const place = this.placeAfter(stepMs);
    const execution = new BlockExecution(this.state, place);
    for (const command of commands) {
      const outcome = execution.add(this.envelopeOf(command, this.bodyOf(command, place.time)), this.#offered, true);
      const name = outcome.outcome === "applied" ? command.command.kind : `${command.command.kind} ${outcome.code}`;
      this.#counts.set(name, (this.#counts.get(name) ?? 0) + 1);
    }
    const block = execution.seal();
    this.append(block);
    return block;
  }

  /** The place of a block `stepMs` after the tip. */
  placeAfter(stepMs: number): BlockPlace {
    const { networkId } = this;
    const time = (this.#tip.time + stepMs) as TimeMs;
    return { networkId, epoch: 0, view: this.#tip.height + 1, proposer: 0, time, parent: this.#tip };
  }

  /** Makes an executed block the tip. */
  append(block: ExecutedBlock): void {
    this.state.apply(block);
    this.blocks.push(block);
    this.events.push(...block.events);
    for (const [digest, { text }] of block.contents) this.texts.set(digest, admissibleText(text));
    for (const event of block.events) if (event.kind === "content.redact") this.#erase(event);
    this.#offered.clear();
    this.#tip = { hash: block.hash, height: block.header.height, time: block.header.time };
  }

  /** What a command's signer signs in a block at `time`, or what follows from what git signed. */
  bodyOf({ command, account, signer }: SimulatedCommand, time: TimeMs): TransactionBody {
    const kind = kindOf(command.kind);
    const text = "certificate" in signer ? signer.certificate.text : undefined;
    const mandate = text === undefined ? undefined : readPushMandate(text);
    return {
      networkId: this.networkId,
      rulesVersion: ledgerLimits.rulesVersion,
      account,
      idempotencyKey: this.random.bytes(16),
      expiresTime: (time + 60_000) as TimeMs,
      expiresHeight: (this.#tip.height + 10) as Height,
      ...(mandate && pushTerms(text!, mandate)),
      kind: kind.tag,
      payload: encode(kind.payload, command.payload),
    };
  }

  /** The bytes of a signed and admitted transaction. */
  envelopeOf({ signer, node }: SimulatedCommand, body: TransactionBody): Uint8Array {
    if (signer.type === "key") {
      return encode(envelopeCodec, admitTransaction(signTransaction(body, signer.seed), node.id, node.seed));
    }
    const authorization: Authorization =
      signer.type === "push-certificate" ? { type: signer.type, ...signer.certificate } : signer;
    return encode(envelopeCodec, admitTransaction({ body, authorization }, node.id, node.seed));
  }

  #erase(event: LedgerEvent): void {
    const redact = kindOf("content.redact" satisfies KindName);
    const { digests } = decode(redact.payload, event.payload) as { readonly digests: readonly Digest[] };
    for (const digest of digests) this.texts.set(toHex(digest), undefined);
  }
}
