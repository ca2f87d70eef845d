/**
 * Fetches over SSH, gitprotocol-pack(5) and gitprotocol-v2(5), answered by the same engine as over HTTP.
 *
 * Version 2 is a request and an answer at a time, as over HTTP. Versions 0 and 1 are a conversation: the client states its
 * wants once and then offers what it has in rounds. Each round is put to the stateless engine as HTTP's clients would put it:
 * wants, what both are known to have, what is new. So there is one place that decides what may be fetched.
 */
import {
  advertiseUploadPack,
  defaultFetchFeatures,
  encodeCapabilityAdvertisement,
  encodeDelimiter,
  encodeFlush,
  encodePktLine,
  encodeResponseEnd,
  GitWireError,
  joinBytes,
  pktLineText,
  PktLineReader,
  wireLimits,
  type PktLine,
} from "@guts/git";

import { answerUploadPack, type OpenRepository, type UploadPackServices } from "../git/upload-pack.ts";
import type { GitChannel } from "./git-channel.ts";

/** Counts a pack that git makes, from its first byte to its last. */
export type PackRun = (chunks: AsyncIterable<Uint8Array>) => AsyncIterable<Uint8Array>;

/** A fetch on a channel. */
export interface SshFetch {
  readonly channel: GitChannel;
  readonly open: OpenRepository;
  readonly run: PackRun;
}

/** Serves fetches until the client has what it wants. Throws `GitWireError` for what is not the protocol. */
export async function serveUploadPack(services: UploadPackServices, fetch: SshFetch): Promise<void> {
  const reader = new PktLineReader(fetch.channel.input());
  await (fetch.open.protocol === 2
    ? serveVersion2(services, fetch, reader)
    : serveConversation(services, fetch, reader));
}

async function serveVersion2(services: UploadPackServices, fetch: SshFetch, reader: PktLineReader): Promise<void> {
  const { channel, open } = fetch;
  const { objectFormat } = open.repository;
  const capabilities = { agent: services.agent, features: defaultFetchFeatures, objectFormat };
  await channel.write([encodeCapabilityAdvertisement(capabilities)]);
  for (;;) {
    const request = await readSection(reader, open.signal, { endsAtDone: false });
    if (request === undefined || request.lines.length === 0) return;
    await channel.write(await answer(services, fetch, joinBytes([...request.lines, encodeFlush()])));
  }
}

async function serveConversation(services: UploadPackServices, fetch: SshFetch, reader: PktLineReader): Promise<void> {
  const { channel, open } = fetch;
  const { state, repository, signal } = open;
  const version = open.protocol === 1 ? 1 : 0;
  const refs = await services.refs.advertisement(state, repository, signal);
  const options = { version, agent: services.agent, features: defaultFetchFeatures, isStateless: false } as const;
  await channel.write(advertiseUploadPack(refs, options));
  const wants = await readSection(reader, signal, { endsAtDone: false });
  if (wants === undefined || wants.lines.length === 0) return;
  const conversation = new Conversation(wants);
  if (wants.isDeepening) await channel.write(await answer(services, fetch, conversation.question([])));
  for (;;) {
    const round = await readSection(reader, signal, { endsAtDone: true });
    if (round === undefined) return;
    const chunks = await answer(services, fetch, conversation.question(round.lines, round.end));
    const fresh = wants.isDeepening ? behindFirstFlush(chunks, signal) : chunks;
    if (round.end === "done") return channel.write(fresh);
    await channel.write([conversation.learn(await collect(fresh))]);
  }
}

/** What a client has said, and what both sides are known to have. */
class Conversation {
  readonly #wants: readonly Uint8Array[];
  readonly #common = new Map<string, Uint8Array>();

  constructor({ lines }: Section) {
    this.#wants = lines;
  }

  /** The wants with everything that a stateless server must be told; `end` undefined asks for the boundaries only. */
  question(haves: readonly Uint8Array[], end?: Section["end"]): Uint8Array {
    const known = end === undefined ? [] : [...this.#common.values(), ...haves];
    const last = end === undefined ? [] : [end === "done" ? encodePktLine("done\n") : encodeFlush()];
    return joinBytes([...this.#wants, encodeFlush(), ...known, ...last]);
  }

  /** Remembers what an answer acknowledges, and gives the answer back. */
  learn(answered: Uint8Array): Uint8Array {
    for (const [, id = ""] of Buffer.from(answered)
      .toString("latin1")
      .matchAll(/ACK ([0-9a-f]{40,64}) /g))
      this.#common.set(id, encodePktLine(`have ${id}\n`));
    return answered;
  }
}

interface Section {
  readonly lines: readonly Uint8Array[];
  readonly end: "flush" | "done";
  readonly isDeepening: boolean;
}

/** The pkt-lines up to the next flush, or `done`, encoded again; undefined when the client has said all it will. */
async function readSection(
  reader: PktLineReader,
  signal: AbortSignal,
  { endsAtDone }: { readonly endsAtDone: boolean },
): Promise<Section | undefined> {
  const lines: Uint8Array[] = [];
  let bytes = 0;
  let isDeepening = false;
  for (;;) {
    const line = await reader.read(signal);
    if (line === undefined) return lines.length === 0 ? undefined : incomplete();
    if (line.type === "flush") return { lines, end: "flush", isDeepening };
    const encoded = encodeLine(line);
    bytes += encoded.length;
    if (bytes > wireLimits.uploadPackRequestBytesMax)
      throw new GitWireError("limit-exceeded", {
        limit: "uploadPackRequestBytesMax",
        max: wireLimits.uploadPackRequestBytesMax,
      });
    const text = line.type === "data" ? pktLineText(line.payload) : "";
    if (endsAtDone && text === "done") return { lines, end: "done", isDeepening };
    isDeepening ||= text.startsWith("deepen");
    lines.push(encoded);
  }
}

function incomplete(): never {
  throw new GitWireError("request-incomplete", { expected: "flush" });
}

function encodeLine(line: PktLine): Uint8Array {
  switch (line.type) {
    case "data":
      return encodePktLine(line.payload);
    case "delimiter":
      return encodeDelimiter();
    case "response-end":
      return encodeResponseEnd();
    case "flush":
    default:
      return encodeFlush();
  }
}

async function answer(
  services: UploadPackServices,
  { open, run }: SshFetch,
  body: Uint8Array,
): Promise<Iterable<Uint8Array> | AsyncIterable<Uint8Array>> {
  const answered = await answerUploadPack(services, open, body);
  return answered.type === "ready" ? answered.chunks : run(answered.serve(open.signal));
}

/** A stateless server repeats the shallow boundaries before every answer; the client has read them once. */
async function* behindFirstFlush(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, undefined> {
  const reader = new PktLineReader(toAsync(chunks));
  for (;;) {
    const line = await reader.read(signal);
    if (line === undefined) return;
    if (line.type === "flush") break;
  }
  yield* reader.rest();
}

async function* toAsync(
  chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array, undefined> {
  yield* chunks;
}

/** An answer without a pack, which is short. */
async function collect(chunks: Iterable<Uint8Array> | AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const collected: Uint8Array[] = [];
  for await (const chunk of chunks) collected.push(chunk);
  return joinBytes(collected);
}
