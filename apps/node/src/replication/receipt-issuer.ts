/**
 * The validator's side of storage receipts (DESIGN D3; docs/protocol/replication.md, "Receipt").
 *
 * (1) who asks and what for, (2) the base height is reached, (3) the repository is here and whole, (4) the named packs come in by
 * the same strict path as a push, and a merge is computed anew, (5) packs and facts are those of the statement, (6) promote: pack, index and directory are
 * synced, (7) sign the statement that was asked for, byte for byte. Until (6) nothing stays; a crash between (6) and (7) leaves
 * objects that no ref reaches and nobody was promised.
 */
import {
  factsVersion,
  mergeFactsVersion,
  placementAllValidators,
  receiptBytes,
  type AnyCertifiedUpdate,
  type PackRef,
  type ReceiptStatement,
} from "@guts/ledger";
import {
  decode,
  encode,
  equalBytes,
  signMessage,
  toHex,
  type NodeId,
  type PrivateSeed,
  type RepositoryId,
  type Signature,
} from "@guts/primitives";
import type { GitEngine, KeyedMutex, MergeClaim, PushLimits, ReceiveOutcome } from "@guts/storage";
import {
  receiptAnswerCodec,
  receiptRequestCodec,
  TransferError,
  type PackOffer,
  type ReceiptAnswer,
  type ReceiptRefusalCode,
  type ReceiptRequest,
} from "@guts/transfer";
import type { HeldPushes } from "./held-pushes.ts";
import { baseHeightWaitMs, completenessWaitMs, receiptLifeBlocks } from "./limits.ts";
import type { PackFetcher } from "./pack-fetcher.ts";
import { isAdmitted, type ReplicationLedger } from "./pack-holder.ts";

/** Tells whether a repository has all objects of its refs. */
export interface Completeness {
  isComplete(repository: RepositoryId): boolean;
  /** Resolves once it has. Throws the signal's reason. */
  whenComplete(repository: RepositoryId, signal: AbortSignal): Promise<void>;
}

/** What a validator works with. */
export interface ReceiptIssuerOptions {
  readonly ledger: ReplicationLedger;
  readonly git: Pick<GitEngine, "receivePack" | "hasPack">;
  readonly consensusSeed: PrivateSeed;
  readonly fetcher: Pick<PackFetcher, "fetchPack">;
  readonly completeness: Completeness;
  readonly held: HeldPushes;
  readonly limits: PushLimits;
  /** Whoever brings packs in holds the lock of their names, so that each is fetched once. */
  readonly packLocks: KeyedMutex<string>;
}

type Refused = Extract<ReceiptAnswer, { type: "refused" }>;
type Received = Extract<ReceiveOutcome, { outcome: "received" }>;

/** Signs receipts for pushes that other nodes received. */
export class ReceiptIssuer {
  readonly #options: ReceiptIssuerOptions;

  constructor(options: ReceiptIssuerOptions) {
    this.#options = options;
  }

  /** Answers a request. Throws `DecodeError` for bytes that are none. */
  async answer(from: NodeId, body: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    const request = decode(receiptRequestCodec, body);
    return encode(receiptAnswerCodec, await this.#decide(from, request, signal));
  }

  /** This node's signature under a statement, if it is a validator. The caller has made the objects durable. */
  sign(statement: ReceiptStatement): { readonly validator: number; readonly signature: Signature } | undefined {
    const { ledger, consensusSeed } = this.#options;
    const validator = ledger
      .state()
      .network()
      .validators.findIndex(({ nodeId }) => nodeId === ledger.nodeId);
    return validator < 0 ? undefined : { validator, signature: signMessage(consensusSeed, receiptBytes(statement)) };
  }

  async #decide(from: NodeId, request: ReceiptRequest, signal: AbortSignal): Promise<ReceiptAnswer> {
    const { statement } = request;
    const refusal =
      this.#refuseRequest(from, request) ?? // (1)
      (await this.#refuseUntilReady(statement, signal)); // (2), (3)
    if (refusal !== undefined) return refused(refusal);
    const key = packLockOf(statement.repository, statement.packs);
    const answer = await this.#options.packLocks.run(key, signal, () => this.#store(from, request, signal));
    if (answer !== undefined) return answer;
    const signed = this.sign(statement); // (7)
    return signed === undefined ? refused("not-a-validator") : { type: "signed", signature: signed.signature };
  }

  /** (1) Asked of the state alone. */
  #refuseRequest(from: NodeId, { statement, offers }: ReceiptRequest): ReceiptRefusalCode | undefined {
    const { ledger, held, limits } = this.#options;
    const { networkId, epoch, placement, updates, packs, baseHeight, expiresHeight } = statement;
    const network = ledger.state().network();
    if (!isAdmitted(ledger, from)) return "node-not-admitted";
    if (!equalBytes(networkId, ledger.networkId)) return "wrong-network";
    if (epoch !== network.epoch) return "wrong-epoch";
    if (!network.validators.some(({ nodeId }) => nodeId === ledger.nodeId)) return "not-a-validator";
    if (placement !== placementAllValidators || !isKnownVersion(statement)) return "terms-unknown";
    const isInBounds =
      updates.length > 0 &&
      new Set(updates.map(({ name }) => name)).size === updates.length &&
      offers.length === packs.length &&
      expiresHeight > ledger.height() &&
      expiresHeight - baseHeight <= receiptLifeBlocks &&
      packs.every(({ sizeBytes }) => sizeBytes <= limits.packBytesMax);
    if (!isInBounds) return "terms-out-of-bounds";
    return held.hasRoom(from, bytesOf(packs)) ? undefined : "quota-spent";
  }

  /** (2) and (3): waits a bounded time for what the statement builds on. */
  async #refuseUntilReady(
    { repository, baseHeight }: ReceiptStatement,
    signal: AbortSignal,
  ): Promise<ReceiptRefusalCode | undefined> {
    const { ledger, completeness } = this.#options;
    const isReached = await within(baseHeightWaitMs, signal, (patience) => ledger.waitForHeight(baseHeight, patience));
    if (!isReached) return "height-not-reached";
    if (ledger.state().repository(repository) === undefined) return "repository-missing";
    if (completeness.isComplete(repository)) return undefined;
    const isWhole = await within(completenessWaitMs, signal, (patience) =>
      completeness.whenComplete(repository, patience),
    );
    return isWhole ? undefined : "repository-incomplete";
  }

  /** (4) to (6). Undefined when the objects are here, durably. */
  async #store(from: NodeId, request: ReceiptRequest, signal: AbortSignal): Promise<Refused | undefined> {
    const { statement } = request;
    let received: ReceiveOutcome;
    try {
      received = await this.#receive(from, request, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof TransferError) return refused("pack-unavailable", error.message);
      throw error;
    }
    if (received.outcome === "rejected")
      return refused(received.code === "merge-differs" ? received.code : "objects-refused", received.message);
    const { quarantine } = received;
    const difference = differenceOf(statement, received); // (5)
    if (difference !== undefined) {
      await quarantine[Symbol.asyncDispose]();
      return difference;
    }
    await quarantine.promote(signal); // (6)
    const { repository, updates, expiresHeight, packs } = statement;
    this.#options.held.add({ repository, updates, quarantine, expiresHeight, askedBy: from, bytes: bytesOf(packs) });
    return undefined;
  }

  /** (4) Version 1 has one pack at most that is new here: nodes certify one pack per push. */
  async #receive(from: NodeId, { statement, offers }: ReceiptRequest, signal: AbortSignal): Promise<ReceiveOutcome> {
    const { git, fetcher, limits, ledger } = this.#options;
    const { repository, packs } = statement;
    const heldPacks: string[] = [];
    const missing: { readonly pack: PackRef; readonly offer: PackOffer }[] = [];
    for (const [index, pack] of packs.entries()) {
      if (await git.hasPack(repository, toHex(pack.sha256))) heldPacks.push(toHex(pack.sha256));
      else missing.push({ pack, offer: offers[index]! });
    }
    if (missing.length > 1) return { outcome: "rejected", code: "too-complex", message: "a push brings one pack" };
    const tips = Array.from(ledger.state().refs(repository), ([, id]) => id);
    const options = { commands: statement.updates, tips, limits, heldPacks, ...claimOf(statement), signal };
    const [only] = missing;
    if (only === undefined) return git.receivePack(repository, { ...options, pack: undefined });
    await using downloaded = await fetcher.fetchPack({ repository, holder: from, ...only }, signal);
    // Awaited here: the file is there until git has read it.
    return await git.receivePack(repository, { ...options, pack: downloaded.read() });
  }
}

/** Facts of a push, or of one merge and nothing else. */
function isKnownVersion({ factsVersion: version, updates }: ReceiptStatement): boolean {
  return version === factsVersion || (version === mergeFactsVersion && updates.length === 1);
}

/** What the update of a merge is said to be, for git to compute it anew. */
function claimOf({ updates }: ReceiptStatement): { readonly merge?: MergeClaim } {
  const [update] = updates;
  return update?.merge === undefined ? {} : { merge: { name: update.name, ...update.merge } };
}

/** (5) What git found here must be what the statement says. */
function differenceOf(statement: ReceiptStatement, { packs, facts }: Received): Refused | undefined {
  for (const { sha256, sizeBytes } of packs) {
    const isNamed = statement.packs.some((pack) => toHex(pack.sha256) === sha256 && pack.sizeBytes === sizeBytes);
    if (!isNamed) return refused("pack-differs", "the pack is not complete in itself");
  }
  const different = statement.updates.find((update, index) => !isSameFact(update, facts[index]));
  return different === undefined ? undefined : refused("facts-differ", `for ${different.name}`);
}

function isSameFact(update: AnyCertifiedUpdate, fact: Received["facts"][number] | undefined): boolean {
  return (
    update.isFastForward === fact?.isFastForward &&
    update.hasMerges === fact.hasMerges &&
    update.newType === (fact.newType ?? "none")
  );
}

/** The lock that stands for the packs of a push. */
export function packLockOf(repository: RepositoryId, packs: readonly PackRef[]): string {
  return `${repository} ${packs.map(({ sha256 }) => toHex(sha256)).join(" ")}`;
}

function bytesOf(packs: readonly PackRef[]): number {
  return packs.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
}

function refused(code: ReceiptRefusalCode, detail = ""): Refused {
  return { type: "refused", code, detail: detail.toWellFormed().replaceAll("\0", "?").slice(0, 120) };
}

/** Whether `work` was done in time. Throws what it throws, and the outer signal's reason. */
async function within(
  ms: number,
  signal: AbortSignal,
  work: (patience: AbortSignal) => Promise<void>,
): Promise<boolean> {
  const patience = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
  try {
    await work(patience);
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (patience.aborted) return false;
    throw error;
  }
}
