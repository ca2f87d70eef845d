/**
 * The one conductor of writes, whatever door they come through (DESIGN D1).
 *
 * (1) decide early, (2) sign, (3) submit, (4) wait until it is finalized and applied, (5) answer. Before (3) the answer may
 * be "refused". After it, only what the chain says, or "unknown" until the transaction has expired.
 */
import { createHash, randomBytes } from "node:crypto";
import {
  admitTransaction,
  commandDigest,
  contentRefOf,
  contentRefsOf,
  decideCommand,
  decodeEnvelope,
  envelopeCodec,
  kindOf,
  KINDS,
  pushTerms,
  readPushMandate,
  ledgerLimits,
  Overlay,
  signedTransactionCodec,
  transactionId,
  verifyEnvelope,
  type Actor,
  type Content,
  type Envelope,
  type KindName,
  type LedgerCommand,
  type PushCertificate,
  type PushTerms,
  type ResultOf,
  type SignedTransaction,
  type TransactionBody,
  contentCodec,
  findKind,
  readRow,
  refuseForGood,
  tables,
} from "@guts/ledger";
import {
  decode,
  DecodeError,
  encode,
  equalBytes,
  toHex,
  type AccountId,
  type Digest,
  type Height,
  type NodeId,
  type PrivateSeed,
  type TimeMs,
} from "@guts/primitives";
import type {
  Authority,
  MergeSubmission,
  PushOutcome,
  PushSubmission,
  SignedResult,
  StoredOutcome,
  SubmitOptions,
  SubmitOutcome,
  SubmitRejection,
  Transactions,
} from "@guts/server";
import { quorumOf } from "@guts/verifier";
import type { ChainView } from "../chain/chain-view.ts";
import type { CollectOutcome, ReceiptCollector } from "../replication/receipt-collector.ts";
import type { ConcludedAnswer, Sequenced, Sequencer } from "./sequencer.ts";

/** How long a transaction made by this node may wait to be applied. */
export const transactionLifeMs = 60_000;
/** And for how many blocks. */
export const transactionLifeBlocks = 10_000;
/** How long an answer waits for the transaction's block; a network that works takes a fraction of a second. */
export const answerPatienceMs = 20_000;

/** What the conductor works with. */
export interface TransactionsOptions {
  readonly chain: ChainView;
  readonly sequencer: Sequencer;
  readonly nodeId: NodeId;
  readonly nodeSeed: PrivateSeed;
  readonly receipts: ReceiptCollector;
  /** What the ledger would say of a command now; the ledger's own function unless a test composes a node that does not ask. */
  readonly decide?: typeof decideCommand | undefined;
  readonly now: () => number;
}

/** A command whose kind and payload the types no longer hold together. */
interface AnyCommand {
  readonly kind: KindName;
  readonly payload: unknown;
}

type Answer = SubmitOutcome<Uint8Array>;

/** Submits for the doors of one node. */
export class LedgerTransactions implements Transactions {
  readonly #options: TransactionsOptions;

  constructor(options: TransactionsOptions) {
    this.#options = options;
  }

  async submit<Kind extends KindName>(
    command: LedgerCommand<Kind>,
    options: SubmitOptions,
  ): Promise<SubmitOutcome<ResultOf<Kind>>> {
    options.signal.throwIfAborted();
    const body = this.#bodyOf(command, options);
    const earlier = this.#earlierAnswer(body, options.contents ?? []);
    if (earlier !== undefined) return withResult(earlier, command.kind);
    const actor: Actor = {
      account: options.by.account,
      authorization: authorizationOf(options.by),
      admittedBy: this.#options.nodeId,
    };
    const refusal = this.#decideEarly(command, actor); // (1)
    if (refusal !== undefined) return { outcome: "refused", rejection: refusal };
    const envelope = this.#admit({ body, authorization: actor.authorization }); // (2)
    return withResult(await this.#order(envelope, options.contents ?? [], options.signal), command.kind);
  }

  async submitPush(push: PushSubmission, options: SubmitOptions): Promise<PushOutcome> {
    const { repository, isAtomic, updates, packs, pushOptions } = push;
    const collected = await this.#options.receipts.collect({ repository, updates, packs }, options.signal);
    if (collected.outcome === "refused") return refusedForReceipts(collected);
    const { receipt } = collected;
    const payload = { repository, isAtomic, updates, packs, pushOptions, receipt };
    const outcome = await this.submit({ kind: "refs.change", payload }, options);
    return outcome.outcome === "applied" ? { ...outcome, storedCount: receipt.signatures.length } : outcome;
  }

  async submitMerge(merge: MergeSubmission, options: SubmitOptions): Promise<StoredOutcome<"pull.merge">> {
    const { pull, update, packs } = merge;
    const { repository } = pull;
    const collected = await this.#options.receipts.collect({ repository, updates: [update], packs }, options.signal);
    if (collected.outcome === "refused") return refusedForReceipts(collected);
    const { receipt } = collected;
    const outcome = await this.submit({ kind: "pull.merge", payload: { ...merge, receipt } }, options);
    return outcome.outcome === "applied" ? { ...outcome, storedCount: receipt.signatures.length } : outcome;
  }

  async submitSigned(
    bytes: Uint8Array,
    contents: readonly Uint8Array[],
    signal: AbortSignal,
  ): Promise<SubmitOutcome<SignedResult>> {
    signal.throwIfAborted();
    const opened = openSigned(bytes, contents);
    if (opened === undefined) return { outcome: "refused", rejection: "malformed" };
    const { signed, kind, texts } = opened;
    // Only a key speaks for itself: credentials and delegations are this node's own word.
    if (signed.authorization.type !== "key") return { outcome: "refused", rejection: "signature-invalid" };
    const envelope = this.#admit(signed);
    if (!verifyEnvelope(envelope)) return { outcome: "refused", rejection: "signature-invalid" };
    const account = signed.body.account as AccountId;
    const earlier = this.#earlierAnswer(signed.body, texts);
    if (earlier !== undefined) return signedResult(earlier, kind, account);
    const command = { kind, payload: decode(kindOf(kind).payload, signed.body.payload) };
    const refusal = this.#decideEarly(command, {
      account,
      authorization: signed.authorization,
      admittedBy: this.#options.nodeId,
    });
    if (refusal !== undefined) return { outcome: "refused", rejection: refusal };
    return signedResult(await this.#order(envelope, texts, signal), kind, account);
  }

  /** (1) What the ledger would say now, on a state that is thrown away. */
  #decideEarly(command: AnyCommand, actor: Actor): SubmitRejection | undefined {
    const { state } = this.#options.chain;
    const position = { networkId: state.networkId, height: (state.tip.height + 1) as Height, time: this.#nextTime() };
    const { decide = decideCommand } = this.#options;
    const verdict = decide(new Overlay(state), command as LedgerCommand, actor, position);
    return verdict.outcome === "applied" ? undefined : verdict.code;
  }

  /** (2) The node's own signature makes it an envelope. */
  #admit(signed: SignedTransaction): Envelope {
    return admitTransaction(signed, this.#options.nodeId, this.#options.nodeSeed);
  }

  /** (3) to (5). An abort after submission does not take it back: the answer is then "unknown". */
  async #order(envelope: Envelope, contents: readonly Content[], signal: AbortSignal): Promise<Answer> {
    const id = transactionId(envelope.body);
    const named = new Map(contents.map((content) => [toHex(contentRefOf(content).digest), content]));
    const sequenced = this.#options.sequencer.submit({
      id,
      raw: encode(envelopeCodec, envelope),
      contents: named,
      conclude: (served) => this.#conclude(envelope, contents, served),
    });
    const patience = AbortSignal.any([signal, AbortSignal.timeout(answerPatienceMs)]);
    const outcome = await untilAborted(sequenced, patience);
    if (outcome !== undefined) return answerOf(outcome, id);
    this.#options.sequencer.forget(id);
    return { outcome: "unknown", transactionId: id, untilTime: envelope.body.expiresTime };
  }

  /**
   * The answer to a transaction that waits, when the chain proves one without a block that holds it: the answer of another
   * transaction that carried out the same command, or that nothing can make it admissible any more ("rejected" at the height
   * whose state says so).
   */
  #conclude(envelope: Envelope, contents: readonly Content[], served: Height): ConcludedAnswer | undefined {
    const { state } = this.#options.chain;
    const { tip } = state;
    const id = transactionId(envelope.body);
    if (state.result(id) !== undefined) return undefined; // Its block is being followed.
    const earlier = this.#earlierAnswer(envelope.body, contents);
    if (earlier?.outcome === "applied" || earlier?.outcome === "rejected")
      return earlier.height <= served ? earlier : undefined;
    const rejection = refuseForGood(state, envelope, tip);
    return rejection && { outcome: "rejected", height: tip.height, transactionId: id, rejection };
  }

  /** The answer that an earlier submission of the same idempotency key got, if it was included. */
  #earlierAnswer(body: TransactionBody, contents: readonly Content[]): Answer | undefined {
    const { state } = this.#options.chain;
    const earlier = readRow(state, tables.idempotencyTable, { account: body.account, key: body.idempotencyKey });
    if (earlier === undefined) return undefined;
    const result = state.result(earlier.transaction)!;
    const isRepeated =
      equalBytes(earlier.command, commandDigest(body)) || this.#differsInSaltsAlone(result, body, contents);
    if (!isRepeated) return { outcome: "refused", rejection: "key-reused" };
    const { height, verdict, transactionId } = result;
    return verdict.type === "applied"
      ? { outcome: "applied", height, transactionId, result: verdict.result }
      : { outcome: "rejected", height, transactionId, rejection: verdict.code };
  }

  /** A repeated request has the same texts under new salts, since the node draws those for each try. */
  #differsInSaltsAlone(
    { height, index }: { readonly height: Height; readonly index: number },
    body: TransactionBody,
    contents: readonly Content[],
  ): boolean {
    const { chain } = this.#options;
    const raw = chain.readTransactions(chain.state.block(height)!.position)[index];
    const earlier = raw === undefined ? undefined : decodeEnvelope(raw);
    if (earlier === undefined || earlier.body.kind !== body.kind) return false;
    const refs = contentRefsOf(earlier);
    if (refs.length !== contents.length) return false;
    let payload = Buffer.from(body.payload).toString("latin1");
    for (const [position, content] of contents.entries()) {
      const { digest } = refs[position]!.ref;
      const text = chain.contents.get(digest)?.text;
      if (text === undefined || !equalBytes(text, content.text)) return false;
      payload = payload.replace(latin1(contentRefOf(content).digest), () => latin1(digest));
    }
    return payload === latin1(earlier.body.payload);
  }

  #bodyOf(command: AnyCommand, { by, idempotencyKey }: SubmitOptions): TransactionBody {
    const { state } = this.#options.chain;
    const kind = kindOf(command.kind);
    const terms = {
      idempotencyKey: idempotencyKey === undefined ? new Uint8Array(randomBytes(16)) : keyBytes(idempotencyKey),
      expiresTime: (this.#nextTime() + transactionLifeMs) as TimeMs,
      expiresHeight: (state.tip.height + transactionLifeBlocks) as Height,
    };
    return {
      networkId: state.networkId,
      rulesVersion: ledgerLimits.rulesVersion,
      account: by.account,
      ...terms,
      // Nothing about a signed push is this node's to choose.
      ...("certificate" in by ? signedTerms(by.certificate) : {}),
      kind: kind.tag,
      payload: encode(kind.payload, command.payload),
    };
  }

  #nextTime(): TimeMs {
    return Math.max(this.#options.now(), this.#options.chain.state.tip.time + 1) as TimeMs;
  }
}

/** Validators that are silent are down, as for any other write; ones that refused have said why. */
function refusedForReceipts({
  missing,
  validatorCount,
  words,
}: Extract<CollectOutcome, { outcome: "refused" }>): Extract<SubmitOutcome<never>, { outcome: "refused" }> {
  const different = missing.find((each) => each.reason === "refused" && each.code === "merge-differs");
  if (different?.reason === "refused")
    return {
      outcome: "refused",
      rejection: "merges-differ",
      words:
        `The nodes do not merge alike: at ${different.validator}, ${different.detail}. Nothing changed. ` +
        "Merge on your own machine and push, or ask the operators to bring their releases of git in line.",
    };
  if (missing.some(({ reason }) => reason === "refused" || reason === "wrong-signature"))
    return { outcome: "refused", rejection: "receipts-missing", words };
  const upCount = validatorCount - missing.length;
  const quorum = { validatorCount, upCount, neededCount: quorumOf(validatorCount) };
  return { outcome: "refused", rejection: "validators-missing", quorum };
}

/** The replay key and the life of a push whose certificate was opened at the door. */
function signedTerms({ text }: PushCertificate): PushTerms | undefined {
  const mandate = readPushMandate(text);
  return mandate && pushTerms(text, mandate);
}

function authorizationOf(by: Authority): Actor["authorization"] {
  if ("certificate" in by) {
    const { certificate, countersigned: credential } = by;
    if (credential !== undefined) return { type: "countersigned", credential, certificate };
    return { type: "push-certificate", ...certificate };
  }
  return "credential" in by ? { type: "credential", credential: by.credential } : { type: "delegation" };
}

/** Bytes as characters of the same codes, to search in. */
function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1");
}

function keyBytes(idempotencyKey: string): Uint8Array {
  return new Uint8Array(createHash("sha256").update(idempotencyKey, "utf8").digest().subarray(0, 16));
}

function answerOf(sequenced: Sequenced, id: Digest): Answer {
  switch (sequenced.outcome) {
    case "applied":
      return { outcome: "applied", height: sequenced.height, transactionId: id, result: sequenced.result };
    case "rejected":
      return { outcome: "rejected", height: sequenced.height, transactionId: id, rejection: sequenced.code };
    case "concluded":
      return sequenced.answer;
    case "validators-missing":
      return { outcome: "refused", rejection: "validators-missing", quorum: sequenced.quorum };
    default:
      return { outcome: "refused", rejection: "node-busy" };
  }
}

function withResult<Kind extends KindName>(answer: Answer, kind: Kind): SubmitOutcome<ResultOf<Kind>> {
  if (answer.outcome !== "applied") return answer;
  return { ...answer, result: decode(kindOf(kind).result, answer.result) as ResultOf<Kind> };
}

function signedResult(answer: Answer, kind: KindName, account: AccountId): SubmitOutcome<SignedResult> {
  if (answer.outcome !== "applied") return answer;
  const created = kind === "account.create" ? decode(KINDS[kind].result, answer.result).account : account;
  return { ...answer, result: { kind, account: created } };
}

interface OpenedTransaction {
  readonly signed: SignedTransaction;
  readonly kind: KindName;
  readonly texts: readonly Content[];
}

/** Decodes what a client signed; undefined when any part is malformed. */
function openSigned(bytes: Uint8Array, contents: readonly Uint8Array[]): OpenedTransaction | undefined {
  try {
    const signed = decode(signedTransactionCodec, bytes);
    const kind = findKind(signed.body.kind);
    if (kind === undefined) return undefined;
    decode(kind.kind.payload, signed.body.payload);
    return { signed, kind: kind.name, texts: contents.map((raw) => decode(contentCodec, raw)) };
  } catch (error) {
    if (error instanceof DecodeError) return undefined;
    throw error;
  }
}

/** The promise's value, or undefined when the signal aborts first. */
async function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value | undefined> {
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>();
  const onAbort = (): void => resolve(undefined);
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", onAbort);
    promise.catch(() => {}); // An abandoned wait must not become an unhandled rejection; the sequencer reports failures itself.
  }
}
