import { fastify, LogController, type FastifyInstance } from "fastify";
import type { LedgerEvent } from "@guts/ledger";
import type { PrivateSeed } from "@guts/primitives";
import type { Logger } from "pino";

import { createPasswordHasher } from "./auth/password.ts";
import { createChallenges } from "./auth/challenges.ts";
import { createDeviceCodes } from "./auth/device-codes.ts";
import { createAuthenticator } from "./auth/authenticate.ts";
import { createSignInThrottle } from "./auth/sign-in-throttle.ts";
import { sessionCookieName } from "./auth/session-cookie.ts";
import type { RandomBytes } from "./auth/token.ts";
import { AccessWatch } from "./git/access-watch.ts";
import { createGitGates } from "./git/git-gates.ts";
import { registerGitRoutes } from "./git/git-routes.ts";
import { registerAvatarRoutes } from "./http/avatar.ts";
import { registerApiRoutes } from "./http/api-routes.ts";
import { registerDeviceRoutes } from "./http/device-routes.ts";
import { installBodyParser } from "./http/body-parser.ts";
import { installErrorFunnel, sendError } from "./http/error-funnel.ts";
import { installConditionalReads } from "./http/etag.ts";
import { pathOf } from "./http/logger.ts";
import { addGauge, createMetrics, installRequestMetrics, type Metrics } from "./http/metrics.ts";
import { addNetworkMetrics, measureWrites } from "./http/network-metrics.ts";
import { createRateLimiter } from "./http/rate-limiter.ts";
import { addTransferMetrics } from "./http/transfer-metrics.ts";
import { createRequestIds } from "./http/request-ids.ts";
import { installReadDeadline } from "./http/read-deadline.ts";
import { installSecurityHeaders } from "./http/security-headers.ts";
import { registerSystemRoutes } from "./http/system-routes.ts";
import { registerWebClient } from "./http/web-client.ts";
import { gitLimits, requestLimits, serverLimits, type GitLimits, type RequestLimits } from "./limits.ts";
import type {
  ChainReader,
  Clock,
  GitEngine,
  Ledger,
  NetworkView,
  PackTransfer,
  PartProbe,
  PrivateStore,
  ReadModel,
  Transactions,
} from "./ports/index.ts";
import { createRenderer } from "./render/renderer.ts";
import { createHandlers } from "./rest/handlers.ts";
import { registerAccountKeysRoute } from "./rest/account-keys-route.ts";
import { registerArchiveRoutes } from "./rest/archive-routes.ts";
import { registerPatchRoutes } from "./rest/patch-routes.ts";
import { registerRawRoutes } from "./rest/raw-routes.ts";
import type { Services } from "./services.ts";
import { CommitCounts } from "./use-cases/commit-counts.ts";
import type { PublicHostKey } from "./ssh/host-key.ts";
import { openSshDoor, type SshDoor, type SshDoorOptions } from "./ssh/ssh-door.ts";
import type { SshAddress } from "./use-cases/ssh-address.ts";
import { Blames } from "./use-cases/blame.ts";
import { Relations } from "./use-cases/compare.ts";
import { CommitSignatures } from "./signatures/commit-signatures.ts";
import { Mergeability } from "./use-cases/mergeability.ts";
import { createReachability } from "./use-cases/reachability.ts";
import { createRefCache, type RefCache } from "./use-cases/ref-cache.ts";
import { askLedgerRules, type EarlyRefPolicy } from "./use-cases/ref-policy.ts";

/** What a server is made of. Everything it decides with is passed in; it keeps caches only. */
export interface ServerOptions {
  readonly ledger: Ledger;
  readonly chain: ChainReader;
  readonly transactions: Transactions;
  readonly readModel: ReadModel;
  readonly privateStore: PrivateStore;
  readonly git: GitEngine;
  readonly network: NetworkView;
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly logger: Logger;
  /** Parts whose states make up the node's readiness. */
  readonly parts: readonly PartProbe[];
  /** The software's version, such as `0.1.0`. */
  readonly version: string;
  /** Where people reach this node, without a slash at the end; by default what each request says. */
  readonly publicUrl?: string;
  /** Bounds of git over HTTP that differ from `gitLimits`. */
  readonly gitLimits?: Partial<GitLimits>;
  /** How many requests callers may make, where that differs from `requestLimits`. */
  readonly requestLimits?: Partial<RequestLimits>;
  /** Folder of the built web client. */
  readonly webRoot?: string;
  /** Whether a proxy in front sets `X-Forwarded-*`; trusted only then. */
  readonly trustProxy?: boolean;
  /** Whether other machines may read `/metrics`. */
  readonly areMetricsOpen?: boolean;
  /** What is asked of ref updates before the ledger decides on them; its own rules unless a test composes a node that lies. */
  readonly earlyRefPolicy?: EarlyRefPolicy;
  /** Where people reach git over SSH; absent when that door stays closed. */
  readonly sshAddress?: SshAddress | undefined;
  /** The key that the SSH door shows; absent when it stays closed. */
  readonly sshHostKey?: PublicHostKey | undefined;
  /** Checks every answer against its declared schema, for tests. */
  readonly checkResponses?: boolean;
}

/** Where the SSH door listens, and how people reach it. */
export interface SshPlace {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  readonly address: SshAddress;
}

/** The doors of one node. */
export interface Server extends AsyncDisposable {
  /** Exposed for tests, which send requests without a socket. */
  readonly app: FastifyInstance;
  /** Starts to listen; port 0 takes a free one. Returns the URL. Throws what `listen(2)` says. */
  listen(options: { readonly host: string; readonly port: number }): Promise<string>;
  /** Opens the SSH door; dispose it before the server. Throws what `listen(2)` says. */
  openSshDoor(at: SshPlace, hostKeySeed: PrivateSeed): Promise<SshDoor>;
  /** Keeps caches in step with a block: all its events, in their order. Whoever reads meanwhile rebuilds what they need. */
  follow(events: readonly LedgerEvent[]): void;
  /** Counts an attempt to move a pack between nodes. */
  countTransfer(transfer: PackTransfer): void;
}

/** Composes the doors. */
export async function createServer(options: ServerOptions): Promise<Server> {
  const { logger, ledger, clock, git } = options;
  const metrics = createServerMetrics(options);
  const transactions = measureWrites(metrics, options.transactions);
  const app = createApp(options);
  installSecurityHeaders(app);
  installRequestMetrics(app, metrics);
  installErrorFunnel(app);
  installReadDeadline(app);
  installConditionalReads(app);
  const cookieName = sessionCookieName(ledger.nodeId);
  const { privateStore, readModel } = options;
  const authenticator = createAuthenticator({ ledger, privateStore, readModel, clock, cookieName });
  const renderer = createRenderer({
    onFailure: (reason, detail) => logger.warn({ reason, detail: pathOf(detail) }, "a file was shown plain"),
  });
  app.addHook("onClose", () => renderer[Symbol.asyncDispose]());
  const publicUrl = options.publicUrl?.replace(/\/+$/, "");
  const agent = `guts/${options.version}`;
  const refs = createRefCache(git);
  const guards = createGuards(options);
  const { earlyRefPolicy = askLedgerRules } = options;
  const services: Services = {
    ...options,
    sshAddress: options.sshAddress,
    sshHostKey: options.sshHostKey,
    transactions,
    authenticator,
    renderer,
    metrics,
    cookieName,
    refs,
    earlyRefPolicy,
    ...keepAnswers(options, refs),
    ...guards,
    startedAtMs: clock.nowMs(),
  };
  const limits = { ...gitLimits, ...options.gitLimits };
  const gitDoors = { gates: createGitGates(limits), accessWatch: new AccessWatch(ledger) };
  const gitServices = { ...options, ...services, ...gitDoors, publicUrl, agent, limits };
  await app.register(async (scope) => {
    installBodyParser(scope);
    const handlers = createHandlers(services);
    registerApiRoutes(scope, {
      handlers,
      authenticator,
      rateLimiter: guards.rateLimiter,
      clock,
      ledger,
      cookieName,
      publicUrl,
      checkResponses: options.checkResponses ?? false,
    });
    const { parts, version, areMetricsOpen = false } = options;
    registerSystemRoutes(scope, { parts, metrics, version, publicUrl, areMetricsOpen });
    registerAvatarRoutes(scope, services);
    registerAccountKeysRoute(scope, services);
    registerFileRoutes(scope, services);
    await registerWebClient(scope, { webRoot: options.webRoot, ledger, authenticator });
  });
  await app.register((scope, _options, done) => {
    registerDeviceRoutes(scope, { ...services, publicUrl });
    done();
  });
  await app.register((scope, _options, done) => {
    registerGitRoutes(scope, gitServices);
    done();
  });
  await app.ready();
  return {
    app,
    listen: (at) => app.listen(at),
    openSshDoor: (at, hostKeySeed) => openSsh(gitServices, at, hostKeySeed),
    follow: (events) => refs.follow(ledger.state(), events),
    countTransfer: addTransferMetrics(metrics),
    [Symbol.asyncDispose]: () => app.close(),
  };
}

/** What is kept of answers that cost git or a key's examination. */
function keepAnswers(
  { git, ledger, clock }: Pick<ServerOptions, "git" | "ledger" | "clock">,
  refs: RefCache,
): Pick<Services, "reachability" | "commitCounts" | "relations" | "mergeability" | "blames" | "signatures"> {
  return {
    reachability: createReachability(git, refs),
    commitCounts: new CommitCounts(git),
    relations: new Relations(git),
    mergeability: new Mergeability(git),
    blames: new Blames(git),
    signatures: new CommitSignatures({ ledger, clock }),
  };
}

/** Files, changes and archives as they are, for browsers and curl. */
function registerFileRoutes(scope: FastifyInstance, services: Services): void {
  registerRawRoutes(scope, services);
  registerPatchRoutes(scope, services);
  registerArchiveRoutes(scope, services);
}

function createServerMetrics(options: ServerOptions): Metrics {
  const { ledger } = options;
  const metrics = createMetrics();
  addGauge(metrics, "guts_height", "Height of the newest applied block", () => ledger.height());
  addGauge(
    metrics,
    "guts_read_model_lag",
    "Blocks that lists are behind",
    () => ledger.height() - (options.readModel.cursor()?.height ?? 0),
  );
  addNetworkMetrics(metrics, ledger, options.network);
  return metrics;
}

/** What stands between the doors and whoever tries them too often, or without proof of who they are. */
function createGuards({ clock, random, requestLimits: chosen }: ServerOptions) {
  const nowMs = (): number => clock.nowMs();
  return {
    hasher: createPasswordHasher(),
    rateLimiter: createRateLimiter({ ...requestLimits, ...chosen }, nowMs),
    challenges: createChallenges(nowMs, random),
    devices: createDeviceCodes(nowMs, random),
    throttle: createSignInThrottle(nowMs),
  };
}

type SshParts = Omit<SshDoorOptions, "webUrl" | "hostKeySeed" | "sshAddress" | "software"> & {
  readonly publicUrl: string | undefined;
};

function openSsh(parts: SshParts, at: SshPlace, hostKeySeed: PrivateSeed): Promise<SshDoor> {
  const webUrl = parts.publicUrl ?? `http://${at.host}`;
  const logger = parts.logger.child({ component: "ssh" });
  const software = parts.agent.replace("/", "_");
  return openSshDoor({ ...parts, logger, webUrl, hostKeySeed, sshAddress: at.address, software }, at);
}

function createApp({ logger, random, trustProxy }: ServerOptions): FastifyInstance {
  const app = fastify({
    loggerInstance: logger.child({ component: "server" }),
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: createRequestIds(random),
    trustProxy: trustProxy ?? false,
    connectionTimeout: serverLimits.idleTimeoutMs,
    keepAliveTimeout: serverLimits.idleTimeoutMs,
    requestTimeout: 0,
    return503OnClosing: false,
    forceCloseConnections: "idle",
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: serverLimits.pathParameterLengthMax },
    http: { maxHeaderSize: serverLimits.headerBytesMax, headersTimeout: serverLimits.headersTimeoutMs },
    frameworkErrors: (error, request, reply) => void sendError(error, request, reply),
  }) as unknown as FastifyInstance;
  app.server.maxConnections = serverLimits.connectionCountMax;
  app.addHook("onRequest", (request, reply, done) => {
    void reply.header("x-request-id", request.id);
    done();
  });
  app.addHook("onResponse", (request, reply, done) => {
    const { method, id, url, ip } = request;
    const fields = { reqId: id, method, path: pathOf(url), status: reply.statusCode, address: ip };
    request.log.debug({ ...fields, durationMs: Math.round(reply.elapsedTime) }, "request answered");
    done();
  });
  return app;
}
