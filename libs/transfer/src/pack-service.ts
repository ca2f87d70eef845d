/** Gives granted packs to peers, whatever way their request came. */
import type { PackRef } from "@guts/ledger";
import type { NodeId, RepositoryId } from "@guts/primitives";
import type { GrantBook, SignedGrant } from "./grant.ts";
import type { TransferPace } from "./limits.ts";
import { encodeFrame, packAnswerCodec, type PackAnswer } from "./pack-request.ts";
import { Pacer } from "./pace.ts";

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
}

/** Serves the holder's side of a transfer. */
export class PackService {
  readonly #options: PackServiceOptions;
  readonly #pacer: Pacer;

  constructor(options: PackServiceOptions) {
    this.#options = options;
    this.#pacer = new Pacer(options.pace);
  }

  /**
   * The answer's frame, then the bytes.
   *
   * (1) a place, (2) the grant, which is used up by this, (3) the pack, (4) the bytes at the peer's rate. Who gets no place keeps
   * the grant.
   */
  async *serve(
    request: { readonly signed: SignedGrant; readonly offset: number },
    peer: NodeId,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    const { grants, source } = this.#options;
    using place = this.#pacer.enter(peer); // (1)
    const refusal = place === undefined ? "busy" : grants.redeem(request.signed, peer, request.offset); // (2)
    if (place === undefined || refusal !== undefined) {
      yield refuse(refusal ?? "busy");
      return;
    }
    const { repository, pack } = request.signed.grant;
    await using open = await source.openPack(repository, pack); // (3)
    if (open?.sizeBytes !== pack.sizeBytes) {
      yield refuse("pack-gone");
      return;
    }
    yield encodeFrame(packAnswerCodec, { type: "sending", bytes: pack.sizeBytes - request.offset });
    for await (const chunk of open.read(request.offset)) {
      await place.pay(chunk.length, signal); // (4)
      yield chunk;
    }
  }
}

function refuse(reason: Extract<PackAnswer, { type: "refused" }>["reason"]): Uint8Array {
  return encodeFrame(packAnswerCodec, { type: "refused", reason });
}
