/**
 * The server side of fetch over HTTP, gitprotocol-http(5).
 *
 * Refs are answered in process. A pack is made by git, for a request that was parsed and checked here: every object that
 * a client wants must be one that its refs reach, since git itself serves any object that exists by its id (v2).
 */
import { createHash } from "node:crypto";

import {
  advertiseUploadPack,
  decodeProtocolV2Request,
  decodeUploadPackRequest,
  defaultFetchFeatures,
  encodeCapabilityAdvertisement,
  encodeErrorLine,
  encodeFetchRequest,
  encodeServicePrelude,
  encodeUploadPackRequest,
  type FetchRequest,
  type ProtocolVersion,
} from "@guts/git";
import type { ForgeState, Repository } from "@guts/ledger";

import type { GitEngine } from "../ports/index.ts";
import type { KeptAnswer } from "../use-cases/kept-answer.ts";
import type { RefCache } from "../use-cases/ref-cache.ts";

/** What serving fetches needs. */
export interface UploadPackServices {
  readonly git: GitEngine;
  readonly refs: RefCache;
  /** Software and version, as `guts/1.0`. */
  readonly agent: string;
}

/** A repository at one state, which the client may read. */
export interface OpenRepository {
  readonly state: ForgeState;
  readonly repository: Repository;
  readonly protocol: ProtocolVersion;
  readonly signal: AbortSignal;
}

/** The body of the answer to `GET info/refs?service=git-upload-pack`. */
export async function answerUploadPackRefs(
  { refs: cache, agent }: UploadPackServices,
  { state, repository, protocol, signal }: OpenRepository,
): Promise<readonly Uint8Array[]> {
  const features = defaultFetchFeatures;
  if (protocol === 2)
    return [encodeCapabilityAdvertisement({ agent, features, objectFormat: repository.objectFormat })];
  const refs = await cache.advertisement(state, repository, signal);
  const options = { version: protocol, agent, features, isStateless: true };
  return [...encodeServicePrelude("git-upload-pack"), ...advertiseUploadPack(refs, options)];
}

/** What a request of fetch turns out to be: an answer that is ready, perhaps one that is kept for others too, or work for git. */
export type UploadPackAnswer =
  | { readonly type: "ready"; readonly chunks: readonly Uint8Array[]; readonly kept?: KeptAnswer }
  | { readonly type: "pack"; readonly serve: (signal: AbortSignal) => AsyncIterable<Uint8Array> };

/** Answers `POST git-upload-pack`. Throws `GitWireError` for a body that is not the protocol. */
export async function answerUploadPack(
  services: UploadPackServices,
  open: OpenRepository,
  body: Uint8Array,
): Promise<UploadPackAnswer> {
  const { objectFormat } = open.repository;
  if (open.protocol !== 2) {
    const request = decodeUploadPackRequest(body, objectFormat);
    if (request.wants.length === 0) return { type: "ready", chunks: [] };
    return fetchPack(services, open, { request, body: encodeUploadPackRequest(request) });
  }
  const request = decodeProtocolV2Request(body, { objectFormat, features: defaultFetchFeatures });
  if (request.command === "none") return { type: "ready", chunks: [] };
  if (request.command === "ls-refs") {
    const question = { lsRefs: request.lsRefs, bytes: body };
    const answer = await services.refs.answerLsRefs(open.state, open.repository, question, open.signal);
    return { type: "ready", chunks: [answer.plain], kept: answer };
  }
  const canonical = encodeFetchRequest(request.fetch, objectFormat);
  return fetchPack(services, open, { request: request.fetch, body: canonical });
}

async function fetchPack(
  { git, refs }: UploadPackServices,
  { state, repository, protocol, signal }: OpenRepository,
  { request, body }: { readonly request: FetchRequest; readonly body: Uint8Array },
): Promise<UploadPackAnswer> {
  const tips = refs.tips(state, repository);
  const others = request.wants.filter((id) => !tips.has(id));
  const [refused] =
    others.length === 0 ? [] : await git.findUnreachable(repository.id, { wants: others, tips: [...tips], signal });
  if (refused !== undefined) return { type: "ready", chunks: [encodeErrorLine(`upload-pack: not our ref ${refused}`)] };
  const options = { protocol, body };
  // A client that has nothing clones: all who ask for the same at the same state of the refs get the same answer.
  const isClone = request.isDone && request.haves.length === 0;
  const asked = isClone ? { ...options, cacheKey: cloneKey(repository, options) } : options;
  return { type: "pack", serve: (whileServing) => git.uploadPack(repository.id, { ...asked, signal: whileServing }) };
}

/** Stands for everything that the answer depends on: the request in its canonical form, and when the refs last changed. */
function cloneKey(
  { updatedTime }: Repository,
  { protocol, body }: { readonly protocol: ProtocolVersion; readonly body: Uint8Array },
): string {
  return `${protocol}:${updatedTime}:${createHash("sha256").update(body).digest("base64url")}`;
}
