/**
 * git's smart HTTP protocol, gitprotocol-http(5), at `/OWNER/REPO.git` and `/OWNER/REPO`.
 *
 * Errors are plain text, which git shows its user line by line behind `remote: `. The service that the route names
 * decides what is authorised, never what the client claims.
 */
import type { IncomingMessage, ServerResponse } from "node:http";
import { Readable } from "node:stream";

import {
  advertiseReceivePack,
  encodeErrorLine,
  encodeServicePrelude,
  GitWireError,
  parseProtocolVersion,
  PktLineReader,
  wireLimits,
  type GitService,
} from "@guts/git";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";

import { anonymous, type Actor, type SignedInActor } from "../auth/actor.ts";
import type { Authenticator } from "../auth/authenticate.ts";
import { Refusal } from "../errors.ts";
import { clientSignal } from "../http/client-signal.ts";
import { answerOf } from "../http/error-funnel.ts";
import { againWords, rateHeaders, type RateLimiter } from "../http/rate-limiter.ts";
import type { Metrics } from "../http/metrics.ts";
import type { Gate } from "../http/gate.ts";
import type { GitLimits } from "../limits.ts";
import type { GitGates } from "./git-gates.ts";
import type { AccessWatch } from "./access-watch.ts";
import { decideGitAccess } from "./git-access.ts";
import { notFetchedWords, tooOftenWords } from "./words.ts";
import { PushResponse } from "./push-response.ts";
import { parsePush, receivePush, refusedReport, type Push, type ReceivePackServices } from "./receive-pack.ts";
import { hostnameOf, pushNonce } from "./signed-push.ts";
import { drain, openBody, readBody, waitsForContinue } from "./request-body.ts";
import { watchFetch } from "./watched-fetch.ts";
import { answerUploadPack, answerUploadPackRefs, type OpenRepository, type UploadPackServices } from "./upload-pack.ts";
import type { Clock } from "../ports/index.ts";
import type { LocatedRepository } from "../use-cases/find-repository.ts";

export interface GitRouteOptions extends ReceivePackServices {
  readonly authenticator: Authenticator;
  readonly rateLimiter: RateLimiter;
  readonly clock: Clock;
  readonly gates: GitGates;
  readonly accessWatch: AccessWatch;
  readonly metrics: Metrics;
  readonly publicUrl: string | undefined;
  readonly agent: string;
  readonly limits: GitLimits;
}

interface GitParams {
  readonly owner: string;
  readonly repo: string;
}

type GitHttpRequest = FastifyRequest<{ Params: GitParams; Querystring: { readonly service?: string } }>;

/** Bytes of an answer that is joined before it is sent. */
const joinedBytesMax = 1024 * 1024;
/** Bytes of a refused push that are still read, so that its client can read the answer. */
const refusedPackBytesMax = 256 * 1024 * 1024;
/** The same for somebody who may not push at all; git sends its pack only after it has been let in. */
const refusedRequestBytesMax = 1024 * 1024;
/** Longest that they are read. */
const drainTimeoutMs = 10_000;

/** A request with its answer. */
interface Exchange {
  readonly request: GitHttpRequest;
  readonly reply: FastifyReply;
}

/** Registers the routes. Call it in an encapsulated context: bodies are streams here. */
export function registerGitRoutes(app: FastifyInstance, options: GitRouteOptions): void {
  // Without this listener Node says 100 Continue by itself, and a push that is refused was sent all the same.
  app.server.on("checkContinue", (request: IncomingMessage, response: ServerResponse) => {
    if (!isPackRequest(request)) response.writeContinue();
    app.server.emit("request", request, response);
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", (_request, _payload, done) => done(null));
  app.setErrorHandler((error, request, reply) => sendGitError(error, request, reply));
  const door = new GitDoor(options);
  app.get("/:owner/:repo/info/refs", (request, reply) => door.infoRefs(request as GitHttpRequest, reply));
  app.post("/:owner/:repo/git-upload-pack", (request, reply) => door.uploadPack(request as GitHttpRequest, reply));
  app.post("/:owner/:repo/git-receive-pack", (request, reply) => door.receivePack(request as GitHttpRequest, reply));
}

function isPackRequest({ url = "" }: IncomingMessage): boolean {
  return /\/git-(upload|receive)-pack(\?|$)/.test(url);
}

class GitDoor {
  readonly #options: GitRouteOptions;
  readonly #services: UploadPackServices;
  readonly #uploads: Gate;
  readonly #pushes: Gate;

  constructor(options: GitRouteOptions) {
    this.#options = options;
    this.#services = { git: options.git, agent: options.agent, refs: options.refs };
    this.#uploads = options.gates.uploads;
    this.#pushes = options.gates.pushes;
  }

  async infoRefs(request: GitHttpRequest, reply: FastifyReply): Promise<FastifyReply> {
    const service = serviceOf(request.query.service);
    if (service === undefined) return plain(reply, 403, "This server speaks git's smart HTTP protocol only.");
    const opened = await this.#open(request, reply, service);
    if ("refuse" in opened) return opened.refuse(reply);
    const { located } = opened;
    if (located.isFormerName)
      return reply
        .code(301)
        .header("location", `${this.#baseUrl(request)}/${located.fullName}.git/info/refs?service=${service}`)
        .send();
    const open = this.#openRepository(request, reply, located);
    if (service === "git-upload-pack")
      return send(reply, `${service}-advertisement`, await answerUploadPackRefs(this.#services, open));
    const refs = await this.#services.refs.advertisement(open.state, open.repository, open.signal);
    const version = open.protocol === 1 ? 1 : 0;
    const nonce = pushNonce(this.#options, located.repository.id);
    const lines = advertiseReceivePack(refs, { version, agent: this.#options.agent, pushNonce: nonce });
    return send(reply, `${service}-advertisement`, [...encodeServicePrelude(service), ...lines]);
  }

  async uploadPack(request: GitHttpRequest, reply: FastifyReply): Promise<FastifyReply> {
    const opened = await this.#open(request, reply, "git-upload-pack");
    if ("refuse" in opened) return opened.refuse(reply);
    if (!isOfType(request, "git-upload-pack")) return plain(reply, 415, "This is no request of git's fetch.");
    if (waitsForContinue(request.raw)) reply.raw.writeContinue();
    const open = this.#openRepository(request, reply, opened.located);
    const body = await readBody(request.raw, {
      bytesMax: wireLimits.uploadPackRequestBytesMax,
      timeoutMs: this.#options.limits.requestTimeoutMs,
    });
    const type = "git-upload-pack-result";
    try {
      const answer = await answerUploadPack(this.#services, open, body);
      if (answer.type === "ready") {
        const compressed = takesGzip(request) ? answer.kept?.compressed() : undefined;
        if (compressed === undefined) return send(reply, type, answer.chunks);
        return send(reply.header("content-encoding", "gzip"), type, [compressed]);
      }
      const place = await this.#uploads.enter(open.signal, clientOf(request, opened.actor));
      // A generator that nobody starts runs no `finally`, so the place is given back with the connection too.
      if (reply.raw.destroyed) place[Symbol.dispose]();
      else reply.raw.once("close", () => place[Symbol.dispose]());
      const signal = AbortSignal.any([open.signal, watchFetch(this.#options, opened, reply)]);
      return stream(reply, type, this.#counted(answer.serve(signal), place, signal));
    } catch (error) {
      if (!(error instanceof GitWireError)) throw error;
      return send(reply, type, [encodeErrorLine(`upload-pack: ${error.message}`)]);
    }
  }

  async receivePack(request: GitHttpRequest, reply: FastifyReply): Promise<FastifyReply> {
    const opened = await this.#open(request, reply, "git-receive-pack");
    if ("refuse" in opened) {
      if (!waitsForContinue(request.raw)) await this.#drain(request, reply, refusedRequestBytesMax);
      return opened.refuse(reply);
    }
    if (!isOfType(request, "git-receive-pack")) return plain(reply, 415, "This is no request of git's push.");
    if (waitsForContinue(request.raw)) reply.raw.writeContinue();
    const { located } = opened;
    const actor = opened.actor as SignedInActor;
    const signal = clientSignal(reply, this.#options.limits.receiveTimeoutMs);
    const reader = new PktLineReader(openBody(request.raw));
    const push = await parsePush(reader, located, signal);
    const type = "git-receive-pack-result";
    if (push.updates.length + push.refused.length === 0) return send(reply, type, []);
    const response = new PushResponse(push.features);
    void this.#push(
      {
        request: push,
        reader,
        located,
        actor,
        signal,
        baseUrl: this.#baseUrl(request),
        hostnames: this.#hostnames(request),
      },
      { request, reply },
      response,
    );
    return stream(reply, type, response);
  }

  /** Runs the push beside its answer. Never rejects: what goes wrong is reported on the answer. */
  async #push(push: Push, { request, reply }: Exchange, response: PushResponse): Promise<void> {
    const { metrics } = this.#options;
    const onEnd = (): void => response.open();
    request.raw.once("end", onEnd);
    if (request.raw.readableEnded) onEnd();
    metrics.gitActive.inc({ service: "receive-pack" });
    try {
      const report = await this.#pushes.run(
        push.signal,
        () => receivePush(this.#options, push, response),
        clientOf(request, push.actor),
      );
      const isRefused = report.refs.some(({ status }) => status === "ng");
      metrics.gitOperations.inc({ service: "receive-pack", outcome: isRefused ? "refused" : "ok" });
      await this.#drain(request, reply, refusedPackBytesMax);
      response.finish(report);
    } catch (error) {
      metrics.gitOperations.inc({ service: "receive-pack", outcome: "failed" });
      const hasTakenTooLong = (error as Error).name === "TimeoutError";
      if (push.signal.aborted && !hasTakenTooLong) return response.abort(error);
      await this.#drain(request, reply, refusedPackBytesMax);
      if (hasTakenTooLong) return response.finish(refusedReport(push.request, tooSlow()));
      if (!(error instanceof Refusal)) request.log.error({ err: error }, "push failed");
      const refusal = error instanceof Refusal ? error : failure(request);
      response.finish(refusedReport(push.request, refusal));
    } finally {
      metrics.gitActive.dec({ service: "receive-pack" });
    }
  }

  /** Reads what a client still sends, so that it can read the answer; one that sends too much is cut off after it. */
  async #drain(request: GitHttpRequest, reply: FastifyReply, bytesMax: number): Promise<void> {
    const isAtEnd = await drain(request.raw, { bytesMax, timeoutMs: drainTimeoutMs }).catch(() => false);
    if (!isAtEnd) reply.raw.once("finish", () => request.raw.destroy());
  }

  async #open(
    request: GitHttpRequest,
    reply: FastifyReply,
    service: GitService,
  ): Promise<{ located: LocatedRepository; actor: Actor } | { refuse: (reply: FastifyReply) => FastifyReply }> {
    const { authenticator, ledger } = this.#options;
    const { authorization } = request.headers;
    let actor: Actor;
    try {
      // A cookie does not count: git has none, and a page must not be able to push in its visitor's name.
      actor = authenticator.authenticate({ authorization, cookie: undefined });
    } catch (error) {
      const tooMany = this.#refuseFlood(request, anonymous);
      if (tooMany === undefined && error instanceof Refusal && error.code === "forbidden")
        return { refuse: (reply) => plain(reply, 403, error.message) };
      if (tooMany !== undefined) return tooMany;
      const signal = clientSignal(reply, this.#options.limits.requestTimeoutMs);
      const words = wordsOfBadToken(await authenticator.explain(error, authorization, signal));
      return { refuse: (reply) => challenge(reply, words) };
    }
    const tooMany = this.#refuseFlood(request, actor);
    if (tooMany !== undefined) return tooMany;
    const { owner, repo } = request.params;
    const name = repo.endsWith(".git") ? repo.slice(0, -".git".length) : repo;
    const access = decideGitAccess(ledger.state(), { service, owner, name, actor, baseUrl: this.#baseUrl(request) });
    if (access.access === "open") {
      const { repository, fullName } = access.located;
      if (ledger.completeness(repository.id) !== "absent") return { located: access.located, actor };
      return { refuse: (reply) => plain(reply.header("retry-after", "2"), 503, notFetchedWords(fullName)) };
    }
    if (access.access === "challenge") return { refuse: (reply) => challenge(reply, access.words) };
    return { refuse: (reply) => plain(reply, access.access === "absent" ? 404 : 403, access.words) };
  }

  /** Counts the request; a caller who has none left is told until when. */
  #refuseFlood(
    request: GitHttpRequest,
    actor: Actor,
  ): { readonly refuse: (reply: FastifyReply) => FastifyReply } | undefined {
    const { rateLimiter, clock } = this.#options;
    const caller = { account: actor.account?.id, address: request.ip };
    if (rateLimiter.take("git", caller) !== undefined) return undefined;
    const status = rateLimiter.peek("git", caller);
    const waitSeconds = Math.max(1, Math.ceil(status.resetSeconds - clock.nowMs() / 1000));
    const headers = { ...rateHeaders(status), "retry-after": String(waitSeconds) };
    const words = tooOftenWords(status.limit, againWords(status.resetSeconds));
    return { refuse: (reply) => plain(reply.headers(headers), 429, words) };
  }

  #openRepository(request: GitHttpRequest, reply: FastifyReply, { repository }: LocatedRepository): OpenRepository {
    const header = request.headers["git-protocol"];
    const protocol = parseProtocolVersion(typeof header === "string" ? header : undefined);
    const signal = clientSignal(reply, this.#options.limits.uploadTimeoutMs);
    return { state: this.#options.ledger.state(), repository, protocol, signal };
  }

  /** Passes the chunks on, and counts the fetch as running until the last one or until the client leaves. */
  async *#counted(
    chunks: AsyncIterable<Uint8Array>,
    place: Disposable,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array, undefined> {
    const { metrics } = this.#options;
    metrics.gitActive.inc({ service: "upload-pack" });
    let outcome = "cancelled";
    try {
      yield* chunks;
      outcome = "ok";
    } catch (error) {
      // Whoever leaves ends git by the signal or the loop by itself, whichever comes first.
      const hasLeft = signal.aborted && (error as Error).name !== "TimeoutError";
      if (!hasLeft) outcome = "failed";
      throw error;
    } finally {
      place[Symbol.dispose]();
      metrics.gitActive.dec({ service: "upload-pack" });
      metrics.gitOperations.inc({ service: "upload-pack", outcome });
    }
  }

  /** Where the client may have come: the host that it asked for, and the one that the node goes by. */
  #hostnames(request: FastifyRequest): readonly string[] {
    return [request.host, new URL(this.#baseUrl(request)).host].map(hostnameOf);
  }

  #baseUrl(request: FastifyRequest): string {
    return this.#options.publicUrl ?? `${request.protocol}://${request.host}`;
  }
}

/** What a git client reads that came with a token which is taken no more. */
function wordsOfBadToken(error: unknown): string {
  const isKnown = error instanceof Refusal && error.data.reason !== undefined;
  return isKnown ? error.message.replace(/^Bad credentials\. /, "") : "The token is wrong, expired or revoked.";
}

function failure(request: FastifyRequest): Refusal {
  return new Refusal(
    "busy",
    `Something went wrong on this node. The operator can find it by the request id ${request.id}.`,
  );
}

function tooSlow(): Refusal {
  return new Refusal(
    "timeout",
    "the push took longer than this node allows; push less at once, or over a faster connection",
  );
}

/** A form in a browser cannot send git's content types, so a page elsewhere cannot make its visitor push. */
function isOfType({ headers }: GitHttpRequest, service: GitService): boolean {
  return headers["content-type"] === `application/x-${service}-request`;
}

function serviceOf(name: string | undefined): GitService | undefined {
  return name === "git-upload-pack" || name === "git-receive-pack" ? name : undefined;
}

function clientOf(request: FastifyRequest, actor: { readonly account: { readonly id: number } | undefined }): string {
  return actor.account === undefined ? request.ip : `account ${actor.account.id}`;
}

const noCache = { "cache-control": "no-cache, max-age=0, must-revalidate", pragma: "no-cache", expires: "0" };

/** Answers that are ready go out in one piece, unless copying them together would cost more than it saves. */
/** git asks for gzip in every request, and its curl decompresses. Caches keep nothing of git's routes, so none needs `Vary`. */
function takesGzip({ headers }: GitHttpRequest): boolean {
  return /(^|[\s,])gzip\s*(,|$)/i.test(headers["accept-encoding"] ?? "");
}

function send(reply: FastifyReply, type: string, chunks: readonly Uint8Array[]): FastifyReply {
  const length = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
  if (chunks.length > 1 && length > joinedBytesMax) return stream(reply, type, chunks);
  const [only] = chunks;
  const body = chunks.length === 1 && only instanceof Buffer ? only : Buffer.concat(chunks, length);
  return reply.headers(noCache).type(`application/x-${type}`).send(body);
}

function stream(
  reply: FastifyReply,
  type: string,
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): FastifyReply {
  return reply
    .headers(noCache)
    .type(`application/x-${type}`)
    .send(Readable.from(chunks, { objectMode: false }));
}

function plain(reply: FastifyReply, status: number, words: string): FastifyReply {
  return reply.code(status).headers(noCache).type("text/plain; charset=utf-8").send(`${words}\n`);
}

function challenge(reply: FastifyReply, words: string): FastifyReply {
  return plain(reply.header("www-authenticate", 'Basic realm="Guts", charset="UTF-8"'), 401, words);
}

function sendGitError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof GitWireError) return plain(reply, 400, `The request is not git's protocol: ${error.message}`);
  const { status, body, headers } = answerOf(error, request.id);
  if (status >= 500 && !(error instanceof Refusal)) request.log.error({ err: error }, "git request failed");
  // What is left of the body stays unread, so the connection cannot be used again.
  if (status === 413) void reply.header("connection", "close");
  const id = status === 500 ? ` (${request.id})` : "";
  return plain(reply.headers(headers), status, body.message + id);
}
