/** What this node gives to others: grants for packs that it has, and packs made for what another node lacks. */
import { createHash } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { readRow, tables, type PackRef } from "@guts/ledger";
import { decode, encode, toHex, type NodeId, type ObjectId, type RepositoryId } from "@guts/primitives";
import { openPackFile, type GitEngine } from "@guts/storage";
import type { Ledger } from "@guts/server";
import {
  objectsAnswerCodec,
  objectsRequestCodec,
  packOfferAnswerCodec,
  packOfferRequestCodec,
  type GrantBook,
  type ObjectsAnswer,
  type ObjectsRequest,
  type OpenPack,
  type PackOffer,
  type PackOfferAnswer,
  type PackSource,
} from "@guts/transfer";
import { preparationRetryMs, preparationWaitMs } from "./limits.ts";
import type { PreparedPacks } from "./prepared-packs.ts";

/** What of the ledger replication reads, at the height that this node has applied. */
export type ReplicationLedger = Pick<Ledger, "networkId" | "nodeId" | "state" | "height" | "waitForHeight">;

/** What of git a holder needs. */
export type HolderGit = Pick<GitEngine, "openPack" | "findMissing" | "findUnreachable">;

/** What a holder works with. */
export interface PackHolderOptions {
  readonly ledger: ReplicationLedger;
  readonly git: HolderGit;
  readonly prepared: PreparedPacks;
  readonly grants: GrantBook;
  /** Where this node listens for requests, as `host:port`. */
  readonly addresses: () => readonly string[];
}

/** Whether a node is admitted on the ledger: only such nodes get blocks and packs. */
export function isAdmitted(ledger: ReplicationLedger, node: NodeId): boolean {
  return readRow(ledger.state().reader, tables.nodeTable, node) !== undefined;
}

/** The holder's side of replication. */
export class PackHolder implements PackSource {
  readonly #options: PackHolderOptions;

  constructor(options: PackHolderOptions) {
    this.#options = options;
  }

  /** A grant for a pack, without looking whether it is here. */
  offer(peer: NodeId, repository: RepositoryId, pack: PackRef, offset = 0): PackOffer {
    const { grants, addresses } = this.#options;
    return { signed: grants.issue({ peer, repository, pack, offset }), addresses: addresses() };
  }

  async openPack(repository: RepositoryId, pack: PackRef): Promise<OpenPack | undefined> {
    const { prepared, git } = this.#options;
    const made = prepared.find(repository, pack);
    return made === undefined ? git.openPack(repository, toHex(pack.sha256)) : openPackFile(made);
  }

  /** Answers who asks for a pack by its SHA-256. Throws `DecodeError` for bytes that are no request. */
  async answerOfferRequest(from: NodeId, body: Uint8Array): Promise<Uint8Array> {
    const { repository, pack, offset } = decode(packOfferRequestCodec, body);
    return encode(packOfferAnswerCodec, await this.#decideOffer(from, { repository, pack, offset }));
  }

  /** Answers who asks for objects. Throws `DecodeError`. */
  async answerObjectsRequest(from: NodeId, body: Uint8Array, signal: AbortSignal): Promise<Uint8Array> {
    const request = decode(objectsRequestCodec, body);
    return encode(objectsAnswerCodec, await this.#decideObjects(from, { request, body, signal }));
  }

  async #decideOffer(
    from: NodeId,
    asked: { readonly repository: RepositoryId; readonly pack: PackRef; readonly offset: number },
  ): Promise<PackOfferAnswer> {
    const { repository, pack, offset } = asked;
    const refusal = this.#refuse(from, repository);
    if (refusal !== undefined) return { type: "refused", code: refusal };
    await using open = await this.openPack(repository, pack);
    if (open?.sizeBytes !== pack.sizeBytes) return { type: "refused", code: "not-here" };
    return { type: "offered", offer: this.offer(from, repository, pack, offset) };
  }

  /** Only what the ledger's refs reach is given: an object that merely lies here is nobody's to ask for. */
  async #decideObjects(
    from: NodeId,
    {
      request,
      body,
      signal,
    }: { readonly request: ObjectsRequest; readonly body: Uint8Array; readonly signal: AbortSignal },
  ): Promise<ObjectsAnswer> {
    const { repository, wants, haves, isThinAllowed: isThin } = request;
    const refusal = this.#refuse(from, repository);
    if (refusal !== undefined) return { type: "refused", code: refusal };
    if (wants.length === 0 || !(await this.#areServed(repository, wants, signal))) {
      return { type: "refused", code: "not-here" };
    }
    const unknown = new Set(await this.#options.git.findMissing(repository, haves, signal));
    const known = haves.filter((id) => !unknown.has(id));
    const key = createHash("sha256").update(body).digest("hex");
    const made = this.#options.prepared.prepare({ repository, wants, haves: known, isThin, key });
    if (made === undefined) return { type: "refused", code: "busy" };
    const pack = await Promise.race([made, delay(preparationWaitMs, undefined, { signal, ref: false })]);
    if (pack === undefined) return { type: "preparing", retryMs: preparationRetryMs };
    return { type: "offered", offer: this.offer(from, repository, pack) };
  }

  async #areServed(repository: RepositoryId, wants: readonly ObjectId[], signal: AbortSignal): Promise<boolean> {
    const { ledger, git } = this.#options;
    const tips = new Set(Array.from(ledger.state().refs(repository), ([, id]) => id));
    const others = wants.filter((id) => !tips.has(id));
    if ((await git.findMissing(repository, wants, signal)).length > 0) return false;
    if (others.length === 0) return true;
    return (await git.findUnreachable(repository, { wants: others, tips: [...tips], signal })).length === 0;
  }

  #refuse(from: NodeId, repository: RepositoryId): "node-not-admitted" | "repository-missing" | undefined {
    const { ledger } = this.#options;
    if (!isAdmitted(ledger, from)) return "node-not-admitted";
    return ledger.state().repository(repository) === undefined ? "repository-missing" : undefined;
  }
}
