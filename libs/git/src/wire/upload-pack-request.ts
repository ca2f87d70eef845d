/**
 * The upload-pack request of versions 0 and 1 in its stateless form, from gitprotocol-pack(5) and gitprotocol-http(5).
 *
 *     request = want-line with capabilities, more want, shallow, deepen and filter lines, 0000
 *               then have lines and 0000 (more rounds follow), or have lines and "done", or nothing
 *
 * Over HTTP each round repeats the wants. Nothing at all behind the first flush happens when a client that deepens asks
 * for the new shallow boundaries first. A body that is only a flush asks for nothing.
 */
import type { ObjectFormat } from "@guts/primitives";
import { GitWireError } from "../errors.ts";
import { assertWithin } from "../limits.ts";
import { excerptOf, fromByteString, type ByteString } from "./byte-string.ts";
import { formatCapabilities, hasCapability, parseCapabilities, type Capabilities } from "./capabilities.ts";
import { FetchRequestBuilder, formatShape, type FetchRequest } from "./fetch-request.ts";
import { joinBytes } from "./join-bytes.ts";
import { assertObjectFormat } from "./object-format.ts";
import { decodePktLines, encodeFlush, encodePktLine, pktLineText, type PktLine } from "./pkt-line.ts";

/** A fetch in version 0 or 1. Without wants it asks for nothing. */
export interface UploadPackRequest extends FetchRequest {
  readonly capabilities: Capabilities;
  /** Whether anything follows the flush behind the wants: haves, `done`, or the flush of an empty round. */
  readonly hasNegotiation: boolean;
}

/**
 * Decodes the body of a v0 or v1 request.
 *
 * Throws `GitWireError`: any code but `pkt-line-too-long`, `command-unknown`, `side-band-invalid` and `remote-error`.
 */
export function decodeUploadPackRequest(body: Uint8Array, objectFormat: ObjectFormat): UploadPackRequest {
  assertWithin("uploadPackRequestBytesMax", body.length);
  const lines = decodePktLines(body);
  const builder = new FetchRequestBuilder(objectFormat);
  const capabilities = readWants(lines, builder, objectFormat);
  const hasNegotiation = readNegotiation(lines, builder);
  const request = builder.toRequest(hasCapability(capabilities, "deepen-relative"));
  if (request.wants.length === 0 && hasNegotiation) throw new GitWireError("request-has-trailing-bytes", undefined);
  return { ...request, capabilities, hasNegotiation };
}

/** Encodes a request in canonical form, for the git that serves it. */
export function encodeUploadPackRequest(request: UploadPackRequest): Uint8Array {
  if (request.wants.length === 0) return encodeFlush();
  const [first, ...others] = request.wants;
  const list = formatCapabilities(request.capabilities);
  const head = [
    list === "" ? `want ${first}` : `want ${first} ${list}`,
    ...others.map((id) => `want ${id}`),
    ...formatShape(request),
  ];
  const haves = request.haves.map((id) => encodeLine(`have ${id}`));
  const end = request.isDone ? encodeLine("done") : encodeFlush();
  return joinBytes([...head.map(encodeLine), encodeFlush(), ...(request.hasNegotiation ? [...haves, end] : [])]);
}

/** Reads up to the first flush and returns the capabilities of the first want. */
function readWants(lines: Iterator<PktLine>, builder: FetchRequestBuilder, format: ObjectFormat): Capabilities {
  let capabilities: Capabilities | undefined;
  for (;;) {
    const { done, value: line } = lines.next();
    if (done === true) throw new GitWireError("request-incomplete", { expected: "flush behind the wants" });
    if (line.type === "flush") return capabilities ?? [];
    const text = textOf(line);
    if (capabilities === undefined) {
      const first = splitFirstWant(text);
      capabilities = parseCapabilities(first.list);
      assertObjectFormat(capabilities, format, format);
      builder.read(first.want);
    } else if (!isWantLine(text, capabilities) || !builder.read(text)) throw malformed("want", text);
  }
}

/** Reads haves up to the end of the body; false when there is nothing. */
function readNegotiation(lines: Iterator<PktLine>, builder: FetchRequestBuilder): boolean {
  let last: string | undefined;
  for (let next = lines.next(); next.done !== true; next = lines.next()) {
    if (last === "done") throw new GitWireError("request-has-trailing-bytes", undefined);
    last = next.value.type === "flush" ? "flush" : textOf(next.value);
    if (last !== "flush" && !(last === "done" || last.startsWith("have "))) throw malformed("have", last);
    if (last !== "flush") builder.read(last);
  }
  if (last === undefined || last === "flush" || last === "done") return last !== undefined;
  throw new GitWireError("request-incomplete", { expected: "done or flush" });
}

function splitFirstWant(text: ByteString): { readonly want: string; readonly list: string } {
  if (!text.startsWith("want ")) throw malformed("want", text);
  const end = text.indexOf(" ", "want ".length);
  return end === -1 ? { want: text, list: "" } : { want: text.slice(0, end), list: text.slice(end + 1) };
}

/** `have` and `done` belong behind the flush; a filter needs its capability. */
function isWantLine(text: string, capabilities: Capabilities): boolean {
  if (text.startsWith("filter ")) return hasCapability(capabilities, "filter");
  return text.startsWith("want ") || text.startsWith("shallow ") || text.startsWith("deepen");
}

function textOf(line: PktLine): ByteString {
  if (line.type === "data") return pktLineText(line.payload);
  throw new GitWireError("pkt-line-unexpected", { expected: "data or flush", found: line.type });
}

function malformed(expected: string, text: string): GitWireError<"line-malformed"> {
  return new GitWireError("line-malformed", { expected, excerpt: excerptOf(text) });
}

function encodeLine(text: string): Uint8Array {
  return encodePktLine(fromByteString(`${text}\n` as ByteString));
}
