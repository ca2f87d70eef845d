/** Fetches packs and objects from other nodes into files whose SHA-256 is right. */
import { statfs } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { PackRef } from "@guts/ledger";
import {
  decode,
  DecodeError,
  encode,
  type Codec,
  type NodeId,
  type ObjectId,
  type RepositoryId,
} from "@guts/primitives";
import {
  downloadPack,
  isSignedByGrantor,
  objectsAnswerCodec,
  objectsProtocol,
  objectsRequestCodec,
  packOfferAnswerCodec,
  packOfferProtocol,
  packOfferRequestCodec,
  TransferError,
  transferLimits,
  type DownloadedPack,
  type NodeLink,
  type PackChannel,
  type PackOffer,
} from "@guts/transfer";
import { fetchLimits, freeDiskShare, preparationTimeoutMs, requestTimeoutMs } from "./limits.ts";

/** What fetching needs. */
export interface PackFetcherOptions {
  readonly link: Pick<NodeLink, "request">;
  readonly channel: Pick<PackChannel, "fetch">;
  readonly nodeId: NodeId;
  /** Where downloads are kept until they are used. */
  readonly directory: string;
}

/** One pack, and where it may be. */
export interface PackWish {
  readonly repository: RepositoryId;
  readonly pack: PackRef;
  readonly holder: NodeId;
  /** A grant that came with the wish; another is asked for when it is used up. */
  readonly offer?: PackOffer | undefined;
}

/** Objects of a repository, and who may have them. */
export interface ObjectsWish {
  readonly repository: RepositoryId;
  readonly holder: NodeId;
  readonly wants: readonly ObjectId[];
  readonly haves: readonly ObjectId[];
}

/** The asker's side of replication. Every method throws `TransferError` or the signal's reason. */
export class PackFetcher {
  readonly #options: PackFetcherOptions;

  constructor(options: PackFetcherOptions) {
    this.#options = options;
  }

  /** A pack by its SHA-256 from one holder. The caller disposes it. */
  async fetchPack(wish: PackWish, signal: AbortSignal): Promise<DownloadedPack> {
    const { channel, directory } = this.#options;
    let given = wish.offer;
    const offerFrom = async (offset: number): Promise<PackOffer> => {
      const offer = given ?? (await this.#askForOffer(wish, offset, signal));
      given = undefined;
      return this.#checked(offer, wish.holder, wish.repository);
    };
    await this.#assertRoom(wish.pack.sizeBytes);
    return downloadPack({ pack: wish.pack, directory, channel, offerFrom, signal });
  }

  /** A pack of what the wants reach and the haves do not, made by one holder. The caller disposes it. */
  async fetchObjects({ repository, holder, wants, haves }: ObjectsWish, signal: AbortSignal): Promise<DownloadedPack> {
    const request = encode(objectsRequestCodec, { repository, wants, haves, isThinAllowed: haves.length > 0 });
    const patience = AbortSignal.any([signal, AbortSignal.timeout(preparationTimeoutMs)]);
    for (;;) {
      const answer = await this.#ask(holder, { protocol: objectsProtocol, request }, objectsAnswerCodec, patience);
      if (answer.type === "refused") throw notHere(answer.code);
      if (answer.type === "preparing") {
        await delay(Math.min(Math.max(answer.retryMs, 100), requestTimeoutMs), undefined, { signal: patience });
        continue;
      }
      const offer = this.#checked(answer.offer, holder, repository);
      return this.fetchPack({ repository, pack: offer.signed.grant.pack, holder, offer }, signal);
    }
  }

  async #askForOffer({ repository, pack, holder }: PackWish, offset: number, signal: AbortSignal): Promise<PackOffer> {
    const request = encode(packOfferRequestCodec, { repository, pack, offset });
    const answer = await this.#ask(holder, { protocol: packOfferProtocol, request }, packOfferAnswerCodec, signal);
    if (answer.type === "refused") throw notHere(answer.code);
    return answer.offer;
  }

  /** A grant is the holder's own word for this node and repository, or nothing. */
  #checked(offer: PackOffer, holder: NodeId, repository: RepositoryId): PackOffer {
    const { grant } = offer.signed;
    const isOurs = grant.grantor === holder && grant.peer === this.#options.nodeId && grant.repository === repository;
    if (isOurs && isSignedByGrantor(offer.signed)) return offer;
    throw new TransferError("malformed", "the holder's grant is not its own, or not for this", undefined);
  }

  async #ask<Answer>(
    to: NodeId,
    { protocol, request }: { readonly protocol: string; readonly request: Uint8Array },
    codec: Codec<Answer>,
    signal: AbortSignal,
  ): Promise<Answer> {
    const { link } = this.#options;
    const patience = AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs)]);
    const responseBytesMax = transferLimits.answerBytesMax;
    try {
      return decode(codec, await link.request(to, protocol, request, { signal: patience, responseBytesMax }));
    } catch (cause) {
      signal.throwIfAborted();
      if (cause instanceof DecodeError)
        throw new TransferError("malformed", "the holder's answer is none", undefined, { cause });
      throw new TransferError("unreachable", "the holder did not answer", undefined, { cause });
    }
  }

  async #assertRoom(sizeBytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(this.#options.directory);
    if (sizeBytes <= Math.min(fetchLimits.packBytesMax, (bavail * bsize) / freeDiskShare)) return;
    throw new TransferError("unavailable", `no room for a pack of ${sizeBytes} bytes`, undefined);
  }
}

function notHere(code: string): TransferError {
  return new TransferError("unavailable", `the holder has nothing to give: ${code}`, undefined);
}
