/**
 * Everything of the main thread that concerns objects of other nodes, composed over a `NodeLink`.
 *
 * Starts in this order: (1) the pack channel's certificate and listener, (2) what this node gives, (3) what it fetches, (4) receipts,
 * (5) answers to others, (6) what was held when the node stopped.
 */
import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import type { ForgeState } from "@guts/ledger";
import { decode, type Height, type NodeId, type PrivateSeed, type RepositoryId } from "@guts/primitives";
import { KeyedMutex, makeDirectory, type GitEngine, type PushLimits } from "@guts/storage";
import {
  GrantBook,
  listenForPacks,
  makeChannelCertificate,
  objectsProtocol,
  PackChannel,
  packOfferProtocol,
  packRequestCodec,
  PackService,
  packStreamProtocol,
  receiptProtocol,
  transferLimits,
  type NodeLink,
  type OnTransferEnd,
  type TransferPace,
} from "@guts/transfer";
import { HeldPushes } from "./held-pushes.ts";
import type { HeldRepositories } from "./held-repositories.ts";
import { objectsRequestsMax, offerRequestsMax, receiptRequestsMax, servedRecentlyMs } from "./limits.ts";
import { ObjectCompleteness, type CompletionLogger, type FinalizedPush } from "./object-completeness.ts";
import { PackFetcher } from "./pack-fetcher.ts";
import { PackHolder, type ReplicationLedger } from "./pack-holder.ts";
import { PreparedPacks } from "./prepared-packs.ts";
import { QuorumReceipts, type ReceiptCollector } from "./receipt-collector.ts";
import { ReceiptIssuer } from "./receipt-issuer.ts";

/** What replication is composed of. */
export interface ReplicationOptions {
  readonly ledger: ReplicationLedger;
  /** The ledger's own state, which knows nothing of held repositories. */
  readonly forge: ForgeState;
  readonly git: GitEngine;
  readonly link: NodeLink;
  readonly nodeSeed: PrivateSeed;
  readonly consensusSeed: PrivateSeed;
  readonly held: HeldRepositories;
  /** A directory of its own; what is in it is removed at the start. */
  readonly directory: string;
  /** Where to listen for packs; port 0 takes any. Undefined: packs go by streams of the link only. */
  readonly listen: { readonly host: string; readonly port: number } | undefined;
  /** How others reach the listener, as `host:port`; by default where it listens. */
  readonly announce?: readonly string[];
  readonly limits: PushLimits;
  readonly pace?: TransferPace;
  readonly logger: CompletionLogger;
  readonly onComplete: (repository: RepositoryId) => void;
  /** Told of every attempt to move a pack. */
  readonly onTransfer?: OnTransferEnd;
  /** Whether a connected node answers nothing just now, as far as the network sees. */
  readonly isSilent: (nodeId: NodeId) => boolean;
  /** Nodes that announced a repository elsewhere, such as in the DHT; asked after the validators. */
  readonly findProviders?: (repository: RepositoryId, signal: AbortSignal) => Promise<readonly NodeId[]>;
}

/** The running parts. */
export interface Replication extends AsyncDisposable {
  /** For the conductor of writes. */
  readonly receipts: ReceiptCollector;
  /** For whoever follows finalized blocks. */
  readonly objects: ObjectCompleteness;
  /** Where packs are served; undefined without a listener. */
  readonly packPort: number | undefined;
  /** A block was followed: after its refs were projected, block by block. */
  onFollowed(height: Height, pushes: readonly FollowedPush[]): void;
}

/** The refs of one push that moved. */
export type FollowedPush = Pick<FinalizedPush, "repository" | "updates">;

/** Starts replication. Disposing it ends every transfer. */
export async function openReplication(options: ReplicationOptions, signal: AbortSignal): Promise<Replication> {
  await using parts = new AsyncDisposableStack();
  const { ledger, git, link, nodeSeed, consensusSeed, held, limits, logger } = options;
  rmSync(options.directory, { recursive: true, force: true });
  makeDirectory(options.directory);
  const pace = options.pace ?? transferLimits.transferPace;
  const onFailure = (err: unknown): void => logger.warn({ err }, "replication met a failure");

  const certificate = makeChannelCertificate(); // (1)
  const grants = new GrantBook({
    networkId: ledger.networkId,
    nodeId: ledger.nodeId,
    nodeSeed,
    certificate: certificate.fingerprint,
    nowMs: Date.now,
    random: (length) => new Uint8Array(randomBytes(length)),
  });
  const prepared = parts.use(new PreparedPacks(git, options.directory)); // (2)
  let addresses: readonly string[] = [];
  const holder = new PackHolder({ ledger, git, prepared, grants, addresses: () => addresses });
  const { onTransfer: onEnd = () => {} } = options;
  const service = new PackService({ grants, source: holder, pace, onEnd });
  const listener =
    options.listen === undefined
      ? undefined
      : parts.use(await listenForPacks({ ...options.listen, certificate, service, pace, onFailure }));
  if (options.listen !== undefined && listener !== undefined)
    addresses = options.announce ?? [addressOf(options.listen.host, listener.port)];

  const channel = new PackChannel({ nodeSeed, link, pace, onEnd }); // (3)
  const fetcher = new PackFetcher({ link, channel, nodeId: ledger.nodeId, directory: options.directory });
  const packLocks = new KeyedMutex<string>();
  const objects = parts.use(
    new ObjectCompleteness({
      nodeId: ledger.nodeId,
      forge: options.forge,
      git,
      held,
      fetcher,
      packLocks,
      findHolders: (repository, patience) => findHolders(options, repository, patience),
      logger,
      onComplete: options.onComplete,
    }),
  );

  const pushes = parts.use(new HeldPushes(onFailure)); // (4)
  const issuer = new ReceiptIssuer({
    ledger,
    git,
    consensusSeed,
    fetcher,
    completeness: objects,
    held: pushes,
    limits,
    packLocks,
  });
  const receipts = parts.use(
    new QuorumReceipts({
      ledger,
      link,
      holder,
      issuer,
      // Who takes bytes of a pack lives, however long its answers to pings are under way behind them.
      isSilent: (nodeId) => options.isSilent(nodeId) && !service.hasServed(nodeId, servedRecentlyMs),
      onMissing: (missing) => logger.warn(missing, "a validator did not sign a storage receipt"),
    }),
  );

  answerOthers(link, { holder, issuer, service }); // (5)
  await objects.recover(signal); // (6)
  const running = parts.move();
  return {
    receipts,
    objects,
    packPort: listener?.port,
    onFollowed: (height, followed) => {
      git.followHeight(height);
      for (const { repository, updates } of followed) pushes.onProjected(repository, updates);
      pushes.onHeight(height);
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

/** (5) What this node answers. Bytes that are no request end the request, not the node. */
function answerOthers(
  link: NodeLink,
  {
    holder,
    issuer,
    service,
  }: { readonly holder: PackHolder; readonly issuer: ReceiptIssuer; readonly service: PackService },
): void {
  const { requestBytesMax, packRequestBytesMax, transferPace } = transferLimits;
  link.onRequest(receiptProtocol, { requestBytesMax, concurrencyMax: receiptRequestsMax }, (from, body, signal) =>
    issuer.answer(from, body, signal),
  );
  link.onRequest(packOfferProtocol, { requestBytesMax, concurrencyMax: offerRequestsMax }, (from, body) =>
    holder.answerOfferRequest(from, body),
  );
  link.onRequest(objectsProtocol, { requestBytesMax, concurrencyMax: objectsRequestsMax }, (from, body, signal) =>
    holder.answerObjectsRequest(from, body, signal),
  );
  link.onStream(
    packStreamProtocol,
    { requestBytesMax: packRequestBytesMax, concurrencyMax: transferPace.transfersMax },
    (from, body, signal) => service.serve({ ...decode(packRequestCodec, body), way: "stream" }, from, signal),
  );
}

/** Validators first: placement 1 says that they hold everything. */
async function findHolders(
  { ledger, forge, findProviders, logger }: ReplicationOptions,
  repository: RepositoryId,
  signal: AbortSignal,
): Promise<readonly NodeId[]> {
  const validators = forge.network().validators.map(({ nodeId }) => nodeId);
  const providers = await findProviders?.(repository, signal).catch((err: unknown) => {
    signal.throwIfAborted();
    logger.warn({ err, repository }, "holders of a repository could not be looked up");
    return [];
  });
  // Not always the same first, so that no validator serves all who come back.
  const start = Math.floor(Math.random() * Math.max(1, validators.length));
  const rotated = [...validators.slice(start), ...validators.slice(0, start)];
  return [...new Set([...rotated, ...(providers ?? [])])].filter((node) => node !== ledger.nodeId);
}

function addressOf(host: string, port: number): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
