/**
 * Reports of a push, from gitprotocol-pack(5) "Report Status" and gitprotocol-capabilities(5) `report-status-v2`.
 *
 *     report = ("unpack ok" | "unpack" REASON), for each ref ("ok" REF | "ng" REF REASON), 0000
 *
 * Version 2 lets option lines follow an `ok`: what the server really did when that is not what was asked for. With a
 * side-band the whole report, its flush included, travels on the data band, and a second flush ends the stream.
 */
import { concatBytes, utf8, type ObjectFormat, type ObjectId } from "@guts/primitives";
import { GitWireError } from "../errors.ts";
import { assertWithin } from "../limits.ts";
import { excerptOf, fromByteString, type ByteString } from "./byte-string.ts";
import { joinBytes } from "./join-bytes.ts";
import { readObjectId } from "./object-format.ts";
import { decodePktLines, encodeFlush, encodePktLine, pktLinePayloadBytesMax, pktLineText } from "./pkt-line.ts";
import type { ReceivePackFeatures } from "./receive-pack-request.ts";
import { encodeSideBand, sanitizeProgress } from "./side-band.ts";

/** What the server did instead of what was asked for (version 2 only). Absent parts are as asked for. */
export interface RewrittenUpdate {
  readonly refName?: ByteString;
  readonly oldId?: ObjectId;
  readonly newId?: ObjectId;
  readonly isForced?: boolean;
}

/** The outcome for one ref. The name is given as the client sent it. */
export type RefReport =
  | { readonly status: "ok"; readonly name: ByteString; readonly rewritten?: RewrittenUpdate }
  | { readonly status: "ng"; readonly name: ByteString; readonly reason: string };

/** The outcome of a push. `unpackError` is undefined when the pack was taken or none was sent. */
export interface PushReport {
  readonly unpackError: string | undefined;
  readonly refs: readonly RefReport[];
}

const REASON_BYTES_MAX = 1000;

/** Encodes a report with its flush. Version 1 leaves rewritten updates out. */
export function encodeReportStatus(report: PushReport, version: 1 | 2): Uint8Array {
  const unpack = encodeTextLine("unpack ", report.unpackError === undefined ? "ok" : report.unpackError);
  return joinBytes([unpack, ...report.refs.flatMap((ref) => encodeRefReport(ref, version)), encodeFlush()]);
}

/**
 * The end of a receive-pack response: the report as the client wants it, in its side-band, with the flush that ends
 * the stream. Empty when the client wants neither a report nor a side-band.
 */
export function encodePushResponse(report: PushReport, features: ReceivePackFeatures): Uint8Array {
  const { reportVersion, sideBand } = features;
  const plain = reportVersion === 0 ? new Uint8Array(0) : encodeReportStatus(report, reportVersion);
  return sideBand === undefined ? plain : concatBytes(encodeSideBand("data", plain, sideBand), encodeFlush());
}

/** Decodes a report of either version, for clients. Throws line, object id and limit errors. */
export function decodeReportStatus(bytes: Uint8Array, objectFormat: ObjectFormat): PushReport {
  assertWithin("reportBytesMax", bytes.length);
  const texts = readTexts(bytes);
  const unpack = texts.shift();
  if (unpack === undefined || !unpack.startsWith("unpack ")) throw malformed("unpack", unpack ?? "");
  const refs: RefReport[] = [];
  for (const text of texts) {
    const rewriting = text.startsWith("option ") ? refs.pop() : undefined;
    if (rewriting === undefined) refs.push(parseRefReport(text));
    else refs.push(withOption(rewriting, text, objectFormat));
  }
  const result = unpack.slice("unpack ".length);
  return { unpackError: result === "ok" ? undefined : readWords(result), refs };
}

function encodeRefReport(ref: RefReport, version: 1 | 2): Uint8Array[] {
  if (ref.status === "ng") return [encodeTextLine(`ng ${ref.name} `, ref.reason)];
  const options = version === 2 && ref.rewritten !== undefined ? formatOptions(ref.rewritten) : [];
  return [`ok ${ref.name}`, ...options].map((text) => encodePktLine(fromByteString(`${text}\n` as ByteString)));
}

function formatOptions({ refName, oldId, newId, isForced }: RewrittenUpdate): string[] {
  const options: string[] = [];
  if (refName !== undefined) options.push(`option refname ${refName}`);
  if (oldId !== undefined) options.push(`option old-oid ${oldId}`);
  if (newId !== undefined) options.push(`option new-oid ${newId}`);
  if (isForced === true) options.push("option forced-update");
  return options;
}

/** A line that ends in words for a person: one line, without control characters, never longer than a pkt-line. */
function encodeTextLine(start: string, reason: string): Uint8Array {
  const clean = utf8(sanitizeProgress(reason).replaceAll(/[\r\n\t]+/g, " "));
  const head = fromByteString(start as ByteString);
  let end = Math.min(REASON_BYTES_MAX, clean.length, pktLinePayloadBytesMax - head.length - 1);
  while (isContinuationByte(clean[end])) end--;
  return encodePktLine(concatBytes(head, clean.subarray(0, Math.max(end, 0)), utf8("\n")));
}

function isContinuationByte(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

function readTexts(bytes: Uint8Array): ByteString[] {
  const texts: ByteString[] = [];
  let hasEnded = false;
  for (const line of decodePktLines(bytes)) {
    if (hasEnded) throw new GitWireError("request-has-trailing-bytes", undefined);
    if (line.type === "data") texts.push(pktLineText(line.payload));
    else if (line.type === "flush") hasEnded = true;
    else throw new GitWireError("pkt-line-unexpected", { expected: "report or flush", found: line.type });
  }
  if (!hasEnded) throw new GitWireError("request-incomplete", { expected: "flush behind the report" });
  return texts;
}

function parseRefReport(text: ByteString): RefReport {
  const [status, name, ...reason] = text.split(" ");
  if (status === "ok" && name !== undefined && name !== "" && reason.length === 0)
    return { status, name: name as ByteString };
  if (status === "ng" && name !== undefined && name !== "" && reason.length > 0)
    return { status, name: name as ByteString, reason: readWords(reason.join(" ")) };
  throw malformed("ok or ng", text);
}

function withOption(ref: RefReport, text: ByteString, format: ObjectFormat): RefReport {
  if (ref.status !== "ok") throw malformed("option behind ok", text);
  const [, key, ...words] = text.split(" ");
  const value = words.join(" ");
  return { ...ref, rewritten: { ...ref.rewritten, ...parseOption(key, value, format) } };
}

function parseOption(key: string | undefined, value: string, format: ObjectFormat): RewrittenUpdate {
  if (key === "refname" && value !== "") return { refName: value as ByteString };
  if (key === "old-oid") return { oldId: readObjectId(value, format) };
  if (key === "new-oid") return { newId: readObjectId(value, format) };
  if (key === "forced-update" && value === "") return { isForced: true };
  throw malformed("report option", `${key ?? ""} ${value}`);
}

/** Words for a person, fit for a terminal. */
function readWords(text: string): string {
  return sanitizeProgress(new TextDecoder().decode(fromByteString(text as ByteString)));
}

function malformed(expected: string, text: string): GitWireError<"line-malformed"> {
  return new GitWireError("line-malformed", { expected, excerpt: excerptOf(text) });
}
