/**
 * Requests and capabilities of protocol version 2, from gitprotocol-v2(5).
 *
 *     request = (command=KEY LF, capability lines) [0001 argument lines] 0000
 *
 * - Commands we serve: `ls-refs` and `fetch`. `object-info` and `bundle-uri` are not advertised.
 * - A body that is only a flush asks for nothing; git's HTTP client sends one to see whether it has to authenticate
 *   before it streams a large request.
 * - A client names only what was advertised; anything else ends the request, as in git.
 */
import type { ObjectFormat } from "@guts/primitives";
import { GitWireError } from "../errors.ts";
import { assertWithin } from "../limits.ts";
import { excerptOf, fromByteString, type ByteString } from "./byte-string.ts";
import { parseCapability, type Capabilities, type Capability } from "./capabilities.ts";
import { FetchRequestBuilder, formatShape, type FetchRequest } from "./fetch-request.ts";
import { joinBytes } from "./join-bytes.ts";
import { parseLsRefsArguments, type LsRefsRequest } from "./ls-refs-request.ts";
import { assertObjectFormat } from "./object-format.ts";
import { decodePktLines, encodeDelimiter, encodeFlush, encodePktLine, pktLineText, type PktLine } from "./pkt-line.ts";

/** What a fetch may use. One value makes the advertisement and checks the requests. */
export interface FetchFeatures {
  /** Partial clones: `filter`. */
  readonly filter: boolean;
  /** Wants by name: `ref-in-want`. */
  readonly refInWant: boolean;
  /** A side-band around the whole response: `sideband-all`. */
  readonly sidebandAll: boolean;
}

/** What a Guts node offers. */
export const defaultFetchFeatures: FetchFeatures = { filter: true, refInWant: false, sidebandAll: false };

/** Arguments of `fetch` that are a bare word. */
const FETCH_FLAGS = [
  "thin-pack",
  "no-progress",
  "include-tag",
  "ofs-delta",
  "deepen-relative",
  "wait-for-done",
  "sideband-all",
] as const;

/** A bare argument of `fetch`. */
export type FetchFlag = (typeof FETCH_FLAGS)[number];

/** The command `fetch`. */
export interface FetchV2Request extends FetchRequest {
  readonly flags: ReadonlySet<FetchFlag>;
  /** Refs wanted by name, as byte strings; empty unless `ref-in-want` is advertised. */
  readonly wantRefs: readonly ByteString[];
}

/** A request of protocol v2. `none` is a bare flush, which is answered with nothing. */
export type ProtocolV2Request =
  | { readonly command: "none" }
  | { readonly command: "ls-refs"; readonly capabilities: Capabilities; readonly lsRefs: LsRefsRequest }
  | { readonly command: "fetch"; readonly capabilities: Capabilities; readonly fetch: FetchV2Request };

/** What the reading of a request depends on. */
export interface ProtocolV2Options {
  readonly objectFormat: ObjectFormat;
  readonly features: FetchFeatures;
}

/** The capability advertisement of v2, up to and with its flush. `agent` names software and version, as `guts/1.0`. */
export function encodeCapabilityAdvertisement(options: ProtocolV2Options & { readonly agent: string }): Uint8Array {
  const { features } = options;
  const fetch = ["shallow", "wait-for-done"];
  if (features.filter) fetch.push("filter");
  if (features.refInWant) fetch.push("ref-in-want");
  if (features.sidebandAll) fetch.push("sideband-all");
  const lines = [
    "version 2",
    `agent=${options.agent}`,
    "ls-refs=unborn",
    `fetch=${fetch.join(" ")}`,
    "server-option",
    `object-format=${options.objectFormat}`,
  ];
  return joinBytes([...lines.map((line) => encodePktLine(`${line}\n`)), encodeFlush()]);
}

/**
 * Decodes the body of one v2 request.
 *
 * Throws `GitWireError`: any code but `pkt-line-too-long`, `side-band-invalid` and `remote-error`.
 */
export function decodeProtocolV2Request(body: Uint8Array, options: ProtocolV2Options): ProtocolV2Request {
  assertWithin("uploadPackRequestBytesMax", body.length);
  const lines = decodePktLines(body);
  const head = readHead(lines);
  if (head === undefined) return requireEnd(lines, { command: "none" });
  assertObjectFormat(head.capabilities, options.objectFormat, "sha1");
  const argumentLines = head.hasArguments ? readSection(lines, "flush") : [];
  return requireEnd(lines, readCommand(head, argumentLines, options));
}

/**
 * Encodes a fetch in canonical form: the same request always gives the same bytes, so they can key a cache of
 * responses, and the git that serves them reads nothing that was not checked. Agent and server options are left out.
 */
export function encodeFetchRequest(request: FetchV2Request, objectFormat: ObjectFormat): Uint8Array {
  const head = ["command=fetch", `object-format=${objectFormat}`];
  const args = [
    ...FETCH_FLAGS.filter((flag) => request.flags.has(flag)),
    ...request.wants.map((id) => `want ${id}`),
    ...request.wantRefs.map((name) => `want-ref ${name}`),
    ...formatShape(request),
    ...request.haves.map((id) => `have ${id}`),
    ...(request.isDone ? ["done"] : []),
  ];
  return joinBytes([...head.map(encodeLine), encodeDelimiter(), ...args.map(encodeLine), encodeFlush()]);
}

interface RequestHead {
  readonly command: string;
  readonly capabilities: Capabilities;
  readonly hasArguments: boolean;
}

/** Reads `command=` and the capabilities, which may stand in any order; undefined for a bare flush. */
function readHead(lines: Iterator<PktLine>): RequestHead | undefined {
  const capabilities: Capability[] = [];
  let command: string | undefined;
  for (let line = requireLine(lines); ; line = requireLine(lines)) {
    if (line.type !== "data") return endHead(line, command, capabilities);
    const capability = parseCapability(pktLineText(line.payload));
    if (capability.name !== "command") capabilities.push(requireKnown(capability));
    else if (command === undefined) command = capability.value ?? "";
    else throw new GitWireError("line-malformed", { expected: "one command", excerpt: excerptOf(command) });
    assertWithin("capabilityCountMax", capabilities.length);
  }
}

function endHead(line: PktLine, command: string | undefined, capabilities: Capabilities): RequestHead | undefined {
  if (line.type === "response-end")
    throw new GitWireError("pkt-line-unexpected", { expected: "capability, delimiter or flush", found: line.type });
  if (command !== undefined) return { command, capabilities, hasArguments: line.type === "delimiter" };
  if (line.type === "flush" && capabilities.length === 0) return undefined;
  throw new GitWireError("request-incomplete", { expected: "command" });
}

function readCommand(
  { command, capabilities }: RequestHead,
  lines: readonly ByteString[],
  { objectFormat, features }: ProtocolV2Options,
): ProtocolV2Request {
  if (command === "ls-refs") return { command, capabilities, lsRefs: parseLsRefsArguments(lines) };
  if (command === "fetch") return { command, capabilities, fetch: parseFetchArguments(lines, objectFormat, features) };
  throw new GitWireError("command-unknown", { command: excerptOf(command) });
}

function parseFetchArguments(
  lines: readonly ByteString[],
  objectFormat: ObjectFormat,
  features: FetchFeatures,
): FetchV2Request {
  const builder = new FetchRequestBuilder(objectFormat);
  const flags = new Set<FetchFlag>();
  const wantRefs = new Set<ByteString>();
  for (const line of lines) {
    if (!isOffered(line, features)) throw new GitWireError("argument-unknown", { argument: excerptOf(line) });
    if (isFetchFlag(line)) flags.add(line);
    else if (line.startsWith("want-ref ")) wantRefs.add(line.slice("want-ref ".length) as ByteString);
    else if (!builder.read(line)) throw new GitWireError("argument-unknown", { argument: excerptOf(line) });
    assertWithin("wantCountMax", wantRefs.size);
  }
  return { ...builder.toRequest(flags.has("deepen-relative")), flags, wantRefs: [...wantRefs] };
}

function isOffered(line: string, features: FetchFeatures): boolean {
  if (line.startsWith("filter ")) return features.filter;
  if (line.startsWith("want-ref ")) return features.refInWant;
  return line === "sideband-all" ? features.sidebandAll : true;
}

function isFetchFlag(line: string): line is FetchFlag & ByteString {
  return FETCH_FLAGS.some((flag) => flag === line);
}

/** The data lines up to the flush. */
function readSection(lines: Iterator<PktLine>, end: PktLine["type"]): readonly ByteString[] {
  const texts: ByteString[] = [];
  for (let line = requireLine(lines); line.type !== end; line = requireLine(lines)) {
    if (line.type !== "data")
      throw new GitWireError("pkt-line-unexpected", { expected: `argument or ${end}`, found: line.type });
    texts.push(pktLineText(line.payload));
  }
  return texts;
}

function requireLine(lines: Iterator<PktLine>): PktLine {
  const { done, value } = lines.next();
  if (done === true) throw new GitWireError("request-incomplete", { expected: "flush" });
  return value;
}

function requireEnd<Result>(lines: Iterator<PktLine>, result: Result): Result {
  if (lines.next().done === true) return result;
  throw new GitWireError("request-has-trailing-bytes", undefined);
}

function requireKnown(capability: Capability): Capability {
  if (["agent", "object-format", "server-option"].includes(capability.name)) return capability;
  throw new GitWireError("argument-unknown", { argument: excerptOf(capability.name) });
}

function encodeLine(text: string): Uint8Array {
  return encodePktLine(fromByteString(`${text}\n` as ByteString));
}
