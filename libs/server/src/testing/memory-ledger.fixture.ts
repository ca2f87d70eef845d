/** A ledger in memory with the real rules: every command is a block of its own. For tests of the doors. */
import { createHash, randomBytes } from "node:crypto";

import {
  admissibleText,
  admitTransaction,
  applyGenesis,
  contentCodec,
  contentRefOf,
  encodeEvent,
  envelopeCodec,
  executeTransaction,
  factsVersion,
  mergeFactsVersion,
  findKind,
  ForgeState,
  genesisHash,
  kindOf,
  ledgerLimits,
  Overlay,
  placementAllValidators,
  pushTerms,
  readPushMandate,
  receiptBytes,
  signedTransactionCodec,
  transactionId,
  verifyEnvelope,
  type Authorization,
  type Content,
  type ContentRef,
  type Envelope,
  type EventScope,
  type Genesis,
  type KindName,
  type LedgerCommand,
  type LedgerEvent,
  type PushCertificate,
  type PushTerms,
  type ResultOf,
  type SignedTransaction,
  type PayloadOf,
} from "@guts/ledger";
import {
  decode,
  DecodeError,
  encode,
  nodeIdOf,
  parsePrivateSeed,
  publicKeyOf,
  signMessage,
  toHex,
  utf8,
  zeroDigest,
  type AccountId,
  type Digest,
  type Height,
  type NodeId,
  type PrivateSeed,
  type RepositoryId,
  type TimeMs,
} from "@guts/primitives";

import type {
  Authority,
  ChainBlock,
  ChainReader,
  ChainTransaction,
  Ledger,
  MergeSubmission,
  PushOutcome,
  StoredOutcome,
  PushSubmission,
  SignedResult,
  SubmitOptions,
  SubmitOutcome,
  Transactions,
} from "../ports/index.ts";

/** The node's key, which is the only validator's too. */
export const nodeSeed: PrivateSeed = parsePrivateSeed(new Uint8Array(32).fill(7))!;

const genesisTime = 1_790_000_000_000;

/** What became of one envelope, and where. */
type Executed = SubmitOutcome<Uint8Array> & { readonly event?: LedgerEvent };

/** Blocks, state and conductor of a network of one. */
export class MemoryLedger implements Ledger, Transactions, ChainReader {
  /** Repositories whose objects this node lacks. */
  readonly incomplete = new Map<RepositoryId, "behind" | "absent">();
  readonly nodeId: NodeId = nodeIdOf(publicKeyOf(nodeSeed));
  readonly networkId: Digest;
  /** What the next submission is told, instead of being carried out. */
  nextOutcome: Exclude<SubmitOutcome<never>, { outcome: "applied" }> | undefined;
  readonly events: LedgerEvent[] = [];
  /** Called with each applied event before its answer is given. */
  onApplied: (event: LedgerEvent) => Promise<void> = () => Promise.resolve();
  readonly #state: Overlay;
  readonly #texts = new Map<string, Content>();
  readonly #blocks: (ChainBlock & { readonly transaction: ChainTransaction })[] = [];
  readonly #answers = new Map<string, Executed>();
  #height = 0;
  #time = genesisTime;

  constructor(options: Partial<Pick<Genesis, "registration" | "validators" | "administrators">> = {}) {
    const genesis: Genesis = {
      rulesVersion: ledgerLimits.rulesVersion,
      name: "test",
      time: genesisTime as TimeMs,
      registration: options.registration ?? "open",
      administrators: options.administrators ?? [],
      validators: options.validators ?? [{ name: "one", nodeId: this.nodeId, consensusKey: publicKeyOf(nodeSeed) }],
    };
    this.networkId = genesisHash(genesis);
    this.#state = new Overlay({ get: () => undefined, scan: () => [] });
    applyGenesis(this.#state, genesis);
  }

  /** Lets time pass, as heartbeats of an idle network do. */
  advance(durationMs: number): void {
    this.#time += durationMs;
  }

  state(): ForgeState {
    return new ForgeState(this.#state);
  }

  height(): Height {
    return this.#height as Height;
  }

  time(): TimeMs {
    return this.#time as TimeMs;
  }

  completeness(repository: RepositoryId): "complete" | "behind" | "absent" {
    return this.incomplete.get(repository) ?? "complete";
  }

  waitForHeight(height: Height, signal: AbortSignal): Promise<void> {
    if (height <= this.#height) return Promise.resolve();
    return new Promise((_resolve, reject) => {
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- an abort's reason is passed on as it is
      signal.addEventListener("abort", () => reject(signal.reason), { once: true });
    });
  }

  text(ref: ContentRef): string | undefined {
    const bytes = this.bytes(ref);
    return bytes === undefined ? undefined : admissibleText(bytes);
  }

  bytes(ref: ContentRef): Uint8Array | undefined {
    return this.#texts.get(toHex(ref.digest))?.text;
  }

  async submit<Kind extends KindName>(
    command: LedgerCommand<Kind>,
    options: SubmitOptions,
  ): Promise<SubmitOutcome<ResultOf<Kind>>> {
    const forced = this.nextOutcome;
    this.nextOutcome = undefined;
    if (forced !== undefined) return forced;
    const { by } = options;
    const plain = this.#bodyOf(command, by.account, keyOf(options.idempotencyKey));
    const body = "certificate" in by ? { ...plain, ...termsOf(by.certificate) } : plain;
    const authorization = authorizationOf(by);
    const outcome = await this.#execute({ body, authorization }, options.contents ?? []);
    if (outcome.outcome !== "applied") return outcome;
    return { ...outcome, result: decode(kindOf(command.kind).result, outcome.result) as ResultOf<Kind> };
  }

  /** What another node admits for an account that delegated it. */
  submitFrom(otherSeed: PrivateSeed, account: AccountId, command: LedgerCommand): Promise<Executed> {
    const body = this.#bodyOf(command, account, keyOf(undefined));
    return this.#executeOnce({ body, authorization: { type: "delegation" } }, [], otherSeed);
  }

  async submitPush(push: PushSubmission, options: SubmitOptions): Promise<PushOutcome> {
    const receipt = this.#certify(push.repository, push, factsVersion);
    const outcome = await this.submit({ kind: "refs.change", payload: { ...push, receipt } }, options);
    return outcome.outcome === "applied" ? { ...outcome, storedCount: 1 } : outcome;
  }

  async submitMerge(merge: MergeSubmission, options: SubmitOptions): Promise<StoredOutcome<"pull.merge">> {
    const { update, packs, pull } = merge;
    const receipt = this.#certify(pull.repository, { updates: [update], packs }, mergeFactsVersion);
    const outcome = await this.submit({ kind: "pull.merge", payload: { ...merge, receipt } }, options);
    return outcome.outcome === "applied" ? { ...outcome, storedCount: 1 } : outcome;
  }

  /** The receipt of the one validator. */
  #certify(
    repository: RepositoryId,
    { updates, packs }: Pick<PushSubmission, "packs" | "updates">,
    version: number,
  ): PayloadOf<"refs.change">["receipt"] {
    const terms = {
      epoch: 0,
      placement: placementAllValidators,
      factsVersion: version,
      baseHeight: this.height(),
      expiresHeight: (this.#height + 100) as Height,
    };
    const bytes = receiptBytes({ networkId: this.networkId, repository, updates, packs, ...terms });
    return { ...terms, signatures: [{ validator: 0, signature: signMessage(nodeSeed, bytes) }] };
  }

  async submitSigned(bytes: Uint8Array, contents: readonly Uint8Array[]): Promise<SubmitOutcome<SignedResult>> {
    let signed: SignedTransaction;
    let texts: Content[];
    try {
      signed = decode(signedTransactionCodec, bytes);
      texts = contents.map((content) => decode(contentCodec, content));
    } catch (error) {
      if (error instanceof DecodeError) return { outcome: "refused", rejection: "malformed" };
      throw error;
    }
    const found = findKind(signed.body.kind);
    if (found === undefined) return { outcome: "refused", rejection: "unknown-kind" };
    if (!verifyEnvelope(admitTransaction(signed, this.nodeId, nodeSeed)))
      return { outcome: "refused", rejection: "signature-invalid" };
    const outcome = await this.#execute(signed, texts);
    if (outcome.outcome !== "applied") return outcome;
    const account = (signed.body.account === 0 ? outcome.event?.actor : signed.body.account) as AccountId;
    return { ...outcome, result: { kind: found.name, account } };
  }

  block(height: Height): ChainBlock | undefined {
    return this.#blocks[height - 1];
  }

  blocksBefore(before: number, limit: number): readonly ChainBlock[] {
    return this.#blocks
      .slice(0, Math.max(0, before - 1))
      .slice(-limit)
      .toReversed();
  }

  signerCount(height: Height): number | undefined {
    return this.#blocks[height - 1] === undefined ? undefined : 1;
  }

  transactions(height: Height): readonly ChainTransaction[] {
    const block = this.#blocks[height - 1];
    return block === undefined ? [] : [block.transaction];
  }

  /** Bytes in the place of a proof: nobody signs the blocks of this ledger. */
  proof(id: Digest): Uint8Array | undefined {
    const place = this.locate(id);
    return place === undefined ? undefined : this.transactions(place.height)[place.index]?.envelope;
  }

  eventLog(scope: EventScope, before: number, limit: number): readonly Uint8Array[] {
    const isOfLog = (event: LedgerEvent): boolean =>
      event.scope.type === scope.type && event.scope.id === scope.id && event.sequence < before;
    const newestFirst = this.events.filter(isOfLog).toReversed().slice(0, limit);
    return newestFirst.map((event) => encodeEvent(event, kindOf(event.kind).tag));
  }

  /** Bytes in the place of a proof, as above. */
  eventLogProof(scope: EventScope): Uint8Array {
    return utf8(`${scope.type} ${scope.id}`);
  }

  locate(id: Digest): { readonly height: Height; readonly index: number } | undefined {
    const index = this.#blocks.findIndex(({ transaction }) => toHex(transaction.record.transactionId) === toHex(id));
    return index === -1 ? undefined : { height: (index + 1) as Height, index: 0 };
  }

  #bodyOf<Kind extends KindName>(
    command: LedgerCommand<Kind>,
    account: number,
    idempotencyKey: Uint8Array,
  ): SignedTransaction["body"] {
    const kind = kindOf(command.kind);
    return {
      networkId: this.networkId,
      rulesVersion: ledgerLimits.rulesVersion,
      account,
      idempotencyKey,
      expiresTime: (this.#time + 60_000) as TimeMs,
      expiresHeight: (this.#height + 100) as Height,
      kind: kind.tag,
      payload: encode(kind.payload, command.payload),
    };
  }

  /** A repeated key with the same kind and texts gets the first answer; salts, which are new for each try, do not count. */
  async #execute(signed: SignedTransaction, contents: readonly Content[]): Promise<Executed> {
    const { account, idempotencyKey, kind } = signed.body;
    const texts = contents.map(({ text }) => toHex(text));
    const name = [account, toHex(idempotencyKey), kind, ...texts].join(" ");
    const earlier = this.#answers.get(name);
    if (earlier !== undefined) return earlier;
    const outcome = await this.#executeOnce(signed, contents);
    if (outcome.outcome === "applied") this.#answers.set(name, outcome);
    return outcome;
  }

  async #executeOnce(
    signed: SignedTransaction,
    contents: readonly Content[],
    admittedBy: PrivateSeed = nodeSeed,
  ): Promise<Executed> {
    const envelope = admitTransaction(signed, nodeIdOf(publicKeyOf(admittedBy)), admittedBy);
    const height = (this.#height + 1) as Height;
    const time = (this.#time + 1_000) as TimeMs;
    const position = { networkId: this.networkId, height, time, index: 0 };
    const outcome = executeTransaction(this.#state, envelope, position);
    const id = transactionId(signed.body);
    if (outcome.outcome === "inadmissible") return { outcome: "refused", rejection: outcome.code };
    for (const content of contents) this.#texts.set(toHex(contentRefOf(content).digest), content);
    this.#height = height;
    this.#time = time;
    const rejected = outcome.outcome === "rejected" ? outcome.code : undefined;
    const verdict =
      outcome.outcome === "applied"
        ? ({ type: "applied", result: outcome.event.result } as const)
        : ({ type: "rejected", code: outcome.code } as const);
    this.#append(envelope, { transactionId: id, verdict });
    if (rejected !== undefined) return { outcome: "rejected", height, transactionId: id, rejection: rejected };
    if (outcome.outcome !== "applied") throw new TypeError("unreachable");
    this.events.push(outcome.event);
    await this.onApplied(outcome.event);
    return { outcome: "applied", height, transactionId: id, result: outcome.event.result, event: outcome.event };
  }

  #append(envelope: Envelope, record: ChainTransaction["record"]): void {
    const header = {
      height: this.height(),
      time: this.time(),
      parent: this.#blocks.at(-1)?.hash ?? this.networkId,
      rulesVersion: ledgerLimits.rulesVersion,
      proposer: 0,
      transactionsRoot: zeroDigest,
      resultsRoot: zeroDigest,
      stateRoot: zeroDigest,
    };
    const transaction = { envelope: encode(envelopeCodec, envelope), record };
    this.#blocks.push({ header, hash: record.transactionId, transactionCount: 1, transaction });
  }
}

function authorizationOf(by: Authority): Authorization {
  if ("certificate" in by) {
    const { certificate, countersigned: credential } = by;
    if (credential !== undefined) return { type: "countersigned", credential, certificate };
    return { type: "push-certificate", ...certificate };
  }
  return "credential" in by ? { type: "credential", credential: by.credential } : { type: "delegation" };
}

function termsOf({ text }: PushCertificate): PushTerms | undefined {
  const mandate = readPushMandate(text);
  return mandate && pushTerms(text, mandate);
}

function keyOf(text: string | undefined): Uint8Array {
  return new Uint8Array(
    text === undefined ? randomBytes(16) : createHash("sha256").update(text).digest().subarray(0, 16),
  );
}
