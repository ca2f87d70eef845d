/** What the tests of transfers share: two nodes, a link between them without a network, packs in memory. */
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PackRef } from "@guts/ledger";
import {
  nodeIdOf,
  publicKeyOf,
  toHex,
  type Digest,
  type NodeId,
  type PrivateSeed,
  type RepositoryId,
} from "@guts/primitives";
import { decode } from "@guts/primitives";
import {
  GrantBook,
  listenForPacks,
  makeChannelCertificate,
  PackChannel,
  packRequestCodec,
  PackService,
  packStreamProtocol,
  TransferError,
  transferLimits,
  type NodeLink,
  type OnTransferEnd,
  type PackListener,
  type PackOffer,
  type TransferEnd,
  type TransferPace,
} from "./index.ts";

/** The network and repository of most tests. */
export const networkId = new Uint8Array(32).fill(7) as Digest;
export const repository = 5 as RepositoryId;

/** A node's key by number. */
export function seedOf(number: number): PrivateSeed {
  return new Uint8Array(32).fill(number) as PrivateSeed;
}

/** The node of a key. */
export function nodeOf(seed: PrivateSeed): NodeId {
  return nodeIdOf(publicKeyOf(seed));
}

/** A signal that never fires. */
export function never(): AbortSignal {
  return new AbortController().signal;
}

/** A directory that is removed on dispose. */
export class Scratch implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), "guts-transfer-test-"));

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}

/** Bytes of a pack that is none, and its name. */
export function somePack(sizeBytes: number): { readonly bytes: Buffer; readonly pack: PackRef } {
  const bytes = randomBytes(sizeBytes);
  return { bytes, pack: packOf(bytes) };
}

/** The name of these bytes. */
export function packOf(bytes: Uint8Array): PackRef {
  return { sha256: Uint8Array.from(createHash("sha256").update(bytes).digest()), sizeBytes: bytes.length };
}

/** What a test changes of an ordinary holder. */
export interface HolderOptions {
  readonly pace?: Partial<TransferPace>;
  readonly nowMs?: () => number;
  /** What it reads instead of the pack's own bytes. */
  readonly read?: (bytes: Uint8Array, offset: number) => AsyncIterable<Uint8Array>;
}

/** A node that gives packs over TLS on loopback, and over a link. */
export class Holder implements AsyncDisposable {
  readonly seed = seedOf(1);
  readonly packs = new Map<string, Uint8Array>();
  readonly grants: GrantBook;
  readonly service: PackService;
  /** Transfers that this node gave. */
  readonly ends: readonly TransferEnd[];
  readonly #listener: PackListener;

  private constructor(parts: {
    grants: GrantBook;
    service: PackService;
    listener: PackListener;
    packs: Map<string, Uint8Array>;
    ends: readonly TransferEnd[];
  }) {
    this.grants = parts.grants;
    this.service = parts.service;
    this.#listener = parts.listener;
    this.packs = parts.packs;
    this.ends = parts.ends;
  }

  static async open(options: HolderOptions = {}): Promise<Holder> {
    const certificate = makeChannelCertificate();
    const nodeSeed = seedOf(1);
    const packs = new Map<string, Uint8Array>();
    const grants = new GrantBook({
      networkId,
      nodeId: nodeOf(nodeSeed),
      nodeSeed,
      certificate: certificate.fingerprint,
      nowMs: options.nowMs ?? Date.now,
      random: (length) => new Uint8Array(randomBytes(length)),
    });
    const pace = { ...transferLimits.transferPace, ...options.pace };
    const read = options.read ?? inPieces;
    const openPack = async (_repository: RepositoryId, pack: PackRef) => {
      const bytes = packs.get(toHex(pack.sha256));
      if (bytes === undefined) return undefined;
      const none = async (): Promise<void> => {};
      return { sizeBytes: bytes.length, read: (offset: number) => read(bytes, offset), [Symbol.asyncDispose]: none };
    };
    const ends: TransferEnd[] = [];
    const service = new PackService({ grants, source: { openPack }, pace, onEnd: (end) => ends.push(end) });
    const listener = await listenForPacks({
      host: "127.0.0.1",
      port: 0,
      certificate,
      service,
      pace,
      onFailure: (failure) => {
        if (!(failure instanceof TransferError)) throw failure;
      },
    });
    return new Holder({ grants, service, listener, packs, ends });
  }

  get address(): string {
    return `127.0.0.1:${this.#listener.port}`;
  }

  /** Makes a pack that is here. */
  add(sizeBytes: number): { readonly bytes: Buffer; readonly pack: PackRef } {
    const made = somePack(sizeBytes);
    this.packs.set(toHex(made.pack.sha256), made.bytes);
    return made;
  }

  offer(pack: PackRef, offset = 0, peer = nodeOf(seedOf(2)), addresses = [this.address]): PackOffer {
    return { signed: this.grants.issue({ peer, repository, pack, offset }), addresses };
  }

  /** The link by which `from` reaches this holder. */
  linkFrom(from: NodeId): Pick<NodeLink, "openStream"> {
    return {
      openStream: (_to, protocol, body, { signal }) => {
        if (protocol !== packStreamProtocol) throw new RangeError(`no protocol ${protocol}`);
        return this.service.serve({ ...decode(packRequestCodec, body), way: "stream" }, from, signal);
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listener[Symbol.asyncDispose]();
  }
}

/** Who fetches: the channel of the second node. */
export function channelTo(
  holder: Holder,
  options: { seed?: PrivateSeed; pace?: Partial<TransferPace>; onEnd?: OnTransferEnd } = {},
): PackChannel {
  const seed = options.seed ?? seedOf(2);
  return new PackChannel({
    nodeSeed: seed,
    link: holder.linkFrom(nodeOf(seed)),
    pace: { ...transferLimits.transferPace, ...options.pace },
    ...(options.onEnd === undefined ? {} : { onEnd: options.onEnd }),
  });
}

/** Bytes in pieces from an offset on. */
export async function* inPieces(bytes: Uint8Array, offset = 0, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = offset; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

/** Everything that a source yields. */
export async function collect(source: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of source) chunks.push(chunk);
  return Buffer.concat(chunks);
}
