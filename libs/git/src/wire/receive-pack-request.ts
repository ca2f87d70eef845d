/**
 * The receive-pack request, from gitprotocol-pack(5) "Pushing Data To a Server".
 *
 *     request = *(shallow OID LF), commands, 0000, [push options, 0000], [pack]
 *     commands = OLD NEW REF NUL capabilities, more OLD NEW REF      each with or without LF
 *              | push-cert NUL capabilities LF, lines of the certificate, push-cert-end LF
 *
 * Stricter than git: capabilities stand on the first command only, and nobody mixes plain commands with a certificate,
 * so that a certificate authorises exactly its own lines, all of them or none. A request that is only a flush asks for nothing; git's HTTP
 * client sends one to see whether it has to authenticate before it streams a large pack.
 */
import type { ObjectFormat, ObjectId } from "@guts/primitives";
import { GitWireError } from "../errors.ts";
import { assertWithin } from "../limits.ts";
import { excerptOf, toByteString, type ByteString } from "./byte-string.ts";
import { hasCapability, parseCapabilities, type Capabilities } from "./capabilities.ts";
import { joinBytes } from "./join-bytes.ts";
import { assertObjectFormat, readObjectId } from "./object-format.ts";
import type { PktLineReader } from "./pkt-line-reader.ts";
import { pktLineText, type PktLine } from "./pkt-line.ts";
import { parsePushCertificate, type PushCertificate } from "./push-certificate.ts";
import { judgeCommands, parseCommandLine, type CommandLine, type PushCommands } from "./push-command.ts";
import { negotiatedSideBand, type SideBandMode } from "./side-band.ts";

/** Which report the client understands; 0 means that it wants none. */
export type ReportVersion = 0 | 1 | 2;

/** What the client chose among the advertised capabilities. */
export interface ReceivePackFeatures {
  readonly reportVersion: ReportVersion;
  readonly sideBand: SideBandMode | undefined;
  /** All refs move or none does; always so with a certificate. */
  readonly isAtomic: boolean;
  /** The client wants no progress. */
  readonly isQuiet: boolean;
  /** Push options follow the commands, even if there are none. */
  readonly hasPushOptions: boolean;
}

/** Everything of a push but its pack. */
export interface ReceivePackRequest extends PushCommands {
  readonly capabilities: Capabilities;
  readonly features: ReceivePackFeatures;
  /** Commits at which the client's history ends. */
  readonly shallows: readonly ObjectId[];
  /** Options in the client's order, as byte strings. */
  readonly pushOptions: readonly ByteString[];
  readonly certificate: PushCertificate | undefined;
}

/**
 * Reads a request up to its pack. When `hasPack` is true, `reader.rest()` is the pack; otherwise nothing should follow.
 *
 * Throws `GitWireError`: any code that is about lines, object ids, format or limits; the reader's other errors; the
 * signal's reason.
 */
export async function readReceivePackRequest(
  reader: PktLineReader,
  objectFormat: ObjectFormat,
  signal: AbortSignal,
): Promise<ReceivePackRequest> {
  const reading = new Reading(objectFormat);
  for await (const line of readSection(reader, "flush behind the commands", signal)) reading.onLine(line);
  const head = reading.finish();
  const pushOptions = head.features.hasPushOptions ? await readPushOptions(reader, signal) : [];
  assertSameOptions(head.certificate, pushOptions);
  return { ...head, pushOptions };
}

/** The features that a list of capabilities turns on. */
export function receivePackFeatures(capabilities: Capabilities): ReceivePackFeatures {
  const has = (name: string): boolean => hasCapability(capabilities, name);
  return {
    reportVersion: has("report-status-v2") ? 2 : has("report-status") ? 1 : 0,
    sideBand: negotiatedSideBand(capabilities),
    isAtomic: has("atomic"),
    isQuiet: has("quiet"),
    hasPushOptions: has("push-options"),
  };
}

/** The lines before the first flush, one after the other. */
class Reading {
  readonly #format: ObjectFormat;
  readonly #shallows = new Set<ObjectId>();
  readonly #lines: CommandLine[] = [];
  #certificateParts: Uint8Array[] | undefined;
  #certificateBytes = 0;
  #isCertificateOpen = false;
  #capabilities: Capabilities | undefined;

  constructor(format: ObjectFormat) {
    this.#format = format;
  }

  onLine(payload: Uint8Array): void {
    if (this.#isCertificateOpen) this.#onCertificateLine(payload);
    else if (this.#certificateParts !== undefined) throw malformed("flush behind push-cert-end", payload);
    else if (this.#capabilities === undefined) this.#onFirstLine(payload);
    else this.#onCommand(pktLineText(payload));
  }

  finish(): Omit<ReceivePackRequest, "pushOptions"> {
    if (this.#isCertificateOpen) throw new GitWireError("request-incomplete", { expected: "push-cert-end" });
    const text = this.#certificateParts;
    const certified = text === undefined ? undefined : parsePushCertificate(joinBytes(text), this.#format);
    const capabilities = this.#capabilities ?? [];
    const features = receivePackFeatures(capabilities);
    return {
      ...judgeCommands(certified?.lines ?? this.#lines),
      capabilities,
      features: certified === undefined ? features : { ...features, isAtomic: true },
      shallows: [...this.#shallows],
      certificate: certified?.certificate,
    };
  }

  /** A shallow line, or the first command or `push-cert`, which carries the capabilities. */
  #onFirstLine(payload: Uint8Array): void {
    const text = pktLineText(payload);
    if (text.startsWith("shallow ")) {
      this.#shallows.add(readObjectId(text.slice("shallow ".length), this.#format));
      assertWithin("shallowCountMax", this.#shallows.size);
      return;
    }
    const separator = text.indexOf("\0");
    this.#capabilities = parseCapabilities(separator === -1 ? "" : text.slice(separator + 1));
    assertObjectFormat(this.#capabilities, this.#format, "sha1");
    const command = (separator === -1 ? text : text.slice(0, separator)) as ByteString;
    if (command !== "push-cert") return this.#onCommand(command);
    this.#certificateParts = [];
    this.#isCertificateOpen = true;
  }

  /** A certificate line may have no LF of its own only in the signature, which git cuts into lines of any length. */
  #onCertificateLine(payload: Uint8Array): void {
    if (pktLineText(payload) === "push-cert-end") {
      this.#isCertificateOpen = false;
      return;
    }
    this.#certificateParts!.push(payload);
    this.#certificateBytes += payload.length;
    assertWithin("pushCertificateBytesMax", this.#certificateBytes);
  }

  #onCommand(text: ByteString): void {
    this.#lines.push(parseCommandLine(text, this.#format));
    assertWithin("commandCountMax", this.#lines.length);
  }
}

/** The payloads up to a flush, within the limit on bytes before the pack. */
async function* readSection(
  reader: PktLineReader,
  expected: string,
  signal: AbortSignal,
): AsyncGenerator<Uint8Array, undefined> {
  for (;;) {
    const line: PktLine | undefined = await reader.read(signal);
    assertWithin("receivePackCommandBytesMax", reader.lineBytes);
    if (line === undefined) throw new GitWireError("request-incomplete", { expected });
    if (line.type === "flush") return;
    if (line.type !== "data") throw new GitWireError("pkt-line-unexpected", { expected, found: line.type });
    yield line.payload;
  }
}

async function readPushOptions(reader: PktLineReader, signal: AbortSignal): Promise<readonly ByteString[]> {
  const options: ByteString[] = [];
  for await (const payload of readSection(reader, "flush behind the push options", signal)) {
    const option = pktLineText(payload);
    if (option.includes("\0") || option.includes("\n")) throw malformed("push option", payload);
    assertWithin("pushOptionBytesMax", option.length);
    options.push(option);
    assertWithin("pushOptionCountMax", options.length);
  }
  return options;
}

/** The options beside a certificate are those it signs (git's `check_cert_push_options`). */
function assertSameOptions(certificate: PushCertificate | undefined, options: readonly ByteString[]): void {
  if (certificate === undefined) return;
  const signed = certificate.pushOptions;
  if (signed.length !== options.length || signed.some((option, index) => option !== options[index]))
    throw new GitWireError("line-malformed", { expected: "the push options of the certificate", excerpt: "" });
}

function malformed(expected: string, payload: Uint8Array): GitWireError<"line-malformed"> {
  return new GitWireError("line-malformed", { expected, excerpt: excerptOf(toByteString(payload)) });
}
