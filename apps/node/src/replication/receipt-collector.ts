/**
 * The receiving node's side of storage receipts: every validator of the epoch is asked at once; a quorum decides.
 *
 * With the quorum the push goes on, and the other validators are left to finish, so that all hold the objects. Without one, the
 * push is refused before anything was submitted. A network of one asks nobody, by the same code.
 */
import { setTimeout as delay } from "node:timers/promises";
import {
  factsVersion,
  mergeFactsVersion,
  placementAllValidators,
  receiptBytes,
  type CertifiedUpdate,
  type MergedUpdate,
  type PackRef,
  type PayloadOf,
  type ReceiptSignatures,
  type ReceiptStatement,
} from "@guts/ledger";
import {
  decode,
  encode,
  verifySignature,
  type Height,
  type NodeId,
  type RepositoryId,
  type Signature,
} from "@guts/primitives";
import { quorumOf, type Validator } from "@guts/verifier";
import {
  receiptAnswerCodec,
  receiptProtocol,
  receiptRequestCodec,
  transferLimits,
  type NodeLink,
  type ReceiptRefusalCode,
} from "@guts/transfer";
import {
  backgroundCollectionsMax,
  receiptBytesPerSecond,
  receiptLifeBlocks,
  receiptRetryDelayMs,
  receiptRetryMs,
  receiptTimeoutMs,
  receiptTimeoutMsMax,
  silenceCheckMs,
  silencePatienceMs,
} from "./limits.ts";
import type { PackHolder, ReplicationLedger } from "./pack-holder.ts";
import { collectionRefusalWords } from "./receipt-words.ts";
import type { ReceiptIssuer } from "./receipt-issuer.ts";

/** What a push stored on this node, durably, to be certified. */
export interface StoredPush {
  readonly repository: RepositoryId;
  /** Of a push, or the one of a merge, which every signer computes anew. */
  readonly updates: readonly CertifiedUpdate[] | readonly [MergedUpdate];
  readonly packs: readonly PackRef[];
}

/** Why one validator did not sign. */
export type MissingReceipt =
  | { readonly validator: string; readonly reason: "unreachable" | "no-answer" | "wrong-signature" }
  | {
      readonly validator: string;
      readonly reason: "refused";
      readonly code: ReceiptRefusalCode;
      readonly detail: string;
    };

/** A receipt that the ledger accepts, or how many validators are missing, in words for the pusher. */
export type CollectOutcome =
  | { readonly outcome: "certified"; readonly receipt: PayloadOf<"refs.change">["receipt"] }
  | {
      readonly outcome: "refused";
      /** Signatures that lack to a quorum. */
      readonly missingCount: number;
      readonly missing: readonly MissingReceipt[];
      readonly validatorCount: number;
      readonly words: string;
    };

/** How far a collection is. */
export interface CollectProgress {
  readonly signedCount: number;
  readonly validatorCount: number;
}

/** Collects receipts; what the conductor of writes needs. */
export interface ReceiptCollector {
  /** Throws the signal's reason. */
  collect(
    push: StoredPush,
    signal: AbortSignal,
    onProgress?: (progress: CollectProgress) => void,
  ): Promise<CollectOutcome>;
}

/** What collecting needs. */
export interface QuorumReceiptsOptions {
  readonly ledger: ReplicationLedger;
  readonly link: Pick<NodeLink, "request">;
  readonly holder: Pick<PackHolder, "offer">;
  readonly issuer: Pick<ReceiptIssuer, "sign">;
  /** Whether a node is connected and answers nothing just now. */
  readonly isSilent: (nodeId: NodeId) => boolean;
  /** Told once of each validator that did not sign, by a push that went on or not. */
  readonly onMissing: (missing: MissingReceipt) => void;
}

/** Collects over the link. Disposing it ends what goes on in the background. */
export class QuorumReceipts implements ReceiptCollector, Disposable {
  readonly #options: QuorumReceiptsOptions;
  readonly #closing = new AbortController();
  #collections = 0;

  constructor(options: QuorumReceiptsOptions) {
    this.#options = options;
  }

  async collect(
    push: StoredPush,
    signal: AbortSignal,
    onProgress: (progress: CollectProgress) => void = () => {},
  ): Promise<CollectOutcome> {
    signal.throwIfAborted();
    const { ledger, issuer } = this.#options;
    const { epoch, validators } = ledger.state().network();
    const statement = statementOf(push, { networkId: ledger.networkId, epoch, baseHeight: ledger.height() });
    const tally = new Tally(validators.length, onProgress);
    const own = issuer.sign(statement);
    if (own !== undefined) tally.sign(own.validator, own.signature);
    const asking = new AbortController();
    const onAbort = (): void => asking.abort(signal.reason);
    signal.addEventListener("abort", onAbort, { once: true });
    const asks = [...validators.entries()]
      .filter(([index]) => index !== own?.validator)
      .map(([index, validator]) => this.#ask(tally, { statement, index, validator, asking: asking.signal }));
    const watch = this.#watchSilence(tally, validators);
    this.#collections += 1;
    void Promise.allSettled(asks).then(() => (this.#collections -= 1));
    try {
      await Promise.race([tally.decided, failureOf(asks)]);
    } finally {
      signal.removeEventListener("abort", onAbort);
      clearInterval(watch);
    }
    signal.throwIfAborted();
    const isLastOfMany = this.#collections > backgroundCollectionsMax;
    if (isLastOfMany || !tally.isCertified) asking.abort();
    if (tally.isCertified) return { outcome: "certified", receipt: receiptOf(statement, tally.signatures()) };
    const missingCount = quorumOf(validators.length) - tally.signedCount;
    const missing = tally.missing();
    const validatorCount = validators.length;
    const words = collectionRefusalWords(missing, validatorCount);
    return { outcome: "refused", missingCount, missing, validatorCount, words };
  }

  [Symbol.dispose](): void {
    this.#closing.abort();
  }

  /**
   * A stopped process keeps its connections, so a request to it fails only when the connection is given up. When so many of those
   * that owe an answer are silent that there can be no quorum without them, the push is not kept waiting.
   */
  #watchSilence(tally: Tally, validators: readonly Validator[]): NodeJS.Timeout {
    const startedMs = performance.now();
    return setInterval(() => {
      if (performance.now() - startedMs < silencePatienceMs) return;
      const silent = tally.unanswered().filter((index) => this.#options.isSilent(validators[index]!.nodeId));
      if (!tally.isHopelessWithout(silent)) return;
      for (const index of silent) {
        const missing: MissingReceipt = { validator: validators[index]!.name, reason: "no-answer" };
        this.#options.onMissing(missing);
        tally.miss(index, missing);
      }
    }, silenceCheckMs);
  }

  /** Asks one validator until it has answered, or cannot be waited for any longer. Never rejects. */
  async #ask(
    tally: Tally,
    at: {
      readonly statement: ReceiptStatement;
      readonly index: number;
      readonly validator: Validator;
      readonly asking: AbortSignal;
    },
  ): Promise<void> {
    const { statement, index, validator, asking } = at;
    const packBytes = statement.packs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
    const timeoutMs = Math.min(
      receiptTimeoutMs + Math.ceil((packBytes / receiptBytesPerSecond) * 1000),
      receiptTimeoutMsMax,
    );
    const signal = AbortSignal.any([asking, this.#closing.signal, AbortSignal.timeout(timeoutMs)]);
    const startedMs = performance.now();
    for (;;) {
      const answer = await this.#askOnce(statement, validator, signal);
      if (typeof answer !== "string" && "signature" in answer) return tally.sign(index, answer.signature);
      const missing: MissingReceipt =
        typeof answer === "string"
          ? { validator: validator.name, reason: answer }
          : { validator: validator.name, reason: "refused", ...answer };
      if (!mayPass(missing) || performance.now() - startedMs > receiptRetryMs || signal.aborted) {
        if (!asking.aborted) this.#options.onMissing(missing);
        return tally.miss(index, missing);
      }
      await delay(receiptRetryDelayMs, undefined, { signal }).catch(() => {});
    }
  }

  async #askOnce(
    statement: ReceiptStatement,
    { nodeId, consensusKey }: Validator,
    signal: AbortSignal,
  ): Promise<
    | { readonly signature: Signature }
    | { readonly code: ReceiptRefusalCode; readonly detail: string }
    | "unreachable"
    | "no-answer"
    | "wrong-signature"
  > {
    const { link, holder } = this.#options;
    const offers = statement.packs.map((pack) => holder.offer(nodeId, statement.repository, pack));
    const body = encode(receiptRequestCodec, { statement, offers });
    try {
      const options = { signal, responseBytesMax: transferLimits.answerBytesMax };
      const answer = decode(receiptAnswerCodec, await link.request(nodeId, receiptProtocol, body, options));
      if (answer.type === "refused") return { code: answer.code, detail: answer.detail };
      const { signature } = answer;
      return verifySignature(consensusKey, receiptBytes(statement), signature) ? { signature } : "wrong-signature";
    } catch {
      return signal.aborted ? "no-answer" : "unreachable";
    }
  }
}

/** Rejects when one of them does; resolves never. */
function failureOf(asks: readonly Promise<void>[]): Promise<never> {
  const { promise, reject } = Promise.withResolvers<never>();
  Promise.all(asks).catch(reject);
  return promise;
}

/** Counts answers until a quorum has signed or cannot sign any more. */
class Tally {
  readonly decided: Promise<void>;
  readonly #validatorCount: number;
  readonly #onProgress: (progress: CollectProgress) => void;
  readonly #signatures = new Map<number, Signature>();
  readonly #missing = new Map<number, MissingReceipt>();
  readonly #decide: () => void;

  constructor(validatorCount: number, onProgress: (progress: CollectProgress) => void) {
    this.#validatorCount = validatorCount;
    this.#onProgress = onProgress;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.decided = promise;
    this.#decide = resolve;
  }

  get signedCount(): number {
    return this.#signatures.size;
  }

  get isCertified(): boolean {
    return this.#signatures.size >= quorumOf(this.#validatorCount);
  }

  sign(validator: number, signature: Signature): void {
    this.#signatures.set(validator, signature);
    this.#onProgress({ signedCount: this.signedCount, validatorCount: this.#validatorCount });
    if (this.isCertified) this.#decide();
  }

  miss(validator: number, missing: MissingReceipt): void {
    this.#missing.set(validator, missing);
    if (this.isHopelessWithout([])) this.#decide();
  }

  /** Validators that owe an answer. */
  unanswered(): readonly number[] {
    const all = Array.from({ length: this.#validatorCount }, (_, validator) => validator);
    return all.filter((validator) => !this.#signatures.has(validator) && !this.#missing.has(validator));
  }

  /** Whether there can be no quorum when these do not sign either. */
  isHopelessWithout(validators: readonly number[]): boolean {
    return this.#missing.size + validators.length > this.#validatorCount - quorumOf(this.#validatorCount);
  }

  /** Of the first quorum, ascending: one more would cost every node its verification and prove nothing more. */
  signatures(): ReceiptSignatures {
    return [...this.#signatures]
      .slice(0, quorumOf(this.#validatorCount))
      .sort(([left], [right]) => left - right)
      .map(([validator, signature]) => ({ validator, signature }));
  }

  missing(): readonly MissingReceipt[] {
    return [...this.#missing.values()];
  }
}

/** What a moment may cure: a connection that is being made again, a validator that is busy. */
function mayPass(missing: MissingReceipt): boolean {
  if (missing.reason === "unreachable") return true;
  return missing.reason === "refused" && (missing.code === "busy" || missing.code === "height-not-reached");
}

function statementOf(
  { repository, updates, packs }: StoredPush,
  at: Pick<ReceiptStatement, "networkId" | "epoch" | "baseHeight">,
): ReceiptStatement {
  const expiresHeight = (at.baseHeight + receiptLifeBlocks) as Height;
  const version = updates.some((update) => "merge" in update) ? mergeFactsVersion : factsVersion;
  return {
    ...at,
    repository,
    placement: placementAllValidators,
    factsVersion: version,
    updates,
    packs,
    expiresHeight,
  };
}

function receiptOf(
  { epoch, placement, factsVersion, baseHeight, expiresHeight }: ReceiptStatement,
  signatures: ReceiptSignatures,
): PayloadOf<"refs.change">["receipt"] {
  return { epoch, placement, factsVersion, baseHeight, expiresHeight, signatures };
}
