/**
 * Signatures inside commits and tags, taken out as git does (its `parse_buffer_signed_by_header` and `parse_signed_buffer`).
 *
 * A commit has its signature in a header, `gpgsig` or, in a repository of SHA-256, `gpgsig-sha256`, whose further lines begin with a
 * space; what is signed is the commit without headers of either name. A tag ends with its signature; what is signed is all before.
 *
 * Deviation: git joins the signatures of a commit that has several headers of the name, and checks one of them. Here such a commit's
 * texts are joined too, and no signature begins twice, so it counts as malformed: nobody makes it but to confuse.
 */
import type { ObjectId } from "@guts/primitives";

/** A signature and what it signs. */
export interface GitSignature {
  /** As it stands there, armoured; a character for each byte. */
  readonly text: string;
  /** Undefined when the object is larger than what is read of one. */
  readonly payload: Uint8Array | undefined;
}

const HEADER = /^gpgsig(-sha256)? /;

/** The signature of a commit; undefined when it has none for the object format of its id. */
export function commitSignature(id: ObjectId, bytes: Uint8Array): GitSignature | undefined {
  const raw = bufferOf(bytes);
  if (!raw.includes("gpgsig")) return undefined;
  const own = id.length === 40 ? "gpgsig " : "gpgsig-sha256 ";
  const end = headEnd(raw);
  const signature: string[] = [];
  const payload: Buffer[] = [];
  let inside: "own" | "other" | undefined;
  for (const line of linesOf(raw.subarray(0, end))) {
    const text = line.toString("latin1");
    if (HEADER.test(text)) inside = text.startsWith(own) ? "own" : "other";
    else if (!text.startsWith(" ")) inside = undefined;
    if (inside === undefined) payload.push(line);
    if (inside === "own") signature.push(text.startsWith(own) ? text.slice(own.length) : text.slice(1));
  }
  if (signature.length === 0) return undefined;
  return { text: signature.join(""), payload: Buffer.concat([...payload, raw.subarray(end)]) };
}

const BEGINNINGS = [
  "-----BEGIN PGP SIGNATURE-----",
  "-----BEGIN PGP MESSAGE-----",
  "-----BEGIN SIGNED MESSAGE-----",
  "-----BEGIN SSH SIGNATURE-----",
];

/** The signature that ends a tag; undefined when none does. */
export function tagSignature(bytes: Uint8Array): GitSignature | undefined {
  const raw = bufferOf(bytes);
  const start = Math.max(...BEGINNINGS.map((beginning) => raw.lastIndexOf(`\n${beginning}`)));
  if (start < headEnd(raw)) return undefined;
  const text = raw.toString("latin1", start + 1);
  return { text, payload: withoutHeaders(raw.subarray(0, start + 1)) };
}

/** What is signed of a tag is without signatures for the other object format, which stand in headers. */
function withoutHeaders(raw: Buffer): Uint8Array {
  const end = headEnd(raw);
  let isInside = false;
  const kept = linesOf(raw.subarray(0, end)).filter((line) => {
    const text = line.toString("latin1");
    isInside = HEADER.test(text) || (isInside && text.startsWith(" "));
    return !isInside;
  });
  return Buffer.concat([...kept, raw.subarray(end)]);
}

/** Where the empty line behind the headers begins. */
function headEnd(raw: Buffer): number {
  const end = raw.indexOf("\n\n");
  return end === -1 ? raw.length : end + 1;
}

/** Lines with their ends. */
function linesOf(raw: Buffer): readonly Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < raw.length;) {
    const end = raw.indexOf("\n", start);
    lines.push(raw.subarray(start, end === -1 ? raw.length : end + 1));
    start = end === -1 ? raw.length : end + 1;
  }
  return lines;
}

function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
