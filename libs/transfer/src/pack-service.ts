/** Gives granted packs to peers, whatever way their request came. */
import type { PackRef } from "@guts/ledger";
import type { NodeId, RepositoryId } from "@guts/primitives";
import type { GrantBook, SignedGrant } from "./grant.ts";
import type { TransferPace } from "./limits.ts";
import { encodeFrame, packAnswerCodec, type PackAnswer } from "./pack-request.ts";
import { Pacer } from "./pace.ts";
import { TransferMeasure, type OnTransferEnd, type TransferWay } from "./transfer-end.ts";

/** The packs that a node has. */
export interface PackSource {
  /** The bytes of a pack, or undefined when it is not here. Whoever opened it disposes it. */
  openPack(repository: RepositoryId, pack: PackRef): Promise<OpenPack | undefined>;
}

/** A pack that stays readable until it is disposed, whatever becomes of its file's name. */
export interface OpenPack extends AsyncDisposable {
  readonly sizeBytes: number;
  /** The bytes from `offset` to the end, in pieces. */
  read(offset: number): AsyncIterable<Uint8Array>;
}

/** What serving packs needs. */
export interface PackServiceOptions {
  readonly grants: GrantBook;
  readonly source: PackSource;
  readonly pace: TransferPace;
  readonly onEnd?: OnTransferEnd;
}

/** A request for a granted pack, and the way it came. */
export interface PackServiceRequest {
  readonly signed: SignedGrant;
  readonly offset: number;
  readonly way: TransferWay;
}

/** Serves the holder's side of a transfer. */
export class PackService {
  readonly #options: PackServiceOptions;
  readonly #pacer: Pacer;
  /** When each peer took bytes last; peers with a grant only, which are admitted nodes. */
  readonly #servedMs = new Map<NodeId, number>();

  constructor(options: PackServiceOptions) {
    this.#options = options;
    this.#pacer = new Pacer(options.pace);
  }

  /** Whether a peer has taken bytes within the last `ms` milliseconds. */
  hasServed(peer: NodeId, ms: number): boolean {
    return performance.now() - (this.#servedMs.get(peer) ?? Number.NEGATIVE_INFINITY) <= ms;
  }

  /**
   * The answer's frame, then the bytes.
   *
   * (1) a place, (2) the grant, which is used up by this, (3) the pack, (4) the bytes at the peer's rate. Who gets no place keeps
   * the grant.
   */
  async *serve(
    request: PackServiceRequest,
    peer: NodeId,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const { grants, source, onEnd } = this.#options;
    using measure = new TransferMeasure(onEnd, { direction: "out", way: request.way, offset: request.offset });
    using place = this.#pacer.enter(peer); // (1)
    const refusal = place === undefined ? "busy" : grants.redeem(request.signed, peer, request.offset); // (2)
    if (place === undefined || refusal !== undefined) {
      measure.outcome = "refused";
      yield refuse(refusal ?? "busy");
      return;
    }
    const { repository, pack } = request.signed.grant;
    await using open = await source.openPack(repository, pack); // (3)
    if (open?.sizeBytes !== pack.sizeBytes) {
      measure.outcome = "refused";
      yield refuse("pack-gone");
      return;
    }
    yield encodeFrame(packAnswerCodec, { type: "sending", bytes: pack.sizeBytes - request.offset });
    for await (const chunk of open.read(request.offset)) {
      await place.pay(chunk.length, signal); // (4)
      yield chunk;
      measure.bytes += chunk.length;
      this.#servedMs.set(peer, performance.now());
    }
    measure.outcome = "complete";
  }
}

function refuse(reason: Extract<PackAnswer, { type: "refused" }>["reason"]): Uint8Array {
  return encodeFrame(packAnswerCodec, { type: "refused", reason });
}
