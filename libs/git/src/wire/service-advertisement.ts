/**
 * The first answer of a service in versions 0 and 1: its refs and, on the first line, its capabilities, from
 * gitprotocol-pack(5) "Reference Discovery" and gitprotocol-http(5) "Smart Server Response".
 *
 * Capabilities of upload-pack are those of the git that will serve the fetch, in its order; those of receive-pack are
 * ours, since we serve the push ourselves.
 */
import { zeroObjectId } from "@guts/primitives";
import { byteStringOf } from "./byte-string.ts";
import { encodeFlush, encodePktLine } from "./pkt-line.ts";
import type { FetchFeatures } from "./protocol-v2.ts";
import { joinShort, type RefAdvertisement } from "./ref-advertisement.ts";
import { encodePeeledLine, encodeRefLine } from "./ref-page.ts";

/** A service of git, by the name that clients use. */
export type GitService = "git-upload-pack" | "git-receive-pack";

/** What the first line says besides its ref. */
export interface ServiceAdvertisementOptions {
  readonly version: 0 | 1;
  /** Software and version, as `guts/1.0`. */
  readonly agent: string;
}

/** What receive-pack's first line says. */
export interface ReceivePackAdvertisementOptions extends ServiceAdvertisementOptions {
  /** What a signed push is to sign; without one there are no signed pushes. It is written once a request, its refs are not. */
  readonly pushNonce?: string | undefined;
}

/** What upload-pack's first line says. */
export interface UploadPackAdvertisementOptions extends ServiceAdvertisementOptions {
  readonly features: FetchFeatures;
  /** The connection is HTTP, where a client may leave out its last `done`. */
  readonly isStateless: boolean;
}

/** The packet and flush that precede an advertisement of version 0 or 1 over HTTP; version 2 has none. */
export function encodeServicePrelude(service: GitService): readonly Uint8Array[] {
  return [encodePktLine(`# service=${service}\n`), encodeFlush()];
}

/** Upload-pack's advertisement with its flush: HEAD when it is born, all refs, and what each tag points to. */
export function advertiseUploadPack(
  refs: RefAdvertisement,
  options: UploadPackAdvertisementOptions,
): readonly Uint8Array[] {
  const { id, peeled } = refs.head;
  const list = uploadPackCapabilities(refs, options);
  if (id === undefined) return advertise(refs, options, list, "peeled-line");
  const head = [encodeRefLine(id, "HEAD", list)];
  if (peeled !== undefined) head.push(encodePeeledLine(peeled, "HEAD"));
  return frame(options, [...head, ...refs.lines("peeled-line", 0)]);
}

/** Receive-pack's advertisement with its flush: all refs, neither HEAD nor what tags point to. */
export function advertiseReceivePack(
  refs: RefAdvertisement,
  options: ReceivePackAdvertisementOptions,
): readonly Uint8Array[] {
  return advertise(refs, options, receivePackCapabilities(refs, options), "plain");
}

function uploadPackCapabilities(refs: RefAdvertisement, options: UploadPackAdvertisementOptions): string {
  const { id, target } = refs.head;
  return listOf([
    "multi_ack thin-pack side-band side-band-64k ofs-delta shallow deepen-since deepen-not deepen-relative",
    "no-progress include-tag multi_ack_detailed",
    ...(options.isStateless ? ["no-done"] : []),
    ...(id !== undefined && target !== undefined ? [`symref=HEAD:${byteStringOf(target)}`] : []),
    ...(options.features.filter ? ["filter"] : []),
    `object-format=${refs.objectFormat}`,
    `agent=${options.agent}`,
  ]);
}

function receivePackCapabilities(refs: RefAdvertisement, options: ReceivePackAdvertisementOptions): string {
  return listOf([
    "report-status report-status-v2 delete-refs side-band-64k quiet atomic ofs-delta push-options",
    ...(options.pushNonce === undefined ? [] : [`push-cert=${options.pushNonce}`]),
    `object-format=${refs.objectFormat}`,
    `agent=${options.agent}`,
  ]);
}

function listOf(capabilities: readonly string[]): string {
  return `\0${capabilities.join(" ")}`;
}

/** All refs, the first with the capabilities; without refs a line that carries nothing else. */
function advertise(
  refs: RefAdvertisement,
  options: ServiceAdvertisementOptions,
  list: string,
  form: "plain" | "peeled-line",
): readonly Uint8Array[] {
  const { first } = refs;
  if (first === undefined)
    return frame(options, [encodeRefLine(zeroObjectId(refs.objectFormat), "capabilities^{}", list)]);
  const head = [encodeRefLine(first.id, first.key, list)];
  if (form === "peeled-line" && first.peeled !== undefined) head.push(encodePeeledLine(first.peeled, first.key));
  return frame(options, [...head, ...refs.lines(form, 1)]);
}

function frame(options: ServiceAdvertisementOptions, lines: readonly Uint8Array[]): readonly Uint8Array[] {
  const version = options.version === 1 ? [encodePktLine("version 1\n")] : [];
  return joinShort([...version, ...lines, encodeFlush()]);
}
